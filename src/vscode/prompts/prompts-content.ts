import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { Versions } from '../../core/versions/versions.ts';
import { CONTEXT_KEYS } from '../host/contributions.ts';
import { createQuietPeriod } from '../host/quiet-period.ts';
import type { MessageRow, PagedTree } from '../shell/paged-tree.ts';
import { markListed } from '../shell/rows/mark-listed.ts';
import type { PromptsViewDeps } from './prompt-files.ts';
import { PromptHistories, type PromptHistory } from './prompt-histories.ts';
import { registerCostDecorations } from './prompt-items.ts';
import { PromptList } from './prompt-list.ts';
import { describePromptFilter, isPartial, type PromptFilter, type PromptSort } from './prompt-tree.ts';
import type { PromptsNode, PromptsRow } from './prompts-node.ts';

/** Files are written slightly before they are in the index. */
const PAUSE_MS = 60;
/** Gives git time to read the histories of the visible rows first. */
const AFTER_ROWS_MS = 250;

interface ContentDeps extends PromptsViewDeps {
  /** The search for files, which has already started. */
  files: Thenable<vscode.Uri[]>;
  /** Called when the view has rows with their git status. */
  onShown(): void;
}

/**
 * The content of the Prompts view, loaded with its first rows: the prompts, each with its versions. File names are shown
 * immediately, the git status is added when it is available, and a history is read when its prompt is expanded.
 */
export class PromptsContent implements vscode.Disposable {
  readonly #deps: ContentDeps;
  readonly #tree: PagedTree<PromptsRow>;
  readonly #list: PromptList;
  readonly #histories = new PromptHistories();
  // loading core would block the thread while VS Code requests the rows of several levels
  readonly #firstRows = createQuietPeriod({ longestMs: 400, quietMs: 40 });
  readonly #listed = markListed(CONTEXT_KEYS.promptsListed);
  readonly #debounce: Debounce;
  readonly #subscriptions: vscode.Disposable;
  /** What changed since the rows were created; `files` if some may have been added or removed. */
  readonly #old = { files: false, histories: false };
  #filter: PromptFilter = {};
  #sort: PromptSort = 'name';
  #isWatching = false;

  constructor(deps: ContentDeps, tree: PagedTree<PromptsRow>) {
    const { workbenches, workspace, watch, log } = deps;
    this.#deps = deps;
    this.#tree = tree;
    this.#firstRows.begin();
    this.#debounce = new Debounce((error) => log.error('Could not read the prompts', error));
    this.#list = new PromptList({ ...deps, afterRows: this.#firstRows.ended, onStatus: () => this.#onStatus() });
    const refresh = () => this.refresh();
    this.#subscriptions = vscode.Disposable.from(
      this.#debounce,
      this.#list,
      registerCostDecorations(),
      // a new version is shown first, because the user waits for it
      watch.onDidChange(() => this.#askLater(this.#refreshHistories() ? AFTER_ROWS_MS : 0)),
      workspace.onDidChange((paths) => paths && this.#onFiles(paths)),
      vscode.workspace.onDidSaveTextDocument(({ fileName }) => {
        if (fileName.endsWith('.prompt')) void this.#onFiles([fileName]);
      }),
      workbenches.onRunsChanged(() => this.#onResults()),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    );
  }

  async rows(parent: PromptsNode | undefined): Promise<PromptsNode[]> {
    if (parent?.kind === 'folder') {
      this.#firstRows.note();
      return this.#list.nodesOf(parent.children);
    }
    if (parent?.kind === 'prompt') return this.#readVersions(parent.entry.file);
    return parent ? [] : this.#readRoots();
  }

  /** The next `rows` returns one more page of a file's history. */
  more(file: string): void {
    this.#histories.more(file);
  }

  /** The row was collapsed. */
  fold(row: PromptsNode): void {
    if (row.kind === 'prompt') this.#histories.forget(row.entry.file);
  }

  get filter(): PromptFilter {
    return this.#filter;
  }

  setFilter(filter: PromptFilter): void {
    this.#filter = filter;
    const isFiltered = describePromptFilter(filter) !== undefined;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.promptsFiltered, isFiltered);
    void this.#tree.refresh();
  }

  get sort(): PromptSort {
    return this.#sort;
  }

  setSort(sort: PromptSort): void {
    this.#sort = sort;
    this.#list.invalidate();
    void this.#tree.refresh();
  }

  /** The labels of prompts in this window, for the filter. */
  get labels(): string[] {
    return this.#list.labels();
  }

  refresh(): void {
    this.#old.files = true;
    this.#askLater(PAUSE_MS);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #readRoots(): Promise<PromptsNode[]> {
    const nodes = await this.#list.roots(this.#filter, this.#sort);
    this.#firstRows.note();
    const description = describePromptFilter(this.#filter);
    this.#listed(nodes, description);
    const hasPrompts = nodes.some(({ kind }) => kind !== 'message');
    this.#tree.setMessage(description && hasPrompts ? `Filter: ${description}` : undefined);
    this.#tree.view.description = this.#sort === 'name' ? undefined : SORT_DESCRIPTIONS[this.#sort];
    return nodes;
  }

  async #readVersions(file: string): Promise<PromptsNode[]> {
    const { versions } = await this.#deps.workbenches.for(vscode.Uri.file(file));
    const root = this.#list.repositoryRoot(file) ?? (await rootOf(versions));
    if (root === undefined) return [];
    const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
    return historyRows(await this.#histories.read(versions, file, open?.getText()), { file, root });
  }

  #onStatus(): void {
    void this.#tree.refresh().then(this.#deps.onShown);
    if (!vscode.workspace.isTrusted || this.#isWatching) return;
    this.#isWatching = true;
    // the index watches the files. It is created after the first rows, so that they do not wait for it. One refresh
    // picks up changes in between
    const { workspace, log } = this.#deps;
    workspace.index().then(
      () => this.refresh(),
      (error: unknown) => log.error('Could not read the prompts', error),
    );
  }

  /** Reads the expanded histories again. True if there are any. */
  #refreshHistories(): boolean {
    this.#histories.invalidate();
    this.#old.histories = false;
    const prompts = this.#tree.unfolded().filter(({ kind }) => kind === 'prompt');
    void this.#tree.refreshUnder(prompts);
    return prompts.length > 0;
  }

  /** Reads the git status again. Rows are only recreated if they may have changed. */
  #askLater(pauseMs: number): void {
    this.#debounce.schedule(() => {
      const { files, histories } = this.#old;
      if (files) this.#histories.invalidate();
      else if (histories) this.#refreshHistories();
      this.#list.invalidate({ files });
      Object.assign(this.#old, { files: false, histories: false });
      if (this.#tree.view.visible && !files) this.#list.askAgain();
      else void this.#tree.refresh();
    }, pauseMs);
  }

  /** The results of versions changed, but not the list of prompts. */
  #onResults(): void {
    this.#old.histories = true;
    this.#askLater(PAUSE_MS);
  }

  async #onFiles(paths: readonly string[]): Promise<void> {
    const there = new Set((await this.#deps.workspace.index()).prompts().map(({ path }) => path));
    if (paths.every((file) => isPartial(file) || (there.has(file) && this.#list.has(file)))) this.#onResults();
    else this.refresh();
  }
}

const SORT_DESCRIPTIONS: Record<Exclude<PromptSort, 'name'>, string> = {
  changed: 'by last change',
  cost: 'by cost',
  quality: 'by quality',
};

function historyRows(history: PromptHistory, { file, root }: { file: string; root: string }): PromptsNode[] {
  const { working, rows, more, truncatedByShallowClone, broken } = history;
  const nodes: PromptsNode[] = [];
  if (working.kind !== 'clean') nodes.push({ kind: 'working', file, state: working });
  nodes.push(...rows.map((row, place): PromptsNode => ({ kind: 'version', file, root, row, place })));
  if (more) nodes.push({ kind: 'more', list: file });
  else if (truncatedByShallowClone) nodes.push(shallowRow(file));
  return [...nodes, ...broken.map(brokenRow)];
}

function brokenRow({ ref, message, hint }: BrokenRef): MessageRow {
  return { kind: 'message', id: `broken:${ref}`, text: `${message} ${hint}`, icon: 'warning' };
}

async function rootOf(versions: Versions): Promise<string | undefined> {
  const state = await versions.state();
  return state.kind === 'ready' ? state.repository.root : undefined;
}

function shallowRow(file: string): MessageRow {
  const text = 'Older versions are not in this shallow clone. Run git fetch --unshallow to get them';
  return { kind: 'message', id: `shallow:${file}`, text, icon: 'info' };
}
