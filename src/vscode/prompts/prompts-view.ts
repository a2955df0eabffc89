import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { Versions } from '../../core/versions/versions.ts';
import { CONTEXT_KEYS, VIEWS } from '../host/contributions.ts';
import type { RepositoryWatch } from '../host/repository-watch.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { type KeptRows, keepRows } from '../shell/rows/keep-rows.ts';
import { markListed } from '../shell/rows/mark-listed.ts';
import { createPromptHistories, type PromptHistories } from './prompt-histories.ts';
import { type PromptsNode, promptsNodeId, registerCostDecorations, toPromptsItem } from './prompt-items.ts';
import { createPromptList, type PromptFiles } from './prompt-list.ts';
import { describePromptFilter, isPartial, type PromptFilter, type PromptSort } from './prompt-tree.ts';

export interface PromptsView extends vscode.Disposable {
  filter(): PromptFilter;
  setFilter(filter: PromptFilter): void;
  sort(): PromptSort;
  setSort(sort: PromptSort): void;
  /** Labels that prompts of this window have, for the filter. */
  labels(): string[];
  refresh(): void;
  /** The rows that are selected, also while VS Code is replacing them. */
  selected(): readonly PromptsNode[];
}

export interface PromptsViewDeps {
  workbenches: Workbenches;
  workspace: PromptFiles;
  watch: RepositoryWatch;
  log: Log;
}

/** Files are on disk a moment before they are in the index. */
const PAUSE_MS = 60;
/** Git has the histories of the rows to read first. */
const AFTER_ROWS_MS = 250;

/**
 * The prompts, and under each its versions. Names of files show at once; what git knows is added when it has answered,
 * and a history is read when its prompt is unfolded.
 */
export function registerPromptsView(deps: PromptsViewDeps): PromptsView {
  const { workbenches, workspace, watch, log } = deps;
  const changed = new vscode.EventEmitter<PromptsNode | PromptsNode[] | undefined>();
  const histories = createPromptHistories();
  const list = createPromptList({ workbenches, workspace, watch, log, onFacts });
  let filter: PromptFilter = {};
  let sort: PromptSort = 'name';
  let timer: NodeJS.Timeout | undefined;
  let isWatching = false;
  /** The versions that stand under each prompt. */
  const shown = new Map<string, PromptsNode[]>();
  let selected: readonly PromptsNode[] = [];

  function onFacts(rows: PromptsNode[] | undefined): void {
    if (rows?.length !== 0) void renew(rows);
    if (!vscode.workspace.isTrusted || isWatching) return;
    isWatching = true;
    // the index watches the files; it is made once rows are there, so that none waits for it, and what changed meanwhile
    // is seen by looking once more
    workspace.index().then(refresh, (error: unknown) => log.error('The prompts could not be read', error));
  }

  const listed = markListed(CONTEXT_KEYS.promptsListed);
  const provider: vscode.TreeDataProvider<PromptsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: toPromptsItem,
    async getChildren(node) {
      if (node?.kind === 'folder') return list.nodesOf(node.children);
      if (node?.kind === 'prompt') return (await readRows(node.entry.file)).rows;
      if (node) return [];
      const nodes = await list.roots(filter, sort);
      const words = describePromptFilter(filter);
      if (nodes.length === 0 && !words) listed();
      view.message = words && nodes.some(({ kind }) => kind !== 'message') ? `Filter: ${words}` : undefined;
      view.description = sort === 'name' ? undefined : SORT_WORDS[sort];
      return nodes;
    },
  };
  const view = vscode.window.createTreeView(VIEWS.prompts, {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
  });

  async function versionNodes(file: string): Promise<PromptsNode[]> {
    try {
      return await readVersions({ workbenches, histories, root: list.repositoryRoot(file) }, file);
    } catch (error) {
      if (!isAbortError(error)) log.error(`The history of ${file} could not be read`, error);
      return [errorNode(file, error)];
    }
  }

  /** What changed since the rows were made; `files` where some may have come or gone. */
  const old = { files: false, histories: false };

  /** The rows under a prompt, those that stood there before as the same objects. */
  async function readRows(file: string): Promise<KeptRows<PromptsNode>> {
    const read = await versionNodes(file);
    const kept = keepRows(shown.get(file) ?? [], read, promptsNodeId);
    shown.set(file, kept.rows);
    return kept;
  }
  /**
   * VS Code forgets the rows under what it is told to renew, and a menu that is open then loses its row, until it has
   * asked for them. So it is told once they are read, and answered at once.
   */
  async function renew(rows: PromptsNode[] | undefined): Promise<void> {
    if (view.visible) {
      if (!rows) await list.entries();
      await Promise.all(histories.shown().map(versionNodes));
    }
    changed.fire(rows);
  }
  /** Histories that are unfolded are read again; true where there are any. */
  function renewHistories(): boolean {
    const files = histories.shown().filter((file) => list.nodeOf(file) !== undefined);
    histories.invalidate();
    old.histories = false;
    if (!view.visible) shown.clear();
    void Promise.all(files.map(renewHistory)).catch((error: unknown) =>
      log.error('The versions could not be read', error),
    );
    return files.length > 0;
  }
  /** Where no row came or went, those that changed are renewed alone: VS Code then forgets none. */
  async function renewHistory(file: string): Promise<void> {
    if (!view.visible) return changed.fire(list.nodeOf(file));
    const before = [...(shown.get(file) ?? [])];
    const { same, changed: others } = await readRows(file);
    if (!same || before.length === 0) changed.fire(list.nodeOf(file));
    else if (others.length > 0) changed.fire(others);
  }
  /** Git is asked again; the rows are made again only where they may be others. */
  function askLater(pauseMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { files } = old;
      if (files) histories.invalidate();
      else if (old.histories) renewHistories();
      list.invalidate({ files });
      old.files = false;
      old.histories = false;
      if (view.visible && !files) list.askAgain();
      else void renew(undefined);
    }, pauseMs);
  }
  function refresh(): void {
    old.files = true;
    askLater(PAUSE_MS);
  }
  /** The new version is what somebody waits for: the other questions follow. */
  const onGit = () => askLater(renewHistories() ? AFTER_ROWS_MS : 0);
  /** Runs change what is known of the versions, not which prompts there are. */
  const onRuns = () => {
    old.histories = true;
    askLater(PAUSE_MS);
  };
  const onFiles = async (paths: readonly string[] | undefined) => {
    if (!paths) return;
    const there = new Set((await workspace.index()).prompts().map(({ path }) => path));
    const isSame = paths.every((path) => isPartial(path) || (there.has(path) && list.nodeOf(path) !== undefined));
    if (!isSame) return refresh();
    old.histories = true;
    askLater(PAUSE_MS);
  };
  const setKey = () =>
    vscode.commands.executeCommand(
      'setContext',
      CONTEXT_KEYS.promptsFiltered,
      describePromptFilter(filter) !== undefined,
    );

  const subscriptions = vscode.Disposable.from(
    view,
    changed,
    list,
    registerCostDecorations(),
    view.onDidChangeSelection(({ selection }) => {
      selected = selection;
    }),
    view.onDidCollapseElement(({ element }) => {
      if (element.kind !== 'prompt') return;
      histories.forget(element.entry.file);
      shown.delete(element.entry.file);
    }),
    vscode.commands.registerCommand('llmops.prompts.showMore', (node: PromptsNode) => {
      if (node.kind !== 'more') return;
      histories.more(node.file);
      const prompt = list.nodeOf(node.file);
      void renew(prompt && [prompt]);
    }),
    watch.onDidChange(onGit),
    workspace.onDidChange(onFiles),
    vscode.workspace.onDidSaveTextDocument(({ fileName }) => fileName.endsWith('.prompt') && onFiles([fileName])),
    workbenches.onRunsChanged(onRuns),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    { dispose: () => clearTimeout(timer) },
  );
  return {
    filter: () => filter,
    setFilter(next) {
      filter = next;
      void setKey();
      changed.fire(undefined);
    },
    sort: () => sort,
    setSort(next) {
      sort = next;
      list.invalidate();
      changed.fire(undefined);
    },
    labels: () => list.labels(),
    selected: () => selected,
    refresh,
    dispose: () => subscriptions.dispose(),
  };
}

const SORT_WORDS: Record<Exclude<PromptSort, 'name'>, string> = {
  changed: 'by last change',
  cost: 'by cost',
  quality: 'by schema validity',
};

interface Reading {
  workbenches: Workbenches;
  histories: PromptHistories;
  /** Known once git has told the folder's state. */
  root: string | undefined;
}

async function readVersions({ workbenches, histories, root: known }: Reading, file: string): Promise<PromptsNode[]> {
  const { versions } = await workbenches.for(vscode.Uri.file(file));
  const root = known ?? (await rootOf(versions));
  if (root === undefined) return [];
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
  const read = await histories.read(versions, file, open?.getText());
  const { working, rows, more, truncatedByShallowClone, broken } = read;
  const nodes: PromptsNode[] = [];
  if (working && working.kind !== 'clean') nodes.push({ kind: 'working', file, state: working });
  nodes.push(...rows.map((row, place): PromptsNode => ({ kind: 'version', file, root, row, place })));
  if (more) nodes.push({ kind: 'more', file });
  else if (truncatedByShallowClone) nodes.push(shallowNode(file));
  nodes.push(...broken.map(brokenNode));
  return nodes;
}

function brokenNode({ ref, message, hint }: BrokenRef): PromptsNode {
  return { kind: 'message', id: `broken:${ref}`, text: `${message} ${hint}`, icon: 'warning' };
}

async function rootOf(versions: Versions): Promise<string | undefined> {
  const state = await versions.state();
  return state.kind === 'ready' ? state.repository.root : undefined;
}

function shallowNode(file: string): PromptsNode {
  const text = 'Older versions are not in this shallow clone (git fetch --unshallow)';
  return { kind: 'message', id: `shallow:${file}`, text, icon: 'info' };
}

function errorNode(file: string, error: unknown): PromptsNode {
  const { message, hint, action } = toErrorInfo(error);
  const command = action
    ? { command: action.command, title: action.title, arguments: action.args ?? [] }
    : { command: 'llmops.log.show', title: 'Show Log' };
  const text = hint ? `${message} ${hint}` : message;
  return { kind: 'message', id: `error:${file}`, text, icon: 'error', color: 'list.errorForeground', command };
}
