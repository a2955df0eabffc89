import type {
  RowPlaces,
  RunDay,
  RunRow,
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
import { createObservable } from '../shared/observable.ts';
import { createPanelContext } from '../shared/panel-context.ts';
import { createRowPages, type RowPages } from '../shared/table/row-pages.ts';
import { countSelected, NO_ROWS, type RowSelection } from '../shared/table/row-selection.ts';
import type { TableHandle } from '../shared/table/table.tsx';
import type { ColumnWidths } from '../shared/table/table-column.ts';
import type { CellPlace } from '../shared/table/table-key.ts';
import { type RunsFilter, toRunFilter } from './runs-filter.ts';

/** How the panel is shown. VS Code stores it across window reloads. */
export interface RunsViewState {
  filter: RunsFilter;
  sort: RunSort;
  widths: ColumnWidths;
  charts: boolean;
}

/** A list that the host opened, and its rows as far as they were read. */
export interface OpenList {
  list: number;
  count: number;
  pages: RowPages<RunRow | null>;
}

const INITIAL_VIEW_STATE: RunsViewState = {
  filter: {},
  sort: { by: 'started', descending: true },
  widths: {},
  charts: false,
};

/** The number of rows that are read before a list is shown: as many as fit on a high screen. */
const FIRST_ROWS = 60;

const READS: readonly string[] = ['list.open', 'days.read', 'choices.read'] satisfies (keyof RunsMethods)[];

/** The webview's side of the table: the host sorts the runs, and rows are read when they become visible. */
export function createRuns(channel: Channel<RunsEvent>, saved: Partial<RunsViewState> = {}) {
  const follower = createFollower<RunsSnapshot, RunsSnapshot, RunsEvent, RunsMethods>(channel, {
    stateOf: (snapshot) => snapshot,
    // after a change, the table reads its data again
    reduce: (before) => before,
    onEvent: () => void refresh(),
    keepsFailure: (method) => READS.includes(method),
  });
  const { state, failure, rpc, call } = follower;
  const view = createObservable<RunsViewState>({ ...INITIAL_VIEW_STATE, ...saved });
  /** Undefined until the first list is open. */
  const list = createObservable<OpenList | undefined>(undefined);
  /** The number of pages read, to render rows again. */
  const read = createObservable(0);
  const selection = createObservable<RowSelection>(NO_ROWS);
  const active = createObservable<CellPlace>({ row: 0, column: 0 });
  const choices = createObservable<RunsChoices>({ models: [], prompts: [] });
  /** Undefined until the charts are first shown. */
  const days = createObservable<RunDay[] | undefined>(undefined);
  const table: { current: TableHandle | null } = { current: null };
  let turn = 0;

  const filterNow = () => toRunFilter(view.get().filter, new Date());

  /**
   * `stay`: visible rows keep their place, unless they are the newest. False if it failed, or another list was requested
   * in the meantime.
   */
  async function openList({ stay }: { stay: boolean }): Promise<boolean> {
    turn += 1;
    const mine = turn;
    const first = table.current?.firstRow() ?? 0;
    const shown = list.get()?.list ?? 0;
    const places: RowPlaces = { selection: selection.get(), active: active.get().row, first };
    if (active.get().row < 0) places.active = undefined;
    const answer = await call('list.open', { filter: filterNow(), sort: view.get().sort, shown, places });
    if (!answer) return false;
    const opened = answer.value;
    const pages = createRowPages<RunRow | null>({
      count: opened.count,
      read: (from, amount) => rpc.call('rows.read', { list: opened.list, from, count: amount }),
      onRows: () => read.update((turns) => turns + 1),
    });
    const top = stay && first > 0 ? (opened.places.first ?? first) : 0;
    await pages.show(top, top + FIRST_ROWS);
    if (mine !== turn) return false;
    list.set({ list: opened.list, count: opened.count, pages });
    selection.set(opened.places.selection);
    active.update((cell) =>
      cell.row < 0 ? cell : { ...cell, row: opened.places.active ?? Math.min(top, opened.count) },
    );
    table.current?.scrollToRow(top);
    return true;
  }

  async function readDays(): Promise<void> {
    const answer = view.get().charts && (await call('days.read', { filter: filterNow() }));
    if (answer) days.set(answer.value);
  }

  async function readChoices(): Promise<void> {
    const answer = await call('choices.read', undefined);
    if (answer) choices.set(answer.value);
  }

  /** Runs were recorded in the meantime. */
  async function refresh(): Promise<void> {
    if (list.get() && (await openList({ stay: true }))) await Promise.all([readDays(), readChoices()]);
  }

  async function show(change: Partial<RunsViewState>): Promise<void> {
    view.update((before) => ({ ...before, ...change }));
    failure.set(undefined);
    const isOpen = await openList({ stay: false });
    if (!isOpen || !change.filter) return;
    announce(formatCount(list.get()?.count ?? 0, 'run'));
    await readDays();
  }

  const selected = () => ({ list: list.get()?.list ?? 0, ranges: selection.get() });
  return {
    ...{ view, list, read, selection, active, choices, days, state, failure, table },
    async start() {
      await follower.start();
      if (state.get() && (await openList({ stay: false }))) await Promise.all([readDays(), readChoices()]);
    },
    setFilter: (filter: RunsFilter) => show({ filter }),
    setSort: (sort: RunSort) => show({ sort }),
    showCharts(charts: boolean) {
      view.update((before) => ({ ...before, charts }));
      failure.set(undefined);
      void readDays();
    },
    open: (row: number) => void call('run.open', { list: list.get()?.list ?? 0, row }),
    compare: () => void (countSelected(selection.get()) > 0 && call('runs.compare', selected())),
    exportRuns: (format: RunsExportFormat) => void call('runs.export', { ...selected(), format }),
    act: (action: RunsMethods['action.run']['params']) => void call('action.run', action),
  };
}

export const [RunsProvider, useRuns] = createPanelContext<ReturnType<typeof createRuns>>();
