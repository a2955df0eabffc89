import type { RowPlaces, RowRanges } from '../../protocol/runs.ts';

/** The keys of the runs of a list, in order. */
export type RunKeys = Float64Array;

/** The keys at these places, in order; places past the end are left out. */
export function keysAt(keys: RunKeys, ranges: RowRanges): number[] {
  return ranges.flatMap(([first, last]) => [...keys.subarray(first, last + 1)]);
}

/** The places in a new list of the runs at these places in the old one. */
export function movePlaces(before: RunKeys, after: RunKeys, places: RowPlaces): RowPlaces {
  const selected = new Set(keysAt(before, places.selection));
  const find = (row: number | undefined) => {
    const at = row === undefined ? -1 : after.indexOf(before[row] ?? Number.NaN);
    return at < 0 ? undefined : at;
  };
  return { selection: rangesOf(after, selected), active: find(places.active), first: find(places.first) };
}

function rangesOf(keys: RunKeys, selected: ReadonlySet<number>): RowRanges {
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
