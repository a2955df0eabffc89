import { expect, it } from 'vitest';
import { formatMetricChange, formatMetricValue } from '../../../src/shared/metric-value.ts';

it.each([
  [0.912, { id: 'rougeL', scale: '0-1' }, '0.912', '+0.912'],
  [0.5, { id: 'equals', scale: 'yes-no' }, '50%', '+50 points'],
  [-0.125, { id: 'equals', scale: 'yes-no' }, '-12%', '-12.5 points'],
  [0.0000658, { id: 'costUsd', scale: 'count' }, '$0.000066', '+$0.000066'],
  [-0.002, { id: 'costUsd', scale: 'count' }, '-$0.002', '-$0.002'],
  [657, { id: 'latencyMs', scale: 'count' }, '0.66 s', '+0.66 s'],
  [-150, { id: 'ttftMs', scale: 'count' }, '-0.15 s', '-0.15 s'],
  [0, { id: 'costUsd', scale: 'count' }, '$0', '$0'],
] as const)('%f of %o is written in its unit', (value, metric, text, change) => {
  expect(formatMetricValue(value, metric)).toBe(text);
  expect(formatMetricChange(value, metric)).toBe(change);
});

it('is a dash if there is none', () => {
  expect(formatMetricValue(null, { id: 'equals', scale: 'yes-no' })).toBe('—');
  expect(formatMetricValue(undefined, undefined)).toBe('—');
});
