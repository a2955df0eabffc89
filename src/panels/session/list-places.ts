import type { RowPlaces, RowRanges } from '../../protocol/row-places.ts';

/** What the rows of a list are, in order: numbers that stay the same from list to list. */
export type RowKeys = Float64Array | Int32Array;

/** The keys at these places, in order; places past the end are left out. */
export function keysAt(keys: RowKeys, ranges: RowRanges): number[] {
  return ranges.flatMap(([first, last]) => [...keys.subarray(first, last + 1)]);
}

/** The places in a new list of the rows at these places in the old one. */
export function movePlaces(before: RowKeys, after: RowKeys, places: RowPlaces): RowPlaces {
  const selected = new Set(keysAt(before, places.selection));
  const find = (row: number | undefined) => {
    const at = row === undefined ? -1 : after.indexOf(before[row] ?? Number.NaN);
    return at < 0 ? undefined : at;
  };
  return { selection: rangesOf(after, selected), active: find(places.active), first: find(places.first) };
}

function rangesOf(keys: RowKeys, selected: ReadonlySet<number>): RowRanges {
  const ranges: [number, number][] = [];
  if (selected.size === 0) return ranges;
  keys.forEach((key, row) => {
    if (!selected.has(key)) return;
    const last = ranges.at(-1);
    if (last?.[1] === row - 1) last[1] = row;
    else ranges.push([row, row]);
  });
  return ranges;
}
