import { findIncreasing, studentPower, studentQuantile } from '../../../shared/distributions.ts';
import type { Moments } from '../../../shared/statistics.ts';

const POWER = 0.8;

/**
 * The difference that a two-sided paired t test of as many cases would find with a probability of 80%, if the differences
 * vary as they were observed to. J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, chapter 2.
 * Undefined if they do not vary, or for a single case.
 */
export function smallestDetectable({ n, deviation }: Moments, alpha: number): number | undefined {
  if (deviation === undefined || deviation === 0) return undefined;
  const degrees = n - 1;
  const limit = studentQuantile(alpha / 2, degrees);
  const noncentrality = findIncreasing((value) => studentPower({ noncentrality: value, degrees, limit }) - POWER);
  return (noncentrality * deviation) / Math.sqrt(n);
}
