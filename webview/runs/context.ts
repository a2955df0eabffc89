import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ErrorInfo } from '../../src/protocol/rpc.ts';
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
import { errorOf } from '../shared/frame/rpc-client.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
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

export interface RunsContext {
  view: Observable<RunsViewState>;
  /** Undefined until the first list is open. */
  list: Observable<OpenList | undefined>;
  /** The number of pages read, to render rows again. */
  read: Observable<number>;
  selection: Observable<RowSelection>;
  active: Observable<CellPlace>;
  choices: Observable<RunsChoices>;
  /** Undefined until the charts are first shown. */
  days: Observable<RunDay[] | undefined>;
  /** Undefined until the snapshot is received. */
  state: Observable<RunsSnapshot | undefined>;
  /** The last error of the host. */
  failure: Observable<ErrorInfo | undefined>;
  /** The handle of the table. */
  table: { current: TableHandle | null };
  start(): Promise<void>;
  setFilter(filter: RunsFilter): Promise<void>;
  setSort(sort: RunSort): Promise<void>;
  showCharts(shown: boolean): void;
  open(row: number): void;
  compare(): void;
  exportRuns(format: RunsExportFormat): void;
  act(action: RunsMethods['action.run']['params']): void;
}

export const INITIAL_VIEW_STATE: RunsViewState = {
  filter: {},
  sort: { by: 'started', descending: true },
  widths: {},
  charts: false,
};

/** The number of rows that are read before a list is shown: as many as fit on a high screen. */
const FIRST_ROWS = 60;

/** The webview's side of the table: the host sorts the runs, and rows are read when they become visible. */
export function createRuns(channel: Channel<RunsEvent>, saved: Partial<RunsViewState> = {}): RunsContext {
  const { state, failure, rpc, start } = createFollower<RunsSnapshot, RunsSnapshot, RunsEvent, RunsMethods>(channel, {
    stateOf: (snapshot) => snapshot,
    // after a change, the table reads its data again
    reduce: (before) => before,
    onEvent: () => void refresh(),
  });
  const view = createObservable<RunsViewState>({ ...INITIAL_VIEW_STATE, ...saved });
  const list = createObservable<OpenList | undefined>(undefined);
  const read = createObservable(0);
  const selection = createObservable<RowSelection>(NO_ROWS);
  const active = createObservable<CellPlace>({ row: 0, column: 0 });
  const choices = createObservable<RunsChoices>({ models: [], prompts: [] });
  const days = createObservable<RunDay[] | undefined>(undefined);
  const table: RunsContext['table'] = { current: null };
  let turn = 0;

  const filterNow = () => toRunFilter(view.get().filter, new Date());
  const fail = (error: unknown) => {
    const info = errorOf(error);
    if (info.code !== 'cancelled') failure.set(info);
  };
  const attempt = (work: Promise<unknown>) => {
    failure.set(undefined);
    work.catch(fail);
  };

  /** `stay`: visible rows keep their place, unless they are the newest. */
  async function openList({ stay }: { stay: boolean }): Promise<void> {
    turn += 1;
    const mine = turn;
    const first = table.current?.firstRow() ?? 0;
    const shown = list.get()?.list ?? 0;
    const places: RowPlaces = { selection: selection.get(), active: active.get().row, first };
    if (active.get().row < 0) places.active = undefined;
    const opened = await rpc.call('list.open', { filter: filterNow(), sort: view.get().sort, shown, places });
    const pages = createRowPages<RunRow | null>({
      count: opened.count,
      read: (from, amount) => rpc.call('rows.read', { list: opened.list, from, count: amount }),
      onRows: () => read.update((turns) => turns + 1),
    });
    const top = stay && first > 0 ? (opened.places.first ?? first) : 0;
    await pages.show(top, top + FIRST_ROWS);
    if (mine !== turn) return; // another list was requested in the meantime
    list.set({ list: opened.list, count: opened.count, pages });
    selection.set(opened.places.selection);
    active.update((cell) =>
      cell.row < 0 ? cell : { ...cell, row: opened.places.active ?? Math.min(top, opened.count) },
    );
    table.current?.scrollToRow(top);
  }

  async function readDays(): Promise<void> {
    if (view.get().charts) days.set(await rpc.call('days.read', { filter: filterNow() }));
  }

  /** Runs were recorded in the meantime. */
  async function refresh(): Promise<void> {
    if (!list.get()) return;
    try {
      await openList({ stay: true });
      await Promise.all([readDays(), rpc.call('choices.read', undefined).then(choices.set)]);
    } catch (error) {
      fail(error);
    }
  }

  async function show(change: Partial<RunsViewState>): Promise<void> {
    view.update((before) => ({ ...before, ...change }));
    failure.set(undefined);
    try {
      await openList({ stay: false });
      if (change.filter) {
        announce(formatCount(list.get()?.count ?? 0, 'run'));
        await readDays();
      }
    } catch (error) {
      fail(error);
    }
  }

  const selected = () => ({ list: list.get()?.list ?? 0, ranges: selection.get() });
  return {
    ...{ view, list, read, selection, active, choices, days, state, failure, table },
    async start() {
      await start();
      if (!state.get()) return;
      try {
        await openList({ stay: false });
        const [found] = await Promise.all([rpc.call('choices.read', undefined), readDays()]);
        choices.set(found);
      } catch (error) {
        fail(error);
      }
    },
    setFilter: (filter) => show({ filter }),
    setSort: (sort) => show({ sort }),
    showCharts(shown) {
      view.update((before) => ({ ...before, charts: shown }));
      attempt(readDays());
    },
    open(row) {
      attempt(rpc.call('run.open', { list: list.get()?.list ?? 0, row }));
    },
    compare() {
      if (countSelected(selection.get()) > 0) attempt(rpc.call('runs.compare', selected()));
    },
    exportRuns: (format) => attempt(rpc.call('runs.export', { ...selected(), format })),
    act: (action) => attempt(rpc.call('action.run', action)),
  };
}

export const Runs = createContext<RunsContext | undefined>(undefined);

export function useRuns(): RunsContext {
  const context = useContext(Runs);
  if (!context) throw new Error('This view is used outside the panel.');
  return context;
}
