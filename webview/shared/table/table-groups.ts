import type { ComponentChildren } from 'preact';

/** Rows below titles that can be folded. */
export interface TableGroups<Row> {
  /** The title of a group, which is one cell across the table; undefined for a row of a group. */
  titleOf(row: Row): ComponentChildren | undefined;
  /** Of the row of a title. */
  isFolded(row: Row): boolean;
  onFold(row: number, isFolded: boolean): void;
  /** Makes the title above this row the active cell. */
  onTitle(row: number): void;
}

/** What the arrow keys do in this row; undefined in a table without groups, and while the row is being read. */
export type GroupPlace = 'folded' | 'unfolded' | 'member' | undefined;

export function groupPlace<Row>(groups: TableGroups<Row> | undefined, row: Row | undefined): GroupPlace {
  if (!groups || row === undefined) return undefined;
  if (groups.titleOf(row) === undefined) return 'member';
  return groups.isFolded(row) ? 'folded' : 'unfolded';
}
