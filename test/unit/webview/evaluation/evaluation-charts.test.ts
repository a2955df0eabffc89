import { expect, test } from 'vitest';
import type { EvaluationFigures } from '../../../../src/protocol/evaluation.ts';
import { bestColumns, cheapestPassing, toCharts } from '../../../../webview/evaluation/evaluation-charts.ts';
import { describePoint } from '../../../../webview/shared/chart/chart-data.ts';
import { layOutChart } from '../../../../webview/shared/chart/chart-layout.ts';
import { column, metric } from './result.ts';

const figuresOf = (columns: Partial<EvaluationFigures['columns'][number]>[]): EvaluationFigures => ({
  metric: undefined,
  columns: columns.map((figures) => ({
    costUsd: undefined,
    latencyMs: undefined,
    mean: undefined,
    passRate: undefined,
    passes: undefined,
    ...figures,
  })),
  passesBy: 'thresholds',
  bins: [{ from: 0, to: 1, counts: columns.map(() => 3) }],
  tags: [{ tag: 'price', columns: columns.map(() => ({ mean: 0.5, interval: [0.4, 0.6] as const, n: 3 })) }],
  trend: [],
});

const models = (...names: string[]) => names.map((model) => column({ model }));

test('the columns that no other one beats are the edge; equal ones both are', () => {
  const { columns } = figuresOf([
    { costUsd: 1, mean: 0.9 },
    { costUsd: 2, mean: 0.9 },
    { costUsd: 2, mean: 0.95 },
    { costUsd: 1, mean: 0.9 },
    { mean: 1 },
  ]);
  expect(bestColumns(columns)).toEqual([0, 2, 3]);
});

test('the cheapest that passes is named, with others of the same cost', () => {
  const columns = models('a', 'b', 'c', 'd');
  const figures = figuresOf([
    { costUsd: 0.1, passes: false },
    { costUsd: 0.2, passes: true },
    { costUsd: 0.2, passes: true },
    { costUsd: 0.3, passes: true },
  ]);
  expect(cheapestPassing(figures, columns)).toBe('The cheapest that passes: churn · b and churn · c, $0.20 an answer.');
});

test('where nothing passes, has a threshold or has a cost, the sentence says so', () => {
  const columns = models('a');
  expect(cheapestPassing(figuresOf([{ costUsd: 1 }]), columns)).toContain('No gate or metric has a threshold');
  const failing = figuresOf([{ costUsd: 1, passes: false }]);
  expect(cheapestPassing(failing, columns)).toContain('does not meet its threshold');
  expect(cheapestPassing({ ...failing, passesBy: 'gates' }, columns)).toBe('No column passes every gate.');
  expect(cheapestPassing({ ...figuresOf([{}]), passesBy: 'gates' }, columns)).toBe('No gate is decided yet.');
  expect(cheapestPassing(figuresOf([{ passes: true }]), columns)).toContain('unknown');
});

test('a column without a known cost is no point, and means of tags have their intervals', () => {
  const charts = toCharts(figuresOf([{ mean: 0.9 }, { costUsd: 1, mean: 0.8, passes: true }]), {
    columns: models('a', 'b'),
    metrics: [metric('rougeL')],
    confidence: 0.9,
  });
  expect(charts[2]?.data.title).toContain('90% intervals');
  expect(charts.map(({ id }) => id)).toEqual(['pareto', 'distribution', 'tags']);
  const [pareto, , tags] = charts;
  if (!pareto || !tags) throw new Error('missing');
  expect(describePoint(pareto.data, { series: 0, point: 0 })).toBe('');
  expect(describePoint(pareto.data, { series: 1, point: 0 })).toBe(
    '$1.00, b: 0.8, no other is better and cheaper and passes',
  );
  const { points } = layOutChart(tags.data, 'scatter', { width: 400, height: 168 });
  const [first, second] = points;
  expect(first?.range?.top).toBeLessThan(first?.top ?? 0);
  expect(first?.range?.bottom).toBeGreaterThan(first?.top ?? 0);
  // the points of two columns at one tag are side by side
  expect(second?.left).toBeGreaterThan(first?.left ?? 0);
});

test('an interval by tag ends where the scale does, and names the groups that it is clustered by', () => {
  const tags = [{ tag: 'price', columns: [{ mean: 0.9, interval: [0.72, 1.06] as const, n: 9, groups: 4 }] }];
  const charts = toCharts(
    { ...figuresOf([{ mean: 0.9 }]), tags },
    {
      columns: models('a'),
      metrics: [metric('rougeL')],
      confidence: 0.95,
    },
  );
  const shown = charts.find(({ id }) => id === 'tags');
  if (!shown) throw new Error('missing');
  expect(describePoint(shown.data, { series: 0, point: 0 })).toBe(
    'price, churn · a: 0.9, 0.72 to 1, 9 cases in 4 groups',
  );
  const { yTicks } = layOutChart(shown.data, 'scatter', { width: 400, height: 168 });
  expect([yTicks.at(0)?.text, yTicks.at(-1)?.text]).toEqual(['0.7', '1']);
});
