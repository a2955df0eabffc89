/** Places in a list, both ends included. */
export type RowRanges = readonly (readonly [first: number, last: number])[];

/** Places in a list that are tracked when the next list is opened. */
export interface RowPlaces {
  selection: RowRanges;
  /** The active row, and the first visible row. Undefined if what was there is no longer listed. */
  active: number | undefined;
  first: number | undefined;
}

/** Rows are read in pages of this many, so that a page is either there or not. */
export const ROW_PAGE = 100;

/** As many rows as fit on a high screen. */
const SCREEN_ROWS = 60;

/** A list of rows as of now. Reads by place refer to it by its number, because another list may follow. */
export interface RowList<Row> {
  list: number;
  count: number;
  places: RowPlaces;
  /** The pages that are shown first, so that nothing is blank until another reply arrives. */
  first: { from: number; rows: readonly (Row | null)[] };
}

/** The pages that are on the screen if this is the first visible row. */
export function firstPages(first: number, count: number): { from: number; count: number } {
  const from = Math.floor(Math.min(first, Math.max(0, count - 1)) / ROW_PAGE) * ROW_PAGE;
  const end = Math.ceil((first + SCREEN_ROWS) / ROW_PAGE) * ROW_PAGE;
  return { from, count: Math.max(0, Math.min(count, end) - from) };
}
