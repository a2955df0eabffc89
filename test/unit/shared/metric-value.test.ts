import { expect, it } from 'vitest';
import {
  CELL_SCORE,
  formatMetricChange,
  formatMetricValue,
  intervalOnScale,
} from '../../../src/shared/metric-value.ts';

it.each([
  [0.912, { id: 'rougeL', scale: '0-1' }, '0.912', '+0.912'],
  [0.5, { id: 'equals', scale: 'yes-no' }, '50%', '+50 points'],
  [-0.125, { id: 'equals', scale: 'yes-no' }, '-12%', '-12.5 points'],
  [0.0000658, { id: 'costUsd', scale: 'count' }, '$0.000066', '+$0.000066'],
  [-0.002, { id: 'costUsd', scale: 'count' }, '-$0.002', '-$0.002'],
  [657, { id: 'latencyMs', scale: 'count' }, '0.66 s', '+0.66 s'],
  [-150, { id: 'ttftMs', scale: 'count' }, '-0.15 s', '-0.15 s'],
  [-90_000, { id: 'latencyMs', scale: 'count' }, '-1:30 min', '-1:30 min'],
  [-3, { id: 'latencyMs', scale: 'count' }, '0.00 s', '0.00 s'],
  [0, { id: 'costUsd', scale: 'count' }, '$0', '$0'],
] as const)('%f of %o is written in its unit', (value, metric, text, change) => {
  expect(formatMetricValue(value, metric)).toBe(text);
  expect(formatMetricChange(value, metric)).toBe(change);
});

it('is a dash if there is none', () => {
  expect(formatMetricValue(null, { id: 'equals', scale: 'yes-no' })).toBe('—');
  expect(formatMetricValue(undefined, undefined)).toBe('—');
});

it('shows an interval as far as it is on the scale of its metric', () => {
  expect(intervalOnScale([-0.1, 1.06], CELL_SCORE)).toEqual([0, 1]);
  expect(intervalOnScale([-1.2, 0.3], CELL_SCORE, 'difference')).toEqual([-1, 0.3]);
  expect(intervalOnScale([-3, 104], { id: 'bleu', scale: '0-100' })).toEqual([0, 100]);
  expect(intervalOnScale([-3, 104], { id: 'ter', scale: '0-100' })).toEqual([0, 104]);
  expect(intervalOnScale([-3, 104], { id: 'latencyMs', scale: 'count' })).toEqual([0, 104]);
  expect(intervalOnScale([-3, 104], { id: 'latencyMs', scale: 'count' }, 'difference')).toEqual([-3, 104]);
  expect(intervalOnScale([-3, 104], { id: 'python', scale: 'count' })).toEqual([-3, 104]);
  expect(intervalOnScale([-3, 104], undefined)).toEqual([-3, 104]);
});
