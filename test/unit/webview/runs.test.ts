import { expect, test } from 'vitest';
import type { RunDay } from '../../../src/protocol/runs.ts';
import { toDayCharts } from '../../../webview/runs/day-charts.ts';
import { isFiltered, toRunFilter, withChoice } from '../../../webview/runs/runs-filter.ts';

const aDay = (day: string, model: string, changes: Partial<RunDay> = {}): RunDay => ({
  day,
  model,
  simulated: false,
  runs: 4,
  costUsd: 0.5,
  priced: 4,
  latencyMs: 1000,
  ...changes,
});

test('a period starts at midnight of the current day', () => {
  const now = new Date(2026, 10, 29, 15, 30);
  expect(toRunFilter({ period: 'today' }, now)).toEqual({ since: new Date(2026, 10, 29).getTime() });
  expect(toRunFilter({ period: '7', model: 'demo/swift' }, now)).toEqual({
    model: 'demo/swift',
    since: new Date(2026, 10, 23).getTime(),
  });
});

test('spaces search for nothing, and an empty choice filters nothing', () => {
  expect(toRunFilter({ search: '  ' }, new Date())).toEqual({});
  expect(withChoice({ model: 'a/b', state: 'done' }, 'model', '')).toEqual({ state: 'done' });
  expect(isFiltered({ search: '' })).toBe(false);
  expect(isFiltered({ rating: 'any' })).toBe(true);
});

test('a day without runs is a gap between two days, and unknown costs are noted', () => {
  const { cost, latency } = toDayCharts([
    aDay('2026-11-01', 'openai/gpt-6', { priced: 3 }),
    aDay('2026-11-03', 'openai/gpt-6', { costUsd: undefined, priced: 0, latencyMs: 3000 }),
  ]);
  expect(cost.series[0]?.points).toEqual([
    { x: 0, y: 0.5, note: '4 runs, cost known of 3' },
    { x: 1, y: undefined },
    { x: 2, y: undefined },
  ]);
  expect(latency.series[0]?.points.map(({ y }) => y)).toEqual([1000, undefined, 3000]);
  expect(cost.x.format(2)).toBe('3 Nov');
});

test('additional models share the last color; demo models are marked', () => {
  const models = Array.from({ length: 9 }, (_, index) => aDay('2026-11-01', `a/m${index}`, { runs: 20 - index }));
  const { cost, latency } = toDayCharts([...models, aDay('2026-11-01', 'demo/swift', { runs: 50, simulated: true })]);
  expect(cost.series).toHaveLength(6);
  expect(cost.series[0]?.name).toBe('demo/swift (simulated)');
  expect(cost.series.at(-1)?.name).toBe('5 other models');
  expect(cost.series.at(-1)?.points[0]?.y).toBe(2.5);
  expect(latency.series.at(-1)?.points[0]?.y).toBe(1000);
});

test('a long history shows the last 90 days, with a note in the title', () => {
  const { cost } = toDayCharts([aDay('2024-01-01', 'a/b'), aDay('2026-11-01', 'a/b')]);
  expect(cost.x.count).toBe(90);
  expect(cost.title).toBe('Cost per day, last 90 days');
});
