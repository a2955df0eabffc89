import { normalQuantile, studentQuantile } from './distributions.ts';
import { EQUAL, type Moments, momentsOf } from './statistics.ts';

export type Interval = [low: number, high: number];

/** Student's t interval of a mean, n − 1 degrees of freedom; undefined for a single value. */
export function studentInterval({ n, mean, deviation }: Moments, confidence: number): Interval | undefined {
  if (deviation === undefined) return undefined;
  const reach = (studentQuantile((1 - confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return [mean - reach, mean + reach];
}

/**
 * The t interval of a mean whose values come in groups: values of a group may resemble each other. E. Miller, "Adding
 * Error Bars to Evals", arXiv:2411.00640, 2024, section 2.2, with the factor G / (G − 1) and G − 1 degrees of freedom for
 * G groups (Cameron and Miller, J. Human Resources 50, 2015). Undefined for a single group.
 */
export function clusteredInterval(values: Float64Array, groups: Groups, confidence: number): Interval | undefined {
  const { count } = groups;
  if (count < 2) return undefined;
  const { n, mean } = momentsOf(values);
  const residuals = groupSums(
    values.map((value) => value - mean),
    groups,
  );
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const error = Math.sqrt((count / (count - 1)) * squares) / n;
  const reach = error > EQUAL * Math.abs(mean) ? studentQuantile((1 - confidence) / 2, count - 1) * error : 0;
  return [mean - reach, mean + reach];
}

/** The group of each value, numbered from 0. */
export interface Groups {
  of: Int32Array;
  count: number;
}

export function groupSums(values: Float64Array, { of, count }: Groups): Float64Array {
  const sums = new Float64Array(count);
  values.forEach((value, index) => {
    sums[of[index]!]! += value;
  });
  return sums;
}

/** The interval of a share. E. B. Wilson, "Probable Inference", J. American Statistical Association 22, 1927. */
export function wilsonInterval({ passed, n }: { passed: number; n: number }, confidence: number): Interval {
  const z = normalQuantile((1 - confidence) / 2);
  const share = passed / n;
  const scale = 1 + (z * z) / n;
  const center = (share + (z * z) / (2 * n)) / scale;
  const reach = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / scale;
  return [passed === 0 ? 0 : center - reach, passed === n ? 1 : center + reach];
}

/**
 * The interval of the difference of two shares of the same cases, B − A: Wald's, after half a case is added to each cell
 * of the 2 × 2 table. A. Agresti and Y. Min, Statistics in Medicine 24, 2005.
 */
export function agrestiMinInterval({ onlyA, onlyB, n }: Discordant, confidence: number): Interval {
  const difference = (onlyB - onlyA) / (n + 2);
  const variance = onlyA + onlyB + 1 - (onlyB - onlyA) ** 2 / (n + 2);
  const reach = (normalQuantile((1 - confidence) / 2) * Math.sqrt(variance)) / (n + 2);
  return [Math.max(-1, difference - reach), Math.min(1, difference + reach)];
}

/** Of `n` cases, those that passed only in A and only in B. */
export interface Discordant {
  onlyA: number;
  onlyB: number;
  n: number;
}
