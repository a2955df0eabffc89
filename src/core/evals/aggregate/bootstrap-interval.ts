import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Groups, groupSums, type Interval } from '../../../shared/intervals.ts';
import { createRandomStream } from './random-stream.ts';

interface BootstrapOptions {
  confidence: number;
  seed: number;
  groups?: Groups | undefined;
  signal?: AbortSignal | undefined;
}

/** Resamples, and fewer of very many cases: for percentiles, 1,000 are enough (Efron and Tibshirani, section 19.3). */
const RESAMPLES = 10_000;
const FEWEST_RESAMPLES = 2_000;
const MOST_DRAWS = 200_000_000;
/** Draws between two looks at the signal: a few milliseconds. */
const DRAWS_A_TURN = 1_000_000;

/**
 * The percentile interval of a mean from resampled cases, or from whole groups. B. Efron and R. Tibshirani, An
 * Introduction to the Bootstrap, 1993, section 13.3. Undefined for a single case or group.
 */
export async function bootstrapInterval(
  values: Float64Array,
  { confidence, seed, groups, signal }: BootstrapOptions,
): Promise<Interval | undefined> {
  const sums = groups ? groupSums(values, groups) : values;
  const sizes = groups ? groupSums(new Float64Array(values.length).fill(1), groups) : undefined;
  const units = sums.length;
  if (units < 2) return undefined;
  const random = createRandomStream(seed);
  const resamples = Math.min(RESAMPLES, Math.max(FEWEST_RESAMPLES, Math.floor(MOST_DRAWS / units)));
  const means = new Float64Array(resamples);
  let draws = 0;
  for (let index = 0; index < resamples; index += 1) {
    means[index] = meanOfDraw(random.words(units), sums, sizes);
    draws += units;
    if (draws < DRAWS_A_TURN) continue;
    draws = 0;
    await nextTurn(undefined, { signal });
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  return [quantileOf(means, tail), quantileOf(means, 1 - tail)];
}

/** Each word selects a case, or a group; the bias of at most one in 2³² divided by their number does not show. */
function meanOfDraw(words: Uint32Array, sums: Float64Array, sizes: Float64Array | undefined): number {
  const scale = sums.length / 2 ** 32;
  let sum = 0;
  let size = 0;
  for (let index = 0; index < words.length; index += 1) {
    const drawn = Math.floor(words[index]! * scale);
    sum += sums[drawn]!;
    if (sizes) size += sizes[drawn]!;
  }
  return sum / (sizes ? size : words.length);
}

/** Linear interpolation: type 7 of R. Hyndman and Y. Fan, The American Statistician 50, 1996, the default of NumPy and R. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}
