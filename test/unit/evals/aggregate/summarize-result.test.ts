import { expect, it } from 'vitest';
import { type ResultData, summarizeResult } from '../../../../src/core/evals/aggregate/summarize-result.ts';
import type { EvalColumn, EvalMetric } from '../../../../src/core/store/evals/eval-record.ts';
import { column, metric } from '../../webview/evaluation/result.ts';

const CASES = 40;
/** The share of cases in which the second column is better by 0.2; in the others it is worse by 0.1. */
const BETTER = { a: 0.525, b: 0.4, c: 0.9, d: 0.4 };

function makeResult(): ResultData {
  const columns: EvalColumn[] = [column({ isBaseline: true }), column({ baselineColumn: 0 })];
  const metrics: EvalMetric[] = Object.keys(BETTER).map((name) => metric(name));
  const cells = CASES * 2;
  const places = Array.from({ length: CASES }, (_, place) => place);
  const values = Object.values(BETTER).map((share) =>
    Float64Array.from(places.flatMap((place) => [0.5, place < share * CASES ? 0.7 : 0.4])),
  );
  return {
    columns,
    metrics,
    matrix: {
      ...{ cases: CASES, columns: 2, repeats: 1, values },
      states: new Uint8Array(cells).fill(1),
      isCached: new Uint8Array(cells),
      scores: new Float32Array(cells),
      passed: values.map(() => new Uint8Array(cells)),
      latencyMs: new Float64Array(cells),
      costUsd: new Float64Array(cells),
      answerCostUsd: new Float64Array(cells),
    },
    ids: places.map(String),
    contentHashes: places.map(String),
    groups: places.map(() => undefined),
  };
}

const summarize = async (family: string[], only?: string[]) => {
  const confidence = { level: 0.95, method: 't' as const, seed: 0 };
  return (await summarizeResult(makeResult(), { confidence, family, only, baseline: undefined })).metrics;
};

it('some metrics have the same figures as all of them together, in a family of gates too', async () => {
  const all = await summarize(['a', 'b', 'd']);
  const of = (...names: string[]) => all.filter(({ metric: name }) => names.includes(name));

  expect(all).toHaveLength(8);
  expect(await summarize(['a', 'b', 'd'], ['c'])).toEqual(of('c'));
  expect(await summarize(['a', 'b', 'd'], ['a'])).toEqual(of('a'));
  expect(await summarize(['a', 'b', 'd'], ['a', 'c'])).toEqual(of('a', 'c'));
  expect(await summarize(['a', 'b', 'd'], [])).toEqual([]);
  // otherwise this would not show that the family is looked at as a whole
  expect((await summarize(['a'], ['a']))[1]?.baseline?.verdict).not.toBe(of('a')[1]?.baseline?.verdict);
});
