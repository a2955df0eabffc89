import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageRepeats, passAtK, passHatK } from '../../../../src/core/evals/aggregate/average-repeats.ts';
import { bootstrapInterval } from '../../../../src/core/evals/aggregate/bootstrap-interval.ts';
import { adjustByHolm, decideVerdicts } from '../../../../src/core/evals/aggregate/decide-verdicts.ts';
import { mcnemarTest } from '../../../../src/core/evals/aggregate/mcnemar-test.ts';
import { passRates } from '../../../../src/core/evals/aggregate/pass-rates.ts';
import { createRandomStream } from '../../../../src/core/evals/aggregate/random-stream.ts';
import { signFlipTest, smallestSignFlipP } from '../../../../src/core/evals/aggregate/sign-flip-test.ts';
import { smallestDetectable } from '../../../../src/core/evals/aggregate/smallest-detectable.ts';
import type { EvalMatrix } from '../../../../src/core/store/evals/eval-record.ts';
import { studentInterval } from '../../../../src/shared/intervals.ts';
import { momentsOf } from '../../../../src/shared/statistics.ts';
import golden from '../../../golden/statistics.json' with { type: 'json' };

/** Standard normal values of a seed, by Box and Muller. */
function normals(count: number, seed: number): Float64Array {
  const words = createRandomStream(`normals ${seed}`).words(2 * count);
  const share = (index: number) => (words[index]! + 0.5) / 2 ** 32;
  return Float64Array.from({ length: count }, (_, index) => {
    return Math.sqrt(-2 * Math.log(share(2 * index))) * Math.cos(2 * Math.PI * share(2 * index + 1));
  });
}

describe('the sign-flip test', () => {
  it('equals that of SciPy for up to 12 values', async () => {
    for (const { values, p } of golden.signFlips) {
      expect(await signFlipTest(Float64Array.from(values), { seed: 1 })).toBeCloseTo(p, 9);
    }
  });

  it('rejects in 5% of samples without a difference', async () => {
    for (const count of [10, 20]) {
      let rejected = 0;
      for (let sample = 0; sample < 1000; sample += 1) {
        if ((await signFlipTest(normals(count, sample), { seed: sample, flips: 999 })) <= 0.05) rejected += 1;
      }
      // 1,000 samples: a standard error of 0.7 points
      expect(rejected / 1000).toBeGreaterThan(0.03);
      expect(rejected / 1000).toBeLessThan(0.07);
    }
  });

  it('with random flips is close to all flips', async () => {
    const values = normals(13, 5).map((value) => value + 0.4);
    const exact = await signFlipTest(values.subarray(0, 12), { seed: 1 });
    const random = await signFlipTest(Float64Array.from([...values.subarray(0, 12), 1e-14]), { seed: 1 });
    expect(Math.abs(random - exact)).toBeLessThan(0.02);
  });

  it('is the same for the same seed, for both directions, and in any unit', async () => {
    const arbitrary = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(arbitrary, async (list) => {
        const values = Float64Array.from(list);
        const p = await signFlipTest(values, { seed: 7, flips: 200 });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(p).toBeGreaterThanOrEqual(Math.min(smallestSignFlipP(values.length, 200), 1 / 201));
        expect(await signFlipTest(values, { seed: 7, flips: 200 })).toBe(p);
        const opposite = values.map((value) => -value);
        expect(await signFlipTest(opposite, { seed: 7, flips: 200 })).toBe(p);
        const doubled = values.map((value) => value * 2);
        expect(await signFlipTest(doubled, { seed: 7, flips: 200 })).toBe(p);
      }),
    );
  });

  it('ends when it is cancelled', async () => {
    const signal = AbortSignal.timeout(30);
    const before = performance.now();
    await expect(signFlipTest(new Float64Array(500_000).fill(1), { seed: 1, signal })).rejects.toThrow('aborted');
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('other tests of two results', () => {
  it("McNemar's equals that of statsmodels", () => {
    for (const { p, ...table } of golden.tables) expect(mcnemarTest(table)).toBeCloseTo(p, 9);
  });

  it('the smallest detectable difference has the power of 80% by statsmodels', () => {
    for (const [n, alpha, expected] of golden.detectable) {
      const found = smallestDetectable({ n: n!, mean: 0, deviation: 1 }, alpha!)!;
      expect(Math.abs(found - expected!)).toBeLessThanOrEqual(1e-9);
    }
    expect(smallestDetectable({ n: 9, mean: 0.1, deviation: 0 }, 0.05)).toBeUndefined();
    expect(smallestDetectable({ n: 1, mean: 0.1, deviation: undefined }, 0.05)).toBeUndefined();
  });

  it("Holm's adjustment equals that of statsmodels", () => {
    for (const { p, adjusted } of golden.holm) {
      adjustByHolm(p).forEach((value, index) => {
        expect(value).toBeCloseTo(adjusted[index]!, 12);
      });
    }
  });
});

describe('the verdict', () => {
  const outcome = { p: 0.01, smallestP: 0.001, difference: 0.1, lowerIsBetter: false };

  it('follows the direction of the metric', () => {
    const worse = { ...outcome, difference: -0.1 };
    expect(decideVerdicts([outcome], 0.05)).toEqual(['better']);
    expect(decideVerdicts([worse], 0.05)).toEqual(['worse']);
    expect(decideVerdicts([{ ...outcome, lowerIsBetter: true }], 0.05)).toEqual(['worse']);
    expect(decideVerdicts([{ ...worse, lowerIsBetter: true }], 0.05)).toEqual(['better']);
    expect(decideVerdicts([{ ...outcome, p: 0.2 }], 0.05)).toEqual(['no-change-shown']);
  });

  it('needs 6 cases for one metric, and more for a family', () => {
    const of = (units: number, metrics: number) =>
      decideVerdicts(Array(metrics).fill({ ...outcome, p: 1, smallestP: smallestSignFlipP(units) }), 0.05)[0];
    expect([of(5, 1), of(6, 1)]).toEqual(['too-few-cases', 'no-change-shown']);
    expect([of(6, 2), of(7, 2)]).toEqual(['too-few-cases', 'no-change-shown']);
    expect([of(7, 4), of(8, 4)]).toEqual(['too-few-cases', 'no-change-shown']);
  });

  it('of a metric with few cases is open if the others leave it the whole alpha', () => {
    const few = { ...outcome, p: 0.04, smallestP: 0.03125 };
    expect(decideVerdicts([few, outcome, outcome], 0.05)).toEqual(['better', 'better', 'better']);
    expect(decideVerdicts([few, few], 0.05)).toEqual(['too-few-cases', 'too-few-cases']);
  });
});

describe('repeats', () => {
  it('are averaged without those that have no score', () => {
    expect(averageRepeats([1, null, 0])).toBe(0.5);
    expect(averageRepeats([null, undefined])).toBeNaN();
  });

  it('pass at least once, or all, of k draws with the probability by counting', () => {
    for (const [n, passed, k, once, all] of golden.repeats) {
      expect(passAtK({ n: n!, passed: passed! }, k!)).toBeCloseTo(once!, 9);
      expect(passHatK({ n: n!, passed: passed! }, k!)).toBeCloseTo(all!, 9);
    }
    expect(passAtK({ n: 2, passed: 1 }, 3)).toBeUndefined();
    expect(passHatK({ n: 2, passed: 2 }, 3)).toBeUndefined();
  });

  it('have the mean of both over the cases with k answers that pass or fail', () => {
    const matrix = {
      cases: 3,
      columns: 2,
      repeats: 2,
      // 1 passed, 2 failed, 0 has no score
      passed: [Uint8Array.of(1, 1, 2, 2, 1, 2, 2, 2, 1, 0, 2, 2)],
    } as unknown as EvalMatrix;
    expect(passRates(matrix, { metric: 0, column: 0, k: 2 })).toEqual({ passAtK: 1, passHatK: 0.5, n: 2 });
    expect(passRates(matrix, { metric: 0, column: 0, k: 1 })?.passAtK).toBeCloseTo((1 + 0.5 + 1) / 3, 12);
    expect(passRates(matrix, { metric: 0, column: 1, k: 2 })).toEqual({ passAtK: 0, passHatK: 0, n: 3 });
    expect(passRates(matrix, { metric: 0, column: 0, k: 3 })).toBeUndefined();
  });
});

describe('the bootstrap', () => {
  const options = { confidence: 0.95, seed: 3 };

  it('is close to the t interval of many cases, and the same for the same seed', async () => {
    const values = normals(100, 1);
    const [low, high] = studentInterval(momentsOf(values), 0.95)!;
    const found = await bootstrapInterval(values, { ...options });
    expect(found?.[0]).toBeCloseTo(low, 1);
    expect(found?.[1]).toBeCloseTo(high, 1);
    expect(await bootstrapInterval(values, { ...options })).toEqual(found);
    expect(await bootstrapInterval(values, { ...options, seed: 4 })).not.toEqual(found);
  });

  it('draws groups whole', async () => {
    const values = Float64Array.of(0, 0, 0, 1, 1, 1);
    const groups = { of: Int32Array.of(0, 0, 0, 1, 1, 1), count: 2 };
    expect(await bootstrapInterval(values, { ...options, groups })).toEqual([0, 1]);
    expect(await bootstrapInterval(values, { ...options, groups: { ...groups, count: 1 } })).toBeUndefined();
  });
});
