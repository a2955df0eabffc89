import type { RowList, RowPlaces } from '../../../src/protocol/row-places.ts';
import { createObservable } from '../observable.ts';
import { createRowPages, type RowPages } from './row-pages.ts';
import { NO_ROWS, type RowSelection } from './row-selection.ts';
import type { CellPlace } from './table-key.ts';
import type { TableHandle } from './use-visible-cells.ts';

/** A list that the host opened, and its rows as far as they were read. */
export interface OpenList<Row> {
  list: number;
  count: number;
  pages: RowPages<Row | null>;
}

interface TableListOptions<Row, List extends RowList<Row>> {
  /** Opens a list in the current order. Undefined if it failed. `shown` is the list of the places. */
  open(request: { shown: number; places: RowPlaces }): Promise<List | undefined>;
  /** Undefined if another list was opened since. */
  read(list: number, from: number, count: number): Promise<readonly (Row | null)[] | undefined>;
  /** Called before the rows of a new list are shown. */
  onList?(list: List): void;
}

/** The current list of a table whose rows the host has in order, with the selected rows and the active cell. */
export function createTableList<Row, List extends RowList<Row> = RowList<Row>>({
  open,
  read: readRows,
  onList,
}: TableListOptions<Row, List>) {
  /** Undefined until the first list is open. */
  const list = createObservable<OpenList<Row> | undefined>(undefined);
  /** The number of pages read, to render rows again. */
  const read = createObservable(0);
  const selection = createObservable<RowSelection>(NO_ROWS);
  const active = createObservable<CellPlace>({ row: 0, column: 0 });
  const table: { current: TableHandle | null } = { current: null };
  let turn = 0;

  const pagesOf = (opened: List) =>
    createRowPages<Row | null>({
      count: opened.count,
      first: opened.first,
      read: (from, amount) => readRows(opened.list, from, amount),
      onRows: () => read.update((turns) => turns + 1),
    });

  /**
   * `stay`: visible rows keep their place, unless they are the newest. False if it failed, or another list was requested
   * in the meantime.
   */
  async function openList({ stay }: { stay: boolean }): Promise<boolean> {
    turn += 1;
    const mine = turn;
    const first = stay ? (table.current?.firstRow() ?? 0) : 0;
    const places: RowPlaces = {
      selection: selection.get(),
      active: active.get().row < 0 ? undefined : active.get().row,
      first: first > 0 ? first : undefined,
    };
    const opened = await open({ shown: list.get()?.list ?? 0, places });
    if (!opened || mine !== turn) return false;
    const top = first > 0 ? (opened.places.first ?? first) : 0;
    onList?.(opened);
    list.set({ list: opened.list, count: opened.count, pages: pagesOf(opened) });
    selection.set(opened.places.selection);
    active.update((cell) =>
      cell.row < 0 ? cell : { ...cell, row: opened.places.active ?? Math.min(top, opened.count) },
    );
    table.current?.scrollToRow(top);
    return true;
  }

  return { list, read, selection, active, table, openList };
}
