import { seededFraction } from './row-identity.ts';

export interface SplitPart {
  name: string;
  /** Relative to the others: 80 and 20 are the same as 0.8 and 0.2. */
  share: number;
}

interface SplitRow {
  id: string;
  /** Rows of one group come into the same part. */
  group: string | undefined;
}

/**
 * Divides rows into parts by a seed, groups whole: as many rows in each part as its share asks for, to within a group.
 * Returns the part of a row, which needs no memory of the rows.
 */
export async function splitRows(
  rows: AsyncIterable<SplitRow> | Iterable<SplitRow>,
  { parts, seed }: { parts: readonly SplitPart[]; seed: number },
): Promise<(row: SplitRow) => string> {
  const sizes = new Map<number, number>();
  const fractionOf = ({ id, group }: SplitRow) =>
    seededFraction(seed, group === undefined ? `row ${id}` : `group ${group}`);
  let total = 0;
  for await (const row of rows) {
    const fraction = fractionOf(row);
    sizes.set(fraction, (sizes.get(fraction) ?? 0) + 1);
    total += 1;
  }
  const ends = endsOf(
    [...sizes].sort(([a], [b]) => a - b),
    { parts, total },
  );
  return (row) => {
    const fraction = fractionOf(row);
    return ends.find(({ end }) => fraction <= end)?.name ?? parts.at(-1)?.name ?? '';
  };
}

/** The fraction at which each part ends: a group goes to the part that has the middle of it. */
function endsOf(
  sizes: readonly (readonly [fraction: number, size: number])[],
  { parts, total }: { parts: readonly SplitPart[]; total: number },
): { name: string; end: number }[] {
  const shares = parts.reduce((sum, { share }) => sum + share, 0);
  const ends: { name: string; end: number }[] = [];
  let [at, taken, wanted] = [0, 0, 0];
  for (const { name, share } of parts) {
    wanted += (total * share) / shares;
    let end = ends.at(-1)?.end ?? -1;
    for (let next = sizes[at]; next && taken + next[1] / 2 <= wanted; next = sizes[at]) {
      end = next[0];
      taken += next[1];
      at += 1;
    }
    ends.push({ name, end });
  }
  return ends;
}
