import * as vscode from 'vscode';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { Versions } from '../../core/versions/versions.ts';
import { CONTEXT_KEYS } from '../host/contributions.ts';
import { createQuietPeriod } from '../host/quiet-period.ts';
import { Debounce } from '../shell/debounce.ts';
import type { MessageRow, PagedTree } from '../shell/paged-tree.ts';
import { markListed } from '../shell/rows/mark-listed.ts';
import type { PromptsViewDeps } from './prompt-files.ts';
import { createPromptHistories, type PromptHistory } from './prompt-histories.ts';
import { registerCostDecorations } from './prompt-items.ts';
import { createPromptList } from './prompt-list.ts';
import { describePromptFilter, isPartial, type PromptFilter, type PromptSort } from './prompt-tree.ts';
import type { PromptsNode, PromptsRow } from './prompts-node.ts';

/** The content of the view, loaded with its first rows. */
export interface PromptsContent extends vscode.Disposable {
  rows(parent: PromptsNode | undefined): Promise<PromptsNode[]>;
  /** The next `rows` returns one more page of a file's history. */
  more(file: string): void;
  /** The row was collapsed. */
  fold(row: PromptsNode): void;
  filter(): PromptFilter;
  setFilter(filter: PromptFilter): void;
  sort(): PromptSort;
  setSort(sort: PromptSort): void;
  /** The labels of prompts in this window, for the filter. */
  labels(): string[];
  refresh(): void;
}

/** Files are written slightly before they are in the index. */
const PAUSE_MS = 60;
/** Gives git time to read the histories of the visible rows first. */
const AFTER_ROWS_MS = 250;

/**
 * The prompts, each with its versions. File names are shown immediately, the git status is added when it is available,
 * and a history is read when its prompt is expanded.
 */
export function createPromptsContent(
  deps: PromptsViewDeps & { files: Thenable<vscode.Uri[]> },
  tree: PagedTree<PromptsRow>,
): PromptsContent {
  const { workbenches, workspace, watch, log } = deps;
  const histories = createPromptHistories();
  // loading core would block the thread while VS Code requests the rows of several levels
  const firstRows = createQuietPeriod({ longestMs: 400, quietMs: 40 });
  firstRows.begin();
  const list = createPromptList({
    workbenches,
    workspace,
    watch,
    log,
    files: deps.files,
    afterRows: firstRows.ended,
    onStatus,
  });
  const debounce = new Debounce((error) => log.error('Could not read the prompts', error));
  const listed = markListed(CONTEXT_KEYS.promptsListed);
  let filter: PromptFilter = {};
  let sort: PromptSort = 'name';
  let isWatching = false;

  async function readRoots(): Promise<PromptsNode[]> {
    const nodes = await list.roots(filter, sort);
    firstRows.note();
    const description = describePromptFilter(filter);
    if (nodes.length === 0 && !description) listed();
    const { view } = tree;
    view.message = description && nodes.some(({ kind }) => kind !== 'message') ? `Filter: ${description}` : undefined;
    view.description = sort === 'name' ? undefined : SORT_DESCRIPTIONS[sort];
    return nodes;
  }

  async function readVersions(file: string): Promise<PromptsNode[]> {
    const { versions } = await workbenches.for(vscode.Uri.file(file));
    const root = list.repositoryRoot(file) ?? (await rootOf(versions));
    if (root === undefined) return [];
    const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
    return historyRows(await histories.read(versions, file, open?.getText()), { file, root });
  }

  function onStatus(): void {
    void tree.refresh();
    if (!vscode.workspace.isTrusted || isWatching) return;
    isWatching = true;
    // the index watches the files. It is created after the first rows, so that they do not wait for it. One refresh
    // picks up changes in between
    workspace.index().then(refresh, (error: unknown) => log.error('Could not read the prompts', error));
  }

  /** What changed since the rows were created; `files` if some may have been added or removed. */
  const old = { files: false, histories: false };

  /** Reads the expanded histories again. True if there are any. */
  function refreshHistories(): boolean {
    histories.invalidate();
    old.histories = false;
    const prompts = tree.unfolded().filter(({ kind }) => kind === 'prompt');
    void tree.refreshUnder(prompts);
    return prompts.length > 0;
  }
  /** Reads the git status again. Rows are only recreated if they may have changed. */
  function askLater(pauseMs: number): void {
    debounce.schedule(() => {
      const { files } = old;
      if (files) histories.invalidate();
      else if (old.histories) refreshHistories();
      list.invalidate({ files });
      old.files = false;
      old.histories = false;
      if (tree.view.visible && !files) list.askAgain();
      else void tree.refresh();
    }, pauseMs);
  }
  function refresh(): void {
    old.files = true;
    askLater(PAUSE_MS);
  }
  /** A new version is shown first, because the user waits for it. */
  const onGit = () => askLater(refreshHistories() ? AFTER_ROWS_MS : 0);
  /** Runs change the results of versions, but not the list of prompts. */
  const onRuns = () => {
    old.histories = true;
    askLater(PAUSE_MS);
  };
  const onFiles = async (paths: readonly string[] | undefined) => {
    if (!paths) return;
    const there = new Set((await workspace.index()).prompts().map(({ path }) => path));
    if (!paths.every((file) => isPartial(file) || (there.has(file) && list.has(file)))) return refresh();
    onRuns();
  };

  const subscriptions = vscode.Disposable.from(
    debounce,
    list,
    registerCostDecorations(),
    watch.onDidChange(onGit),
    workspace.onDidChange(onFiles),
    vscode.workspace.onDidSaveTextDocument(({ fileName }) => fileName.endsWith('.prompt') && onFiles([fileName])),
    workbenches.onRunsChanged(onRuns),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
  );
  return {
    async rows(parent) {
      if (parent?.kind === 'folder') {
        firstRows.note();
        return list.nodesOf(parent.children);
      }
      if (parent?.kind === 'prompt') return readVersions(parent.entry.file);
      return parent ? [] : readRoots();
    },
    more: (file) => histories.more(file),
    fold: (row) => row.kind === 'prompt' && histories.forget(row.entry.file),
    filter: () => filter,
    setFilter(next) {
      filter = next;
      const isFiltered = describePromptFilter(next) !== undefined;
      void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.promptsFiltered, isFiltered);
      void tree.refresh();
    },
    sort: () => sort,
    setSort(next) {
      sort = next;
      list.invalidate();
      void tree.refresh();
    },
    labels: () => list.labels(),
    refresh,
    dispose: () => subscriptions.dispose(),
  };
}

const SORT_DESCRIPTIONS: Record<Exclude<PromptSort, 'name'>, string> = {
  changed: 'by last change',
  cost: 'by cost',
  quality: 'by schema validity',
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
