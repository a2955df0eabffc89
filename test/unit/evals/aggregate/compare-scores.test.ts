import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareScores, type PairedScores } from '../../../../src/core/evals/aggregate/compare-scores.ts';
import { summarizeScores } from '../../../../src/core/evals/aggregate/summarize-scores.ts';
import { joinCases } from '../../../../src/shared/join-cases.ts';

const CONFIDENCE = { level: 0.95, method: 't', seed: 1 } as const;

function paired(a: number[], b: number[], rest: Partial<PairedScores> = {}): PairedScores {
  return { a: Float64Array.from(a), b: Float64Array.from(b), isPassFail: false, lowerIsBetter: false, ...rest };
}

const compareOne = async (pairs: PairedScores, options = {}) =>
  (await compareScores([pairs], { ...CONFIDENCE, ...options }))[0];

const A = [0.1, 0.3, 0.2, 0.5, 0.4, 0.6, 0.3];
const B = [0.2, 0.5, 0.4, 0.6, 0.6, 0.7, 0.5];

describe('the comparison of two results', () => {
  it('of graded scores is a paired t interval and a sign-flip test', async () => {
    const found = await compareOne(paired(A, B));
    expect(found).toMatchObject({
      n: 7,
      difference: { method: 't' },
      test: { name: 'sign-flip', p: 2 / 128 },
      verdict: 'better',
    });
    expect(found?.difference.mean).toBeCloseTo(found!.b.mean - found!.a.mean, 12);
    expect(await compareOne(paired(A, B, { lowerIsBetter: true }))).toMatchObject({ verdict: 'worse' });
  });

  it('of pass or fail is McNemar’s test and the interval of Agresti and Min', async () => {
    const [a, b] = [Array(10).fill(0), [...Array(8).fill(1), 0, 0]];
    const found = await compareOne(paired(a, b, { isPassFail: true }));
    expect(found).toMatchObject({
      a: { mean: 0, interval: [0, expect.closeTo(0.2775, 4)] },
      difference: { mean: 0.8, method: 'agresti-min' },
      test: { name: 'mcnemar', p: expect.closeTo(2 / 256, 12) },
      verdict: 'better',
    });
  });

  it('of pass or fail in groups is one of means', async () => {
    const groups = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
    const [a, b] = [Array(12).fill(0), Array(12).fill(1)];
    const found = await compareOne(paired(a, b, { isPassFail: true, groups }));
    expect(found).toMatchObject({ difference: { method: 'clustered-t' }, test: { name: 'sign-flip', p: 2 / 64 } });
    expect(found?.verdict).toBe('better');
    const five = { isPassFail: true, groups: groups.map((group) => Math.min(group, 4)) };
    expect((await compareOne(paired(a, b, five)))?.verdict).toBe('too-few-cases');
  });

  it('leaves out cases without a score in one of them, and counts them', async () => {
    const found = await compareOne(paired([...A, Number.NaN, 0.9], [...B, 0.1, Number.NaN]));
    expect(found).toMatchObject({ n: 7, a: { missing: 1 }, b: { missing: 1 }, test: { p: 2 / 128 } });
    expect(await compareOne(paired([Number.NaN], [1]))).toBeUndefined();
  });

  it('is adjusted for the number of metrics', async () => {
    const found = await compareScores(
      [paired(A, B), paired(A, A), paired([Number.NaN], [1]), paired(B, A)],
      CONFIDENCE,
    );
    // the smallest p of 7 cases, 1/64, times three metrics
    expect(found.map((one) => one?.verdict)).toEqual(['better', 'no-change-shown', undefined, 'worse']);
  });

  it('of a result with itself shows no change', async () => {
    const found = await compareOne(paired(A, A));
    expect(found).toMatchObject({ difference: { mean: 0, interval: [0, 0] }, test: { p: 1 } });
    expect(found?.smallestDetectable).toBeUndefined();
    expect(found?.verdict).toBe('no-change-shown');
  });

  it('does not take rounding errors for a change', async () => {
    const [a, b] = [Array(20).fill(0.1 + 0.2), Array(20).fill(0.3)];
    expect(await compareOne(paired(b, a))).toMatchObject({ difference: { mean: 0 }, test: { p: 1 } });
    // in each group, 0.1 + 0.2 − 0.3 is not 0
    const groups = Int32Array.from({ length: 30 }, (_, index) => Math.floor(index / 3));
    const changed = Array.from(groups, (_, index) => [0.1, 0.2, -0.3][index % 3]!);
    const found = await compareOne(paired(Array(30).fill(0), changed, { groups }));
    expect(found).toMatchObject({ difference: { mean: 0 }, test: { p: 1 }, verdict: 'no-change-shown' });
  });

  it('has the bootstrap by choice', async () => {
    const found = await compareOne(paired(A, B, { isPassFail: false }), { method: 'bootstrap' });
    expect(found).toMatchObject({ difference: { method: 'bootstrap' }, test: { name: 'sign-flip' } });
  });

  it('with A and B exchanged is its mirror image', async () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    const arbitrary = fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(arbitrary, async (cases) => {
        const [a, b] = [cases.map(([one]) => one), cases.map(([, other]) => other)];
        const [forth, back] = [await compareOne(paired(a, b)), await compareOne(paired(b, a))];
        expect(back?.test.p).toBe(forth?.test.p);
        expect(back?.difference.mean).toBeCloseTo(-forth!.difference.mean, 12);
        expect(back?.difference.interval?.[0]).toEqual(
          forth?.difference.interval && expect.closeTo(-forth.difference.interval[1], 9),
        );
        const mirrored = { better: 'worse', worse: 'better' } as Record<string, string>;
        expect(back?.verdict).toBe(mirrored[forth!.verdict] ?? forth!.verdict);
      }),
      { numRuns: 10 },
    );
  });
});

describe('the summary of one result', () => {
  const summarize = (scores: number[], rest = {}) =>
    summarizeScores({ scores: Float64Array.from(scores), isPassFail: false, ...rest }, CONFIDENCE);

  it('names the method of its interval', async () => {
    expect(await summarize([0.1, 0.4])).toMatchObject({ n: 2, method: 't' });
    expect(await summarize([1, 0, Number.NaN], { isPassFail: true })).toMatchObject({
      n: 2,
      missing: 1,
      mean: 0.5,
      method: 'wilson',
    });
    expect(await summarize([1, 0, 1], { isPassFail: true, groups: Int32Array.of(4, 4, 9) })).toMatchObject({
      method: 'clustered-t',
    });
  });

  it('is unknown without a score', async () => {
    expect(await summarize([Number.NaN])).toMatchObject({ n: 0, missing: 1, mean: undefined, interval: undefined });
  });
});

describe('joining cases', () => {
  it('goes by identity, in the order of B', () => {
    const joined = joinCases({ ids: ['x', 'b', 'c', 'd'] }, { ids: ['b', 'd', 'c', 'n'] });
    expect(joined).toEqual({
      common: { a: Int32Array.of(1, 3, 2), b: Int32Array.of(0, 1, 2) },
      changed: { a: new Int32Array(), b: new Int32Array() },
      onlyInA: Int32Array.of(0),
      onlyInB: Int32Array.of(3),
    });
  });

  it('keeps cases with another row apart', () => {
    const joined = joinCases(
      { ids: ['1', '2'], rowHashes: ['p', 'q'] },
      { ids: ['2', '1'], rowHashes: ['q', 'changed'] },
    );
    expect(joined.common).toEqual({ a: Int32Array.of(1), b: Int32Array.of(0) });
    expect(joined.changed).toEqual({ a: Int32Array.of(0), b: Int32Array.of(1) });
  });

  it('of any two lists finds each case once', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String));
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const { common, onlyInA, onlyInB } = joinCases({ ids: a }, { ids: b });
        expect([...common.a].map((index) => a[index])).toEqual(b.filter((id) => a.includes(id)));
        expect([...common.b].map((index) => b[index])).toEqual(b.filter((id) => a.includes(id)));
        expect([...onlyInA].map((index) => a[index])).toEqual(a.filter((id) => !b.includes(id)));
        expect([...onlyInB].map((index) => b[index])).toEqual(b.filter((id) => !a.includes(id)));
      }),
    );
  });
});
