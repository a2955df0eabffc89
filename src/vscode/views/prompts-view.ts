import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Versions } from '../../core/versions/versions.ts';
import type { RepositoryWatch } from '../adapters/repository-watch.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { CONTEXT_KEYS, VIEWS } from '../contributions.ts';
import type { PromptWorkspace } from '../language/prompt-workspace.ts';
import { createPromptHistories, type PromptHistories } from './prompt-histories.ts';
import { type PromptsNode, registerCostDecorations, toPromptsItem } from './prompt-items.ts';
import { createPromptList } from './prompt-list.ts';
import { describePromptFilter, type PromptFilter, type PromptSort } from './prompt-tree.ts';

export interface PromptsView extends vscode.Disposable {
  filter(): PromptFilter;
  setFilter(filter: PromptFilter): void;
  sort(): PromptSort;
  setSort(sort: PromptSort): void;
  /** Labels that prompts of this window have, for the filter. */
  labels(): string[];
  refresh(): void;
}

export interface PromptsViewDeps {
  workbenches: Workbenches;
  workspace: PromptWorkspace;
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
  const changed = new vscode.EventEmitter<PromptsNode | undefined>();
  const histories = createPromptHistories();
  const list = createPromptList({ workbenches, workspace, watch, log, onFacts: () => changed.fire(undefined) });
  let filter: PromptFilter = {};
  let sort: PromptSort = 'name';
  let timer: NodeJS.Timeout | undefined;

  const provider: vscode.TreeDataProvider<PromptsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: toPromptsItem,
    async getChildren(node) {
      if (node?.kind === 'folder') return list.nodesOf(node.children);
      if (node?.kind === 'prompt') return versionNodes(node.entry.file);
      if (node) return [];
      const nodes = await list.roots(filter, sort);
      const words = describePromptFilter(filter);
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

  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      histories.invalidate();
      list.invalidate();
      changed.fire(undefined);
    }, PAUSE_MS);
  };
  /** What is unfolded first: the new version is what somebody waits for. The other questions follow. */
  const onGit = () => {
    const rows = histories.shown().map((file) => list.nodeOf(file));
    histories.invalidate();
    for (const row of rows) changed.fire(row);
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        list.invalidate({ files: false });
        changed.fire(undefined);
      },
      rows.length > 0 ? AFTER_ROWS_MS : 0,
    );
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
    view.onDidCollapseElement(({ element }) => element.kind === 'prompt' && histories.forget(element.entry.file)),
    vscode.commands.registerCommand('llmops.prompts.showMore', (node: PromptsNode) => {
      if (node.kind !== 'more') return;
      histories.more(node.file);
      changed.fire(list.nodeOf(node.file));
    }),
    watch.onDidChange(onGit),
    workspace.onDidChange((paths) => paths && refresh()),
    vscode.workspace.onDidSaveTextDocument(({ fileName }) => fileName.endsWith('.prompt') && refresh()),
    workbenches.onRunsChanged(refresh),
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
  const versions = await (await workbenches.for(vscode.Uri.file(file))).versions();
  const root = known ?? (await rootOf(versions));
  if (root === undefined) return [];
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
  const { working, rows, more, truncatedByShallowClone } = await histories.read(versions, file, open?.getText());
  const nodes: PromptsNode[] = [];
  if (working && working.kind !== 'clean') nodes.push({ kind: 'working', file, state: working });
  nodes.push(...rows.map((row, place): PromptsNode => ({ kind: 'version', file, root, row, place })));
  if (more) nodes.push({ kind: 'more', file });
  else if (truncatedByShallowClone) nodes.push(shallowNode(file));
  return nodes;
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
