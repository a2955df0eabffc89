import { describe, expect, it } from 'vitest';
import { createScorer } from '../../../../src/core/evals/metrics/create-scorer.ts';
import { METRICS } from '../../../../src/core/evals/metrics/metric-table.ts';
import { parametersOf, readMetric, splitMetrics } from '../../../../src/core/evals/metrics/read-metric.ts';

describe('a list of metrics', () => {
  it.each([
    ['bleu,chrf', ['bleu', 'chrf']],
    ['bleu:tokenize=zh, rougeL:stemmer', ['bleu:tokenize=zh', 'rougeL:stemmer']],
    ['bleu,regex:value=a{1,3}:b,c', ['bleu', 'regex:value=a{1,3}:b,c']],
    ['contains:ignoreCase:value=x,y', ['contains:ignoreCase:value=x,y']],
    [' , ', []],
  ])('%s', (written, metrics) => {
    expect(splitMetrics(written)).toEqual(metrics);
  });
});

describe('a metric', () => {
  it('has flags, choices and values', async () => {
    expect(await readMetric('rougeL:stemmer:unicode')).toEqual({
      id: 'rougeL',
      parameters: { stemmer: true, tokenize: 'unicode' },
    });
    expect(await readMetric('bleu:tokenize=zh')).toEqual({ id: 'bleu', parameters: { tokenize: 'zh' } });
    expect(await readMetric('precisionAtK:k=5')).toEqual({ id: 'precisionAtK', parameters: { k: 5 } });
    expect(await readMetric('rougeL:stemmer=false')).toEqual({ id: 'rougeL', parameters: { stemmer: false } });
  });

  it.each([
    ['blue', /no metric "blue".*/],
    ['bleu:fast', /no option "fast"/],
    ['bleu:tokenize=klingon', /tokenize must be one of 13a, intl, zh, char, none/],
    ['precisionAtK:k=0', /k must be/],
    ['precisionAtK:k=x', /k must be/],
    ['regex:value=(', /Invalid regular expression/],
    ['meteor:stemmer', /no option "stemmer"/],
    ['bleu:not', /no option "not"/],
  ])('%s is wrong', async (written, message) => {
    await expect(readMetric(written)).rejects.toThrow(message);
  });
});

describe('the table', () => {
  it('has one metric for each id, and a sentence for each parameter', () => {
    expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length);
    for (const metric of METRICS) {
      const texts = [metric.description, ...Object.values(parametersOf(metric)).map(({ description }) => description)];
      for (const text of texts) expect(text).toMatch(/^[\p{Lu}\d].*\.$/u);
    }
  });

  it('has no choice with the name of a parameter, and none in two parameters', () => {
    for (const metric of METRICS) {
      const parameters = Object.entries(parametersOf(metric));
      const names = parameters.flatMap(([name, { enum: choices }]) => [
        name,
        ...(Array.isArray(choices) ? choices : []),
      ]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('has thresholds of 1 for what is true or false, and none for what is graded', () => {
    for (const { scale, threshold } of METRICS) expect(threshold).toBe(scale === 'yes-no' ? 1 : undefined);
    expect(METRICS.filter(({ direction }) => direction === 'lower').map(({ id }) => id)).toEqual([
      'levenshtein',
      'ter',
      'ttftMs',
      'latencyMs',
      'inputTokens',
      'outputTokens',
      'totalTokens',
      'costUsd',
      'errorRate',
      'escalated',
    ]);
  });
});

describe('a threshold', () => {
  it('is passed by values on the better side of it', async () => {
    const sample = { output: 'a b c d', references: ['a b c d'] };
    const of = async (id: string, threshold: number) =>
      (await (await createScorer({ id, parameters: {}, threshold })).score(sample)).passed;
    expect(await of('rougeL', 0.9)).toBe(true);
    expect(await of('ter', 10)).toBe(true);
    expect(await of('levenshtein', -1)).toBe(false);
  });
});

describe('a path', () => {
  it('scores a part of the answer', async () => {
    const scorer = await createScorer({ id: 'rougeL', parameters: {}, path: 'summary' });
    const output = '{"summary": "the cat sat", "other": 1}';
    expect(await scorer.score({ output, references: [{ summary: 'the cat sat' }] })).toMatchObject({ value: 1 });
    expect(await scorer.score({ output, references: ['the cat sat'] })).toMatchObject({ value: 1 });
    expect(await scorer.score({ output: '{}', references: ['x'] })).toMatchObject({
      value: null,
      reason: 'The answer has no summary.',
    });
  });
});
