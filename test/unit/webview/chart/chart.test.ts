import { expect, test } from 'vitest';
import { type ChartData, describePoint, summarizeChart } from '../../../../webview/shared/chart/chart-data.ts';
import { chartKey } from '../../../../webview/shared/chart/chart-key.ts';
import { layOutChart, pointNear } from '../../../../webview/shared/chart/chart-layout.ts';
import { roundTicks } from '../../../../webview/shared/chart/ticks.ts';

const DATA: ChartData = {
  title: 'Cost per day',
  x: { label: 'day', format: (x) => `day ${x}`, count: 4 },
  y: { label: 'cost', format: (y) => `$${y}` },
  series: [
    { id: 'a', name: 'swift', points: [1, 2, undefined, 4].map((y, x) => ({ x, y })) },
    { id: 'b', name: 'thorough', points: [3, undefined, 1, 2].map((y, x) => ({ x, y, note: '2 runs' })) },
  ],
};
const SIZE = { width: 400, height: 160 };

test.for([
  [0, 0.093, 5, [0, 0.02, 0.04, 0.06, 0.08, 0.1]],
  [0, 7, 4, [0, 2, 4, 6, 8]],
  [0, 0, 4, [0, 0.5, 1]],
  [12, 12, 3, [10, 15]],
] as const)('the ticks from %d to %d are round', ([min, max, count, ticks]) => {
  const found = roundTicks(min, max, count);
  expect(found[0]).toBeLessThanOrEqual(min);
  expect(found.at(-1)).toBeGreaterThanOrEqual(max);
  if (min === 0 && max > 0) expect(found).toEqual(ticks);
});

test('bars of a day are stacked, and an unknown value is not a bar', () => {
  const { points, plot } = layOutChart(DATA, 'bar', SIZE);
  expect(points).toHaveLength(6);
  const [lower, upper] = [points.find((p) => p.series === 0 && p.point === 0), points.find((p) => p.series === 1)];
  expect(lower?.bottom).toBe(plot.bottom);
  expect(upper?.bottom).toBe(lower?.top);
});

test('long texts below the chart leave room for each other', () => {
  const format = (x: number) => `2026-11-30 17:2${x}`;
  const { xTicks, plot } = layOutChart({ ...DATA, x: { ...DATA.x, format } }, 'line', SIZE);
  expect(xTicks.map(({ text }) => text)).toEqual([format(0), format(2)]);
  expect((plot.right - plot.left) / 4).toBeLessThan(format(0).length * 6);
  expect(layOutChart(DATA, 'line', SIZE).xTicks).toHaveLength(4);
});

test('a line starts at zero', () => {
  expect(layOutChart(DATA, 'line', SIZE).yTicks[0]?.text).toBe('$0');
});

test('labels below the axis do not overlap, for any number of places', () => {
  const many = { ...DATA, x: { ...DATA.x, count: 365 } };
  const { xTicks } = layOutChart(many, 'bar', SIZE);
  expect(xTicks.length).toBeLessThanOrEqual(5);
});

test('points of a scatter chart are placed by their value', () => {
  const cloud: ChartData = {
    ...DATA,
    x: { label: 'cost', format: String },
    series: [
      {
        id: 'a',
        name: 'a',
        points: [
          { x: 10, y: 100 },
          { x: 30, y: 110 },
        ],
      },
    ],
  };
  const [first, second] = layOutChart(cloud, 'scatter', SIZE).points;
  expect(second?.left).toBeGreaterThan(first?.left ?? 0);
  expect(second?.top).toBeLessThan(first?.top ?? 0);
});

test('the mouse selects the bar under it', () => {
  const layout = layOutChart(DATA, 'bar', SIZE);
  const upper = layout.points.find(({ series, point }) => series === 1 && point === 0);
  const middle = ((upper?.top ?? 0) + (upper?.bottom ?? 0)) / 2;
  expect(pointNear(layout, upper?.left ?? 0, middle)).toBe(upper);
});

test('the arrow keys move from value to value, over gaps, and between the series of a day', () => {
  const start = chartKey('ArrowRight', DATA, undefined);
  expect(start).toEqual({ series: 0, point: 0 });
  expect(chartKey('ArrowRight', DATA, { series: 0, point: 1 })).toEqual({ series: 0, point: 3 });
  expect(chartKey('ArrowDown', DATA, { series: 0, point: 3 })).toEqual({ series: 1, point: 3 });
  expect(chartKey('ArrowUp', DATA, { series: 1, point: 0 })).toEqual({ series: 0, point: 0 });
  expect(chartKey('End', DATA, { series: 1, point: 0 })).toEqual({ series: 1, point: 3 });
  expect(chartKey('ArrowLeft', DATA, { series: 0, point: 0 })).toBeUndefined();
  expect(chartKey('Tab', DATA, undefined)).toBeUndefined();
});

test('a chart is described in a sentence, and each value separately', () => {
  expect(summarizeChart(DATA)).toBe('Cost per day, cost by day for swift, thorough. Highest: day 3, swift: $4.');
  expect(describePoint(DATA, { series: 1, point: 0 })).toBe('day 0, thorough: $3, 2 runs');
  expect(describePoint(DATA, { series: 1, point: 1 })).toBe('');
});
