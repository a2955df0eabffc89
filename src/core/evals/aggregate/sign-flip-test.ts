import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRandomStream } from './random-stream.ts';

interface SignFlipOptions {
  seed: number;
  flips?: number | undefined;
  signal?: AbortSignal | undefined;
}

export const FLIPS = 10_000;
/** Up to this many values, every combination of signs is tried. */
const MOST_EXACT = 12;
/** Sums of the same terms in another order differ by rounding; this share of the sum of sizes is far more. */
const ROUNDING = 1e-11;
/** A table contains the sums of 8 values under all their signs; a word of 32 random bits selects one of each of 4 tables. */
const TABLE_VALUES = 8;
const TABLE_SIZE = 2 ** TABLE_VALUES;
const WORD_VALUES = 32;
/** Words for each flip between two looks at the signal: a few milliseconds. */
const WORDS_A_TURN = 32;

/**
 * The two-sided sign-flip test that the mean of the values is 0: how often random signs make a sum at least as large. R. A.
 * Fisher, The Design of Experiments, 1935, section 21; exact for up to 12 values that are not 0, and otherwise with the
 * observed signs counted as one flip (B. Phipson and G. Smyth, "Permutation P-values Should Never Be Zero", 2010).
 */
export async function signFlipTest(values: Float64Array, options: SignFlipOptions): Promise<number> {
  // flipping a 0 changes nothing
  const flipped = values.filter((value) => value !== 0);
  const size = flipped.reduce((sum, value) => sum + Math.abs(value), 0);
  const observed = Math.abs(flipped.reduce((sum, value) => sum + value, 0)) - ROUNDING * size;
  const isExact = flipped.length <= MOST_EXACT;
  const sums = isExact ? allSums(flipped) : await randomSums(flipped, options);
  const extreme = sums.reduce((count, sum) => (Math.abs(sum) >= observed ? count + 1 : count), 0);
  return isExact ? extreme / sums.length : (extreme + 1) / (sums.length + 1);
}

/** The smallest p that the test could give to any outcome of this many cases, or groups where they are flipped. */
export function smallestSignFlipP(units: number, flips = FLIPS): number {
  return units <= MOST_EXACT ? Math.min(1, 2 ** (1 - units)) : 1 / (flips + 1);
}

/** The sum of the values under every combination of signs; bit k of the index is set if value k counts positive. */
function allSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  sums[0] = -values.reduce((sum, value) => sum + value, 0);
  values.forEach((value, index) => {
    const half = 2 ** index;
    for (let mask = 0; mask < half; mask += 1) sums[half + mask] = sums[mask]! + 2 * value;
  });
  return sums;
}

async function randomSums(
  values: Float64Array,
  { seed, flips = FLIPS, signal }: SignFlipOptions,
): Promise<Float64Array> {
  const random = createRandomStream(seed);
  const sums = new Float64Array(flips);
  for (let start = 0, words = 1; start < values.length; start += WORD_VALUES, words += 1) {
    addTables(sums, tablesOf(values.subarray(start, start + WORD_VALUES)), random.words(flips));
    if (words % WORDS_A_TURN === 0) await nextTurn(undefined, { signal });
  }
  return sums;
}

/** Missing values count 0, so that every table is full. */
function tablesOf(values: Float64Array): Float64Array {
  const filled = new Float64Array(WORD_VALUES);
  filled.set(values);
  const tables = new Float64Array((WORD_VALUES / TABLE_VALUES) * TABLE_SIZE);
  for (let table = 0; table * TABLE_VALUES < WORD_VALUES; table += 1) {
    const start = table * TABLE_VALUES;
    tables.set(allSums(filled.subarray(start, start + TABLE_VALUES)), table * TABLE_SIZE);
  }
  return tables;
}

/** The loop that takes the time of the test: one look-up adds 8 values. */
function addTables(sums: Float64Array, tables: Float64Array, words: Uint32Array): void {
  for (let flip = 0; flip < sums.length; flip += 1) {
    const word = words[flip]!;
    sums[flip]! +=
      tables[word & 255]! +
      tables[256 | ((word >>> 8) & 255)]! +
      tables[512 | ((word >>> 16) & 255)]! +
      tables[768 | (word >>> 24)]!;
  }
}
