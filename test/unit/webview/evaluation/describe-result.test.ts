import { expect, test } from 'vitest';
import { describeProgress, describeUnfinished, summaryLines } from '../../../../webview/evaluation/describe-result.ts';
import { column, metric, metricResult, snapshot } from './result.ts';

const compared = (verdict: 'better' | 'worse' | 'no-change-shown' | 'too-few-cases', name = 'rougeL') =>
  metricResult({
    metric: name,
    baseline: {
      mean: 0.91,
      difference: -0.07,
      interval: [-0.1, -0.04],
      p: 0.01,
      verdict,
      smallestDetectable: 0.05,
      n: 10,
    },
  });

const summary = (...metrics: ReturnType<typeof metricResult>[]) => ({ metrics, gates: [], unmatched: undefined });

test('a metric is a sentence with both means, the verdict and its probability', () => {
  const { result } = snapshot();
  const [line] = summaryLines({ result, summary: summary(compared('worse')) });
  expect(line).toMatchObject({
    metric: 'rougeL',
    figures: '0.91 → 0.84',
    outcome: 'worse, p 0.01',
    column: undefined,
  });
  expect(line?.details).toMatch(/^ROUGE-L, .*difference -0\.1 to -0\.04/);
});

test('with repeats the details have pass@k and pass^k', () => {
  const repeated = { k: 3, passAtK: 1, passHatK: 2 / 3, n: 10 };
  const [line] = summaryLines({ result: snapshot().result, summary: summary(metricResult({ repeated })) });
  expect(line?.details).toContain('pass@3 100%, pass^3 67%');
});

test('too few cases have no probability, and what became worse comes first', () => {
  const { result } = snapshot({ metrics: ['a', 'b', 'c', 'd'].map((name) => metric(name)) });
  const lines = summaryLines({
    result,
    summary: summary(
      compared('too-few-cases', 'a'),
      compared('no-change-shown', 'b'),
      compared('better', 'c'),
      compared('worse', 'd'),
    ),
  });
  expect(lines.map(({ metric: name, outcome }) => `${name} ${outcome}`)).toEqual([
    'd worse, p 0.01',
    'c better, p 0.01',
    'b no change shown, p 0.01',
    'a too few cases',
  ]);
});

test('without a baseline each column has its mean, and an unknown mean is a dash', () => {
  const { result } = snapshot({ columns: [column(), column({ model: 'demo/thorough' })] });
  const lines = summaryLines({
    result,
    summary: summary(metricResult({ column: 0, mean: undefined, n: 0 }), metricResult({ column: 1, mean: 0.5 })),
  });
  expect(lines.map(({ figures, column: name, outcome }) => [figures, name, outcome])).toEqual([
    ['—', 'churn · demo/swift', undefined],
    ['0.5', 'churn · demo/thorough', undefined],
  ]);
});

test('a metric that has no value in the baseline is shown beside those that are compared, where it has one', () => {
  const { result } = snapshot({ metrics: [metric('rougeL'), metric('csat', { scale: 'count' })] });
  const lines = summaryLines({
    result,
    summary: summary(
      metricResult({ metric: 'rougeL', column: 0 }),
      metricResult({ metric: 'csat', column: 0, mean: undefined, n: 0 }),
      { ...compared('better'), column: 1 },
      metricResult({ metric: 'csat', column: 1, mean: 4, n: 1 }),
    ),
  });
  expect(lines.map(({ metric: name, figures, column: of }) => [name, figures, of])).toEqual([
    ['rougeL', '0.91 → 0.84', undefined],
    ['csat', '4', undefined],
  ]);
});

test('scores have the unit of their metric', () => {
  const metrics = [
    metric('json', { scale: 'yes-no' }),
    metric('latencyMs', { scale: 'count' }),
    metric('costUsd', { scale: 'count' }),
  ];
  const { result } = snapshot({ metrics });
  const lines = summaryLines({
    result,
    summary: summary(
      metricResult({ metric: 'json', mean: 0.999 }),
      metricResult({ metric: 'latencyMs', mean: 1234 }),
      metricResult({ metric: 'costUsd', mean: 0.00042 }),
    ),
  });
  expect(lines.map(({ figures }) => figures)).toEqual(['99%', '1.23 s', '$0.00042']);
});

test('progress leaves out what is not known yet', () => {
  const { result } = snapshot({ state: 'running' });
  expect(describeProgress({ result, progress: undefined })).toBe('18 of 20');
  expect(describeProgress({ result, progress: { done: 19, total: 20, perSecond: 12.3, leftMs: 500 } })).toBe(
    '19 of 20 · 12.3 a second · 0.50 s left',
  );
});

test('progress of a re-run is of what it answers again', () => {
  const counts = { cases: 20, cells: 20, passed: 12, failed: 8, errors: 0, cached: 0 };
  const { result } = snapshot({ state: 'running', counts });
  expect(describeProgress({ result, progress: undefined })).toBe('');
  const progress = { done: 2, total: 8, perSecond: undefined, leftMs: undefined };
  expect(describeProgress({ result, progress })).toBe('2 of 8');
});

test('a stopped result says what it kept, and offers to resume only where something may run', () => {
  const { result } = snapshot({ state: 'stopped' });
  expect(describeUnfinished({ result, canRun: true })).toBe(
    'The evaluation was stopped. 18 of 20 answers kept. Resume to continue with the rest.',
  );
  expect(describeUnfinished({ result, canRun: false })).toBe('The evaluation was stopped. 18 of 20 answers kept.');
  expect(describeUnfinished({ result: snapshot().result, canRun: true })).toBeUndefined();
});
