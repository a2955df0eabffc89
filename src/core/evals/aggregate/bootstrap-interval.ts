import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Groups, groupSums, type Interval } from '../../../shared/intervals.ts';
import { createRandomStream } from './random-stream.ts';

interface BootstrapOptions {
  confidence: number;
  seed: number;
  groups?: Groups | undefined;
  resamples?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Draws between two looks at the signal: a few milliseconds. */
const DRAWS_A_TURN = 1_000_000;

/**
 * The percentile interval of a mean from resampled cases, or from whole groups. B. Efron and R. Tibshirani, An
 * Introduction to the Bootstrap, 1993, section 13.3. Undefined for a single case or group.
 */
export async function bootstrapInterval(
  values: Float64Array,
  { confidence, seed, groups, resamples = 10_000, signal }: BootstrapOptions,
): Promise<Interval | undefined> {
  const sums = groups ? groupSums(values, groups) : values;
  const sizes = groups ? groupSums(new Float64Array(values.length).fill(1), groups) : undefined;
  const units = sums.length;
  if (units < 2) return undefined;
  const random = createRandomStream(seed);
  const means = new Float64Array(resamples);
  let draws = 0;
  for (let index = 0; index < resamples; index += 1) {
    means[index] = meanOfDraw(random.integers(units, units), sums, sizes);
    draws += units;
    if (draws < DRAWS_A_TURN) continue;
    draws = 0;
    await nextTurn(undefined, { signal });
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  return [quantileOf(means, tail), quantileOf(means, 1 - tail)];
}

function meanOfDraw(drawn: Uint32Array, sums: Float64Array, sizes: Float64Array | undefined): number {
  let sum = 0;
  let size = sizes ? 0 : drawn.length;
  for (let index = 0; index < drawn.length; index += 1) {
    sum += sums[drawn[index]!]!;
    if (sizes) size += sizes[drawn[index]!]!;
  }
  return sum / size;
}

/** Linear interpolation: type 7 of R. Hyndman and Y. Fan, The American Statistician 50, 1996, the default of NumPy and R. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}
