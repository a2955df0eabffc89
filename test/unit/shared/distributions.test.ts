import { describe, expect, it } from 'vitest';
import {
  binomialCumulative,
  normalQuantile,
  normalTail,
  studentPower,
  studentQuantile,
  studentTail,
} from '../../../src/shared/distributions.ts';
import golden from '../../golden/statistics.json' with { type: 'json' };

/** Relative, so that small tails count as well. */
function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
}

describe('distributions equal those of SciPy', () => {
  it('normal tails and quantiles', () => {
    for (const [x, tail] of golden.normalTail) expectClose(normalTail(x!), tail!);
    for (const [tail, x] of golden.normalQuantile) expectClose(normalQuantile(tail!), x!);
  });

  it("Student's t with few, many and fractional degrees of freedom", () => {
    for (const [x, degrees, tail] of golden.studentTail) expectClose(studentTail(x!, degrees!), tail!);
    for (const [tail, degrees, x] of golden.studentQuantile) expectClose(studentQuantile(tail!, degrees!), x!);
  });

  it('binomial probabilities of up to 100,000 trials', () => {
    for (const [k, n, p, expected] of golden.binomialCumulative) {
      const found = binomialCumulative(k!, n!, p!);
      // beyond the smallest number, 0.5 ** 100000 is 0
      expect(Math.abs(found - expected!)).toBeLessThanOrEqual(1e-9 * expected! + 1e-300);
    }
  });

  it('the power of a t test', () => {
    for (const [noncentrality, degrees, limit, power] of golden.studentPower) {
      expectClose(studentPower({ noncentrality: noncentrality!, degrees: degrees!, limit: limit! }), power!);
    }
  });
});
