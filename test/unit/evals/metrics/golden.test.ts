import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScorer } from '../../../../src/core/evals/metrics/create-scorer.ts';
import { readMetric } from '../../../../src/core/evals/metrics/read-metric.ts';
import { stem } from '../../../../src/core/evals/metrics/text/porter-stemmer.ts';

interface Pair {
  id: string;
  answer: string;
  references: string[];
}

interface Corpus {
  value: number;
  signature: string;
}

interface Golden {
  rows: { id: string; scores: Record<string, number> }[];
  corpus: Record<string, Corpus>;
  corpusOfOneReference: Record<string, Corpus>;
  stems: Record<string, string>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../golden/metrics/${name}`, import.meta.url), 'utf8'));
const pairs = read('texts.json') as Pair[];
const golden = read('scores.json') as Golden;

/** Scores of all pairs, and the sums for their corpus. */
async function scoreAll(metric: string, rows: readonly Pair[]) {
  const scorer = await createScorer(await readMetric(metric));
  const scores = await Promise.all(rows.map((row) => scorer.score({ output: row.answer, references: row.references })));
  const sums = scores.reduce<number[]>(
    (all, { statistics = [] }) => statistics.map((value, index) => value + (all[index] ?? 0)),
    [],
  );
  return { scores, sums, corpus: scorer.corpus };
}

const metrics = Object.keys(golden.rows[0]?.scores ?? {});

describe('scores are equal to those of the packages that define them', () => {
  it('has 300 pairs', () => {
    expect(pairs).toHaveLength(300);
    expect(new Set(golden.rows.map(({ id }) => id)).size).toBe(300);
  });

  it.each(metrics)('%s', async (metric) => {
    const { scores } = await scoreAll(metric, pairs);
    const isDefined = (row: Pair) => row.references.some((text) => text !== '') || /^(tokenF1|lev|word)/.test(metric);
    const wrong = pairs.flatMap((pair, index) => {
      const expected = isDefined(pair) ? (golden.rows[index]?.scores[metric] ?? Number.NaN) : null;
      const found = scores[index]?.value;
      const isEqual = found === expected || Math.abs(Number(found) - Number(expected)) <= 1e-6;
      return isEqual && (found === null) === (expected === null) ? [] : [{ ...pair, found, expected }];
    });
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(golden.corpus))('the corpus, with its signature: %s', async (metric) => {
    const oneReference = pairs.filter(({ references }) => references.length === 1);
    for (const [rows, expected, references] of [
      [pairs, golden.corpus[metric], 'var'],
      [oneReference, golden.corpusOfOneReference[metric], 1],
    ] as const) {
      const { sums, corpus } = await scoreAll(metric, rows);
      expect(corpus?.value(sums)).toBeCloseTo(expected?.value ?? Number.NaN, 6);
      expect(corpus?.signature(references)).toBe(expected?.signature);
    }
  });

  it('stems words as NLTK', () => {
    const wrong = Object.entries(golden.stems).filter(([word, expected]) => stem(word) !== expected);
    expect(wrong.map(([word, expected]) => [word, expected, stem(word)])).toEqual([]);
  });
});
