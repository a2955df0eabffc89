import type { ComponentChildren } from 'preact';

/** One column of a table; `Row` is what the table's owner reads for a line. */
export interface TableColumn<Row> {
  id: string;
  title: string;
  /** Before anybody resizes it, in pixels. */
  width: number;
  /** Figures are at the end, so that their digits are below each other. */
  align?: 'start' | 'end';
  /** The direction of the first click on its header; undefined where the table cannot be sorted by it. */
  firstSort?: SortDirection;
  cell(row: Row): ComponentChildren;
  /** More than the cell shows, on hover. */
  hint?(row: Row): string | undefined;
}

export type SortDirection = 'ascending' | 'descending';

export interface TableSort {
  column: string;
  direction: SortDirection;
}

/** The widths that somebody has changed, by the column's id. */
export type ColumnWidths = Readonly<Record<string, number>>;

const NARROWEST = 40;
const WIDEST = 800;

export function columnWidth({ id, width }: { id: string; width: number }, widths: ColumnWidths): number {
  return widths[id] ?? width;
}

export function limitWidth(width: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
}

/** What a click on a header sorts by: the column's own first direction, then the other one. */
export function nextSort(
  { id, firstSort }: { id: string; firstSort?: SortDirection },
  sort: TableSort | undefined,
): TableSort | undefined {
  if (!firstSort) return sort;
  if (sort?.column !== id) return { column: id, direction: firstSort };
  return { column: id, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}
