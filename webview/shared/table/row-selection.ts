/**
 * The selected rows as sorted, disjoint ranges of places, both ends included: a hundred thousand selected rows are one
 * range, and rows that were never read can be selected too.
 */
export type RowSelection = readonly RowRange[];
export type RowRange = readonly [first: number, last: number];

export const NO_ROWS: RowSelection = [];

export function isSelected(selection: RowSelection, row: number): boolean {
  return selection.some(([first, last]) => row >= first && row <= last);
}

export function countSelected(selection: RowSelection): number {
  return selection.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** All rows between the two, in either order. */
export function rangeOf(from: number, to: number): RowRange {
  return from <= to ? [from, to] : [to, from];
}

export function addRange(selection: RowSelection, [first, last]: RowRange): RowSelection {
  const apart = selection.filter((range) => range[1] < first - 1 || range[0] > last + 1);
  const joined = selection.filter((range) => !apart.includes(range));
  const range: RowRange = [
    Math.min(first, ...joined.map(([start]) => start)),
    Math.max(last, ...joined.map(([, end]) => end)),
  ];
  return [...apart, range].sort(([a], [b]) => a - b);
}

export function toggleRow(selection: RowSelection, row: number): RowSelection {
  if (!isSelected(selection, row)) return addRange(selection, [row, row]);
  return selection.flatMap(([first, last]): RowRange[] => {
    if (row < first || row > last) return [[first, last]];
    const before: RowRange[] = first < row ? [[first, row - 1]] : [];
    return row < last ? [...before, [row + 1, last]] : before;
  });
}
