import { binomialCumulative } from '../../../shared/distributions.ts';
import type { Discordant } from '../../../shared/intervals.ts';

/**
 * The exact two-sided test that as many cases pass only in A as only in B. Q. McNemar, Psychometrika 12, 1947; exact by the
 * binomial distribution with probability ½.
 */
export function mcnemarTest({ onlyA, onlyB }: Discordant): number {
  return Math.min(1, 2 * binomialCumulative(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
}

/** The smallest p that the test could give to any outcome of `n` cases. */
export function smallestMcnemarP(n: number): number {
  return Math.min(1, 2 ** (1 - n));
}
