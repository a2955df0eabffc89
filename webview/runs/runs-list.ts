import type { RowPlaces, RunRow, RunSort, RunsEvent, RunsMethods, RunsSnapshot } from '../../src/protocol/runs.ts';
import type { Follower } from '../shared/follower.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import { createRowPages, type RowPages } from '../shared/table/row-pages.ts';
import { NO_ROWS, type RowSelection } from '../shared/table/row-selection.ts';
import type { TableHandle } from '../shared/table/table.tsx';
import type { ColumnWidths } from '../shared/table/table-column.ts';
import type { CellPlace } from '../shared/table/table-key.ts';
import { type RunsFilter, toRunFilter } from './runs-filter.ts';

export type RunsFollower = Follower<RunsSnapshot, RunsEvent, RunsMethods>;

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

/** The number of rows that are read before a list is shown: as many as fit on a high screen. */
const FIRST_ROWS = 60;

/** The current list of the table, with the selected rows and the active cell. */
export function createRunsList({ rpc, call }: RunsFollower, view: Observable<RunsViewState>) {
  /** Undefined until the first list is open. */
  const list = createObservable<OpenList | undefined>(undefined);
  /** The number of pages read, to render rows again. */
  const read = createObservable(0);
  const selection = createObservable<RowSelection>(NO_ROWS);
  const active = createObservable<CellPlace>({ row: 0, column: 0 });
  const table: { current: TableHandle | null } = { current: null };
  let turn = 0;

  const pagesOf = (opened: { list: number; count: number }) =>
    createRowPages<RunRow | null>({
      count: opened.count,
      read: (from, amount) => rpc.call('rows.read', { list: opened.list, from, count: amount }),
      onRows: () => read.update((turns) => turns + 1),
    });

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
    const { filter, sort } = view.get();
    const answer = await call('list.open', { filter: toRunFilter(filter, new Date()), sort, shown, places });
    if (!answer) return false;
    const opened = answer.value;
    const pages = pagesOf(opened);
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

  return { list, read, selection, active, table, openList };
}
