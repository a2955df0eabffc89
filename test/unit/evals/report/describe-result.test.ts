import { expect, it } from 'vitest';
import { headlineOf, shownFigures } from '../../../../src/core/evals/report/describe-result.ts';
import type { MetricResult } from '../../../../src/core/store/evals/eval-record.ts';
import { describeMetric } from '../../../../src/shared/describe-score-change.ts';
import { formatMetricInterval } from '../../../../src/shared/metric-value.ts';

const CONTAINS = {
  name: 'contains',
  id: 'contains',
  title: 'contains',
  scale: 'yes-no',
  direction: 'higher',
  threshold: 1,
  weight: 1,
  hash: '',
} as const;

const RESULT: MetricResult = {
  metric: 'contains',
  column: 0,
  mean: 0.4,
  interval: [-0.1, 0.9],
  n: 30,
  groups: 10,
  missing: 0,
  baseline: {
    mean: 0.8,
    difference: -0.4,
    interval: [-1.1, 0.2],
    p: 0.13,
    verdict: 'no-change-shown',
    smallestDetectable: 0.26,
    n: 30,
    groups: 10,
    ownInterval: [-0.1, 0.9],
    changed: { better: 0, worse: 12 },
  },
};

it('ends an interval at the ends of the scale', () => {
  expect(formatMetricInterval([-0.11, 0.53], CONTAINS)).toBe('0% to 53%');
  expect(formatMetricInterval([0.441, 1.03], { id: 'rougeL', scale: '0-1' })).toBe('0.441 to 1');
  expect(formatMetricInterval([-3, 120], { id: 'bleu', scale: '0-100' })).toBe('0 to 100');
  expect(formatMetricInterval([90, 120], { id: 'ter', scale: '0-100' })).toBe('90 to 120');
  expect(formatMetricInterval([-3, 120], { id: 'wordCount', scale: 'count' })).toBe('0 to 120');
  expect(formatMetricInterval([-3, 120], { id: 'python', scale: 'count' })).toBe('-3 to 120');
  expect(formatMetricInterval([-1.2, 0.2], { id: 'rougeL', scale: '0-1' }, 'difference')).toBe('-1 to 0.2');
});

it('names groups beside cases, and no detectable change where there are groups', () => {
  expect(describeMetric(RESULT, CONTAINS)).toBe('contains 80% → 40%, no change shown, p 0.13, 30 cases in 10 groups');
  expect(shownFigures(RESULT).cases).toBe('30 in 10 groups');
});

it('says how many cases are worse if no change is shown', () => {
  const counts = { cases: 30, cells: 30, passed: 12, failed: 18, errors: 0, cached: 0 };
  const summary = { metrics: [RESULT], gates: [], unmatched: undefined };
  expect(headlineOf({ state: 'done', counts, summary, metrics: [CONTAINS] })).toBe(
    'no change shown (12 cases worse, none better)',
  );
});

it('shows the mean of the cases that are compared beside their change', () => {
  const baseline = { ...RESULT.baseline!, mean: 0.75, difference: 0, n: 20, groups: undefined };
  expect(shownFigures({ ...RESULT, mean: 0.734, groups: undefined, baseline })).toEqual({
    mean: 0.75,
    interval: [-0.1, 0.9],
    cases: '20 of 30',
  });
});
