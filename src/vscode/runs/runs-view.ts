import path from 'node:path';
import * as vscode from 'vscode';
import { toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { RunFilter, RunSummary } from '../../core/store/store.ts';
import { CONTEXT_KEYS, VIEWS } from '../host/contributions.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { focusedRow } from '../shell/rows/focused-row.ts';
import { markListed } from '../shell/rows/mark-listed.ts';

const PAGE = 100;

/** A row of the Runs view: a day, a run, "more", or a line that says what went wrong. */
export type RunsNode =
  | { kind: 'day'; label: string; runs: RunSummary[] }
  | { kind: 'run'; run: RunSummary }
  | { kind: 'more' }
  | { kind: 'message'; text: string };

export interface RunsView extends vscode.Disposable {
  filter(): RunFilter;
  setFilter(filter: RunFilter): void;
  refresh(): void;
  /** The row that has the keyboard's focus. Only for keys that are bound to the focus of this view. */
  focused(): Promise<RunsNode | undefined>;
}

export function runOf(target: unknown): RunSummary | undefined {
  const node = target as RunsNode | undefined;
  return node?.kind === 'run' ? node.run : undefined;
}

export function registerRunsView({ workbenches, log }: { workbenches: Workbenches; log: Log }): RunsView {
  const changed = new vscode.EventEmitter<RunsNode | undefined>();
  let filter: RunFilter = {};
  let pages = 1;
  let timer: NodeJS.Timeout | undefined;
  /** What VS Code is about to ask for. */
  let ready: RunsNode[] | undefined;
  let turn = 0;

  const listed = markListed(CONTEXT_KEYS.runsListed);
  const provider: vscode.TreeDataProvider<RunsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: async (node) => (await import('./runs-items.ts')).toRunsItem(node),
    async getChildren(node) {
      if (node?.kind === 'day') return node.runs.map((run): RunsNode => ({ kind: 'run', run }));
      if (node || !vscode.workspace.isTrusted) return [];
      if (!(await workbenches.hasHistory())) {
        listed();
        return [];
      }
      const nodes = ready ?? (await readDays());
      ready = undefined;
      const words = describeFilter(filter);
      if (nodes.length === 0 && !words) listed();
      // A view with a message shows no welcome text, which here offers to clear the filter.
      view.message = words && nodes.length > 0 ? `Filter: ${words}` : undefined;
      view.description = await describeStore(workbenches);
      return nodes;
    },
  };
  const view = vscode.window.createTreeView(VIEWS.runs, { treeDataProvider: provider, showCollapseAll: true });
  const readDays = () => days(workbenches, log, { filter, limit: PAGE * pages });
  /** VS Code forgets the rows when it is told to renew them, and a menu that is open loses its own: they are read before. */
  const renew = async () => {
    turn += 1;
    const mine = turn;
    const canRead = view.visible && vscode.workspace.isTrusted && (await workbenches.hasHistory());
    const rows = canRead ? await readDays() : undefined;
    if (mine !== turn) return; // another filter was chosen meanwhile
    ready = rows;
    changed.fire(undefined);
  };
  // Several runs start and end together: one look at the database for all of them.
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void renew(), 100);
  };
  const more = vscode.commands.registerCommand('llmops.runs.showMore', () => {
    pages++;
    refresh();
  });
  const subscriptions = vscode.Disposable.from(
    view,
    changed,
    more,
    workbenches.onRunsChanged(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    { dispose: () => clearTimeout(timer) },
  );
  return {
    filter: () => filter,
    setFilter(next) {
      filter = next;
      pages = 1;
      const words = describeFilter(next);
      void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.runsFiltered, Boolean(words));
      refresh();
    },
    refresh,
    focused: () => focusedRow(view),
    dispose: () => subscriptions.dispose(),
  };
}

async function days(
  workbenches: Workbenches,
  log: Log,
  { filter, limit }: { filter: RunFilter; limit: number },
): Promise<RunsNode[]> {
  try {
    const workbench = await workbenches.for();
    const store = await workbench.store();
    const runs = await store.listRuns({ filter, limit: limit + 1 });
    const shown = runs.slice(0, limit);
    const byDay = Map.groupBy(shown, (run) => dayLabel(run.startedAt));
    const nodes = [...byDay].map(([label, ofDay]): RunsNode => ({ kind: 'day', label, runs: ofDay }));
    return runs.length > limit ? [...nodes, { kind: 'more' }] : nodes;
  } catch (error) {
    log.error('The run history could not be read', error);
    const { message, hint } = toErrorInfo(error);
    return [{ kind: 'message', text: hint ? `${message} ${hint}` : message }];
  }
}

/** “sample · 1,204 runs, 5.2 MB”: what the history holds, and what it takes on disk. */
async function describeStore(workbenches: Workbenches): Promise<string | undefined> {
  try {
    const { runs, sizeBytes } = await (await (await workbenches.for()).store()).status();
    const size = `${runs.toLocaleString('en')} ${runs === 1 ? 'run' : 'runs'}, ${(sizeBytes / 1_000_000).toFixed(1)} MB`;
    return [workbenches.folderLabel(), size].filter(Boolean).join(' · ');
  } catch {
    return workbenches.folderLabel(); // the rows say what is wrong with the history
  }
}

function dayLabel(time: number): string {
  const date = new Date(time);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return 'Today';
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return date.toLocaleDateString(undefined, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' });
}

/** The filter in words; undefined where nothing is filtered. */
export function describeFilter(filter: RunFilter): string | undefined {
  const parts = [
    filter.promptPath && path.basename(filter.promptPath),
    filter.model,
    filter.state,
    filter.rating && (filter.rating === 'any' ? 'rated' : `thumbs ${filter.rating}`),
    filter.since !== undefined && `since ${new Date(filter.since).toLocaleDateString()}`,
    filter.search && `“${filter.search}”`,
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : undefined;
}
