/** Of larger scores the squares and sums could be infinite. */
export const LARGEST_SCORE = 1e100;

/** A relative tolerance, because equal values may differ by floating-point errors. */
export const EQUAL = 1e-9;

export interface Moments {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); undefined for a single value. */
  deviation: number | undefined;
}

/** Statistics of the known values. */
export interface Spread {
  count: number;
  mean: number;
  /** As in `Moments`. */
  deviation: number | undefined;
  min: number;
  max: number;
}

export function spreadOf(values: Iterable<number | undefined>): Spread | undefined {
  const known = Float64Array.from([...values].filter((value) => value !== undefined));
  if (known.length === 0) return undefined;
  const { n, mean, deviation } = momentsOf(known);
  const min = known.reduce((least, value) => Math.min(least, value));
  const max = known.reduce((most, value) => Math.max(most, value));
  return { count: n, mean, deviation, min, max };
}

/** The mean and the deviation of at least one value. */
export function momentsOf(values: Float64Array): Moments {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { n, mean, deviation: undefined };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (n - 1));
  return { n, mean, deviation: deviation > EQUAL * Math.abs(mean) ? deviation : 0 };
}

/** The sum of the known values; undefined if there are none. */
export function sumOf(values: Iterable<number | undefined>): number | undefined {
  const known = [...values].filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

export function meanOf(values: Iterable<number | undefined>): number | undefined {
  const known = [...values].filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The standard error of a mean: the standard deviation divided by the square root of the count. */
export function standardErrorOf({ deviation, count }: Pick<Spread, 'deviation' | 'count'>): number | undefined {
  return deviation === undefined ? undefined : deviation / Math.sqrt(count);
}

/** The index of the lowest value; undefined for a single value or a tie. */
export function indexOfLowest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  const [first, second] = known.sort((a, b) => a.value - b.value);
  if (first === undefined || second === undefined) return undefined;
  return second.value - first.value > EQUAL * Math.abs(second.value) ? first.index : undefined;
}
