import type {
  RunDay,
  RunSort,
  RunsChoices,
  RunsEvent,
  RunsExportFormat,
  RunsMethods,
  RunsSnapshot,
} from '../../src/protocol/runs.ts';
import { formatCount } from '../../src/shared/format.ts';
import { type Channel, createFollower } from '../shared/follower.ts';
import { announce } from '../shared/frame/live-region.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import { createPanelContext } from '../shared/panel-context.ts';
import { countSelected } from '../shared/table/row-selection.ts';
import { type RunsFilter, toRunFilter } from './runs-filter.ts';
import { createRunsList, type RunsFollower, type RunsViewState } from './runs-list.ts';

const INITIAL_VIEW_STATE: RunsViewState = {
  filter: {},
  sort: { by: 'started', descending: true },
  widths: {},
  charts: false,
};

const READS: readonly string[] = ['list.open', 'days.read', 'choices.read'] satisfies (keyof RunsMethods)[];

function followRuns(channel: Channel<RunsEvent>, refresh: () => void): RunsFollower {
  return createFollower<RunsSnapshot, RunsSnapshot, RunsEvent, RunsMethods>(channel, {
    stateOf: (snapshot) => snapshot,
    // after a change, the table reads its data again
    reduce: (before) => before,
    onEvent: refresh,
    // the list is opened beside the snapshot
    onMissed: refresh,
    keepsFailure: (method) => READS.includes(method),
  });
}

/** The webview's side of the table: the host sorts the runs, and rows are read when they become visible. */
export function createRuns(channel: Channel<RunsEvent>, saved: Partial<RunsViewState> = {}) {
  const follower = followRuns(channel, () => void refresh());
  const { state, failure, call } = follower;
  const view = createObservable<RunsViewState>({ ...INITIAL_VIEW_STATE, ...saved });
  const { openList, ...rows } = createRunsList(follower, view);
  const { list, selection } = rows;
  const overview = createOverview(follower, view);

  /** Runs were recorded in the meantime. */
  async function refresh(): Promise<void> {
    if (await openList({ stay: true })) await overview.readAll();
  }

  async function show(change: Partial<RunsViewState>): Promise<void> {
    view.update((before) => ({ ...before, ...change }));
    failure.set(undefined);
    const isOpen = await openList({ stay: false });
    if (!isOpen || !change.filter) return;
    announce(formatCount(list.get()?.count ?? 0, 'run'));
    await overview.readDays();
  }

  const selected = () => ({ list: list.get()?.list ?? 0, ranges: selection.get() });
  return {
    ...rows,
    ...{ view, state, failure, choices: overview.choices, days: overview.days },
    async start() {
      const [, isOpen] = await Promise.all([follower.start(), openList({ stay: false })]);
      if (isOpen) await overview.readAll();
    },
    setFilter: (filter: RunsFilter) => show({ filter }),
    setSort: (sort: RunSort) => show({ sort }),
    showCharts(charts: boolean) {
      view.update((before) => ({ ...before, charts }));
      failure.set(undefined);
      void overview.readDays();
    },
    open: (row: number) => void call('run.open', { list: list.get()?.list ?? 0, row }),
    compare: () => void (countSelected(selection.get()) > 0 && call('runs.compare', selected())),
    exportRuns: (format: RunsExportFormat) => void call('runs.export', { ...selected(), format }),
    act: (action: RunsMethods['action.run']['params']) => void call('action.run', action),
  };
}

/** What the charts and the filter's menus show. */
function createOverview({ call }: RunsFollower, view: Observable<RunsViewState>) {
  const choices = createObservable<RunsChoices>({ models: [], prompts: [] });
  /** Undefined until the charts are first shown. */
  const days = createObservable<RunDay[] | undefined>(undefined);

  async function readDays(): Promise<void> {
    const { charts, filter } = view.get();
    const answer = charts && (await call('days.read', { filter: toRunFilter(filter, new Date()) }));
    if (answer) days.set(answer.value);
  }

  async function readChoices(): Promise<void> {
    const answer = await call('choices.read', undefined);
    if (answer) choices.set(answer.value);
  }

  const readAll = () => Promise.all([readDays(), readChoices()]);
  return { choices, days, readDays, readAll };
}

export const [RunsProvider, useRuns] = createPanelContext<ReturnType<typeof createRuns>>();
