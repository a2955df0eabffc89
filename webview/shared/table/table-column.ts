import type { ComponentChildren } from 'preact';

/** One column of a table. `Row` is the data of a row, defined by the owner of the table. */
export interface TableColumn<Row> {
  id: string;
  title: string;
  /** Shown in place of the title, which stays the name of the column. */
  head?: { first: string; second: string | undefined };
  /** The initial width in pixels. */
  width: number;
  /** Figures are aligned at the end, so that their digits line up. */
  align?: 'start' | 'end';
  /** The first columns can stay in view when the others scroll sideways, see `countPinned`. */
  isPinned?: boolean;
  /** The sort direction of the first click on its header. Undefined if the table cannot be sorted by it. */
  firstSort?: SortDirection;
  cell(row: Row): ComponentChildren;
  /** The tooltip, if it has more than the cell. */
  hint?(row: Row): string | undefined;
}

type SortDirection = 'ascending' | 'descending';

export interface TableSort {
  column: string;
  direction: SortDirection;
}

/** The widths that the user has changed, by column ID. */
export type ColumnWidths = Readonly<Record<string, number>>;

/** The classes of a cell at this place, in a row or in the header. */
export function cellClass(
  { align = 'start' }: Pick<TableColumn<never>, 'align'>,
  index: number,
  { pinned, active }: { pinned: number; active: number | undefined },
): string {
  const classes = [
    'table-cell',
    align,
    index < pinned && 'pinned',
    index === pinned - 1 && 'last',
    index === active && 'active',
  ];
  return classes.filter(Boolean).join(' ');
}

const LINE_HEIGHT = 18;

/** A header of one line, or of two. */
export function headHeight(columns: readonly Pick<TableColumn<never>, 'head'>[]): number {
  return 26 + (columns.some(({ head }) => head?.second !== undefined) ? LINE_HEIGHT : 0);
}

const MIN_WIDTH = 40;
const MAX_WIDTH = 800;

export function columnWidth({ id, width }: { id: string; width: number }, widths: ColumnWidths): number {
  return widths[id] ?? width;
}

/** The width of the check boxes, which always stay in view. */
export const CHECK_WIDTH = 28;

/** The others need room to scroll in. */
const PINNED_SHARE = 2 / 3;

/** How many of the first columns stay in view in a table of this width: those with `isPinned` that leave room for others. */
export function countPinned(
  columns: readonly { id: string; width: number; isPinned?: boolean }[],
  widths: ColumnWidths,
  room: number,
): number {
  let end = CHECK_WIDTH;
  const first = columns.findIndex((column) => {
    end += columnWidth(column, widths);
    return column.isPinned !== true || end > room * PINNED_SHARE;
  });
  return first < 0 ? columns.length : first;
}

export function limitWidth(width: number): number {
  return Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)));
}

/** The sort order after a click on a header: the column's first direction, then the opposite one. */
export function nextSort(
  { id, firstSort }: { id: string; firstSort?: SortDirection },
  sort: TableSort | undefined,
): TableSort | undefined {
  if (!firstSort) return sort;
  if (sort?.column !== id) return { column: id, direction: firstSort };
  return { column: id, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}
