import path from 'node:path';
import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import { lazy } from '../../core/base/lazy.ts';
import type { Log } from '../../core/base/ports.ts';
import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import type { RunFilter, RunSummary } from '../../core/store/runs/run-record.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import { CONTEXT_KEYS, VIEWS } from '../host/contributions.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { PagedTree, type TreeRow } from '../shell/paged-tree.ts';
import { focusedRow } from '../shell/rows/focused-row.ts';
import { markListed } from '../shell/rows/mark-listed.ts';
import { type Page, PagedList } from '../shell/rows/paged-list.ts';

const PAGE = 100;
const MOST_EVALUATIONS = 200;
/** Several runs start and end together, and the database is read once for all of them. */
const PAUSE_MS = 100;

interface RunCursor {
  startedAt: number;
  id: string;
}

/** An evaluation is one row, however many answers it has. */
export type RunsEntry = { kind: 'run'; run: RunSummary } | { kind: 'evaluation'; result: EvalListed };
export type RunsRow = { kind: 'day'; label: string; entries: RunsEntry[] } | RunsEntry;
/** A row of the Runs view. */
type RunsNode = TreeRow<RunsRow>;

export function runOf(target: unknown): RunSummary | undefined {
  const node = target as RunsNode | undefined;
  return node?.kind === 'run' ? node.run : undefined;
}

interface RunsViewDeps {
  workbenches: Workbenches;
  log: Log;
  /** The view reads nothing before this. */
  after(): Promise<void>;
}

/** The Runs view: the history, newest first, by day. */
export class RunsView implements vscode.Disposable {
  readonly #workbenches: Workbenches;
  readonly #tree: PagedTree<RunsRow>;
  readonly #runs: PagedList<RunSummary, RunCursor>;
  readonly #listed = markListed(CONTEXT_KEYS.runsListed);
  readonly #debounce: Debounce;
  readonly #subscriptions: vscode.Disposable;
  #filter: RunFilter = {};

  constructor({ workbenches, log, after }: RunsViewDeps) {
    this.#workbenches = workbenches;
    this.#debounce = new Debounce((error) => log.error('Could not read the run history', error));
    this.#runs = new PagedList(PAGE, ({ limit, cursor }) => this.#readPage(limit, cursor));
    const items = lazy(() => import('./runs-items.ts'));
    this.#tree = new PagedTree<RunsRow>(VIEWS.runs, {
      log,
      failure: 'Could not read the run history',
      after,
      idOf: runsRowId,
      toItem: async (row) => (await items()).toRunsItem(row),
      more: { command: 'llmops.runs.showMore', read: () => this.#runs.more() },
      rows: (parent) => this.#rows(parent),
    });
    this.#subscriptions = vscode.Disposable.from(
      this.#tree,
      this.#debounce,
      workbenches.onRunsChanged(() => this.refresh()),
      workbenches.onEvaluationsChanged(() => this.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
    );
  }

  filter(): RunFilter {
    return this.#filter;
  }

  setFilter(filter: RunFilter): void {
    this.#filter = filter;
    this.#runs.reset();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.runsFiltered, describeFilter(filter) !== undefined);
    this.refresh();
  }

  refresh(): void {
    this.#runs.invalidate();
    this.#debounce.schedule(() => this.#tree.refresh(), PAUSE_MS);
  }

  /** The row that has the keyboard focus. Only for keybindings that are limited to the focus of this view. */
  focused(): Promise<RunsNode | undefined> {
    return focusedRow(this.#tree.view);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #readPage(limit: number, cursor: RunCursor | undefined): Promise<Page<RunSummary, RunCursor>> {
    const { store } = await this.#workbenches.for();
    // one extra run shows whether more follow
    const found = await store.runs.list({
      filter: this.#filter,
      limit: limit + 1,
      ...(cursor ? { before: cursor } : {}),
    });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last ? { startedAt: last.startedAt, id: last.id } : undefined };
  }

  async #rows(parent: RunsNode | undefined): Promise<RunsNode[]> {
    if (parent?.kind === 'day') return parent.entries;
    if (parent || !vscode.workspace.isTrusted) return [];
    const nodes = await this.#readDays();
    this.#listed(nodes, describeFilter(this.#filter));
    return nodes;
  }

  /** Those since the oldest run that is shown. A filter of runs shows none. */
  async #readEvaluations(since = 0): Promise<RunsEntry[]> {
    const { store } = await this.#workbenches.for();
    const results = await store.evals.list({ limit: MOST_EVALUATIONS });
    return results
      .filter(({ startedAt }) => startedAt >= since)
      .map((result): RunsEntry => ({ kind: 'evaluation', result }));
  }

  async #readDays(): Promise<RunsNode[]> {
    if (!(await this.#workbenches.hasHistory())) return [];
    void (await this.#workbenches.for()).jobs.recover();
    const { items, next } = await this.#runs.load();
    const description = describeFilter(this.#filter);
    // A view with a message shows no welcome text, which here has a button to clear the filter.
    this.#tree.setMessage(description && items.length > 0 ? `Filter: ${description}` : undefined);
    this.#tree.view.description = await describeStore(this.#workbenches);
    const runs = items.map((run): RunsEntry => ({ kind: 'run', run }));
    const evaluations = description ? [] : await this.#readEvaluations(next ? items.at(-1)?.startedAt : undefined);
    const entries = [...runs, ...evaluations].sort((a, b) => startOf(b) - startOf(a));
    const days = [...Map.groupBy(entries, (entry) => dayLabel(startOf(entry)))];
    const nodes = days.map(([label, ofDay]): RunsNode => ({ kind: 'day', label, entries: ofDay }));
    return next ? [...nodes, { kind: 'more', list: 'runs' }] : nodes;
  }
}

function runsRowId(row: RunsRow): string {
  if (row.kind === 'day') return `day:${row.label}`;
  return row.kind === 'run' ? `run:${row.run.id}` : `evaluation:${row.result.id}`;
}

function startOf(entry: RunsEntry): number {
  return entry.kind === 'run' ? entry.run.startedAt : entry.result.startedAt;
}

/** “sample · 1,204 runs, 5.2 MB”: the size of the history, and the disk space that it uses. */
async function describeStore(workbenches: Workbenches): Promise<string | undefined> {
  try {
    const { runs, sizeBytes } = await (await workbenches.for()).store.status();
    const size = `${formatCount(runs, 'run')}, ${formatBytes(sizeBytes)}`;
    return [workbenches.folderLabel(), size].filter(Boolean).join(' · ');
  } catch {
    return workbenches.folderLabel(); // the rows show the error
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

/** Describes the filter. Undefined if nothing is filtered. */
function describeFilter(filter: RunFilter): string | undefined {
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
