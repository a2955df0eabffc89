import type { EvalColumn, EvalMetric, EvaluationFigures } from '../../src/protocol/evaluation.ts';
import { columnTitle } from '../../src/shared/column-title.ts';
import { describeCaseCount } from '../../src/shared/describe-score-change.ts';
import { formatDate, formatList, formatNumber, formatPercent, formatUsd } from '../../src/shared/format.ts';
import {
  CELL_SCORE,
  formatMetricInterval,
  formatMetricValue,
  intervalOnScale,
  type MetricUnit,
} from '../../src/shared/metric-value.ts';
import { EQUAL } from '../../src/shared/statistics.ts';
import type { ChartData, ChartKind, ChartPoint, ChartSeries } from '../shared/chart/chart-data.ts';
import { columnLabels } from './column-heads.ts';

interface NamedChart {
  id: string;
  kind: ChartKind;
  data: ChartData;
  empty: string;
}

interface Names {
  columns: readonly EvalColumn[];
  metrics: readonly EvalMetric[];
  confidence: number;
}

export function toCharts(figures: EvaluationFigures, { columns, metrics, confidence }: Names): NamedChart[] {
  const metric = metrics.find(({ name }) => name === figures.metric);
  const unit = figures.metric === undefined ? CELL_SCORE : metric;
  const value = (score: number) => formatMetricValue(score, unit);
  const what = figures.metric ?? 'score';
  // as above the columns of the table
  const labels = columnLabels(columns);
  const charts = [
    paretoChart(figures, { labels, what, value }),
    distributionChart(figures, { labels, what, value }),
    ...(figures.tags.length > 0 ? [tagsChart(figures, { labels, what, value }, { unit, confidence })] : []),
    ...(figures.trend.length > 1 ? [trendChart(figures, { what, value })] : []),
  ];
  return charts;
}

interface Texts {
  labels: readonly string[];
  what: string;
  value(score: number): string;
}

/** Each column by its cost and quality. What no other column beats in both is marked in its note. */
function paretoChart({ columns }: EvaluationFigures, { labels, what, value }: Texts): NamedChart {
  const best = new Set(bestColumns(columns));
  const series = columns.map(({ costUsd, mean, passes }, index): ChartSeries => {
    const notes = [
      best.has(index) && 'no other is better and cheaper',
      passes === true && 'passes',
      passes === false && 'does not pass',
    ].filter((note) => typeof note === 'string');
    const point: ChartPoint = { x: costUsd ?? 0, y: costUsd === undefined ? undefined : mean, note: formatList(notes) };
    return { id: String(index), name: labels[index] ?? '', points: [point] };
  });
  return {
    id: 'pareto',
    kind: 'scatter',
    empty: 'No column has both a known cost and a score.',
    data: {
      title: 'Quality and cost of an answer',
      x: { label: 'cost', format: formatUsd },
      y: { label: what, format: value },
      series,
    },
  };
}

type ColumnFigures = EvaluationFigures['columns'];

/** The columns that no other one beats in cost and quality. */
export function bestColumns(columns: ColumnFigures): number[] {
  const known = columns.flatMap(({ costUsd, mean }, index) =>
    costUsd === undefined || mean === undefined ? [] : [{ costUsd, mean, index }],
  );
  const beats = (one: (typeof known)[number], other: (typeof known)[number]) =>
    one.costUsd <= other.costUsd && one.mean >= other.mean && (one.costUsd < other.costUsd || one.mean > other.mean);
  return known.filter((one) => !known.some((other) => beats(other, one))).map(({ index }) => index);
}

/** `The cheapest column that passes: churn@v3 · demo/swift, $0.0004 an answer.` */
export function cheapestPassing({ columns, passesBy }: EvaluationFigures, named: readonly EvalColumn[]): string {
  if (columns.every(({ passes }) => passes === undefined)) {
    return passesBy === 'gates'
      ? 'No gate is decided yet.'
      : 'No gate or metric has a threshold, so no column passes or fails.';
  }
  const passing = columns.flatMap(({ passes, costUsd }, index) =>
    passes === true && costUsd !== undefined ? [{ costUsd, index }] : [],
  );
  const [first] = passing.toSorted((a, b) => a.costUsd - b.costUsd);
  if (!first) {
    return columns.some(({ passes }) => passes === true)
      ? 'The cost of the columns that pass is unknown.'
      : passesBy === 'gates'
        ? 'No column passes every gate.'
        : 'No column passes: each has a metric whose mean does not meet its threshold. A gate can require less.';
  }
  const ties = passing.filter(({ costUsd }) => costUsd - first.costUsd <= EQUAL * first.costUsd);
  const names = formatList(ties.map(({ index }) => columnTitle(named[index] ?? NO_COLUMN)));
  return `The cheapest that passes: ${names}, ${formatUsd(first.costUsd)} an answer.`;
}

const NO_COLUMN = { prompt: undefined, version: undefined, model: undefined };

function distributionChart({ bins }: EvaluationFigures, { labels, what, value }: Texts): NamedChart {
  const rangeOf = (bin: number) => {
    const found = bins[Math.round(bin)];
    return found ? `${value(found.from)} to ${value(found.to)}` : '';
  };
  return {
    id: 'distribution',
    kind: 'line',
    empty: 'No case has a score yet.',
    data: {
      title: `Cases by ${what}`,
      x: { label: what, format: rangeOf, count: bins.length },
      y: { label: 'cases', format: formatNumber },
      series: labels.map((name, column) => ({
        id: String(column),
        name,
        points: bins.map(({ counts }, x) => ({ x, y: counts[column] ?? 0 })),
      })),
    },
  };
}

interface Intervals {
  unit: MetricUnit | undefined;
  confidence: number;
}

function tagsChart(
  { tags }: EvaluationFigures,
  { labels, what, value }: Texts,
  { unit, confidence }: Intervals,
): NamedChart {
  return {
    id: 'tags',
    kind: 'scatter',
    empty: 'No case with a tag has a score yet.',
    data: {
      title: `Mean ${what} by tag, with ${formatPercent(confidence)} intervals`,
      x: { label: 'tag', format: (place) => tags[Math.round(place)]?.tag ?? '', count: tags.length },
      y: { label: what, format: value },
      series: labels.map((name, column) => ({
        id: String(column),
        name,
        points: tags.map(({ columns }, x): ChartPoint => {
          const { mean, interval, n, groups } = columns[column] ?? NO_MEAN;
          const range = interval ? `${formatMetricInterval(interval, unit)}, ` : '';
          const note = `${range}${describeCaseCount({ n, groups })}`;
          return { x, y: mean, note, ...(interval && { interval: intervalOnScale(interval, unit) }) };
        }),
      })),
    },
  };
}

const NO_MEAN: EvaluationFigures['tags'][number]['columns'][number] = { mean: undefined, interval: undefined, n: 0 };

/** The results of the same evaluation in order. A column keeps its series by its prompt and model, whatever its version. */
function trendChart({ trend }: EvaluationFigures, { what, value }: Omit<Texts, 'labels'>): NamedChart {
  const labels = [...new Set(trend.flatMap(({ columns }) => columns.map(({ label }) => label)))];
  return {
    id: 'trend',
    kind: 'line',
    empty: 'No result has this metric.',
    data: {
      title: `Mean ${what} of each result`,
      x: {
        label: 'result',
        format: (place) => formatDate(trend[Math.round(place)]?.startedAt ?? 0),
        count: trend.length,
      },
      y: { label: what, format: value },
      series: labels.map((label) => ({
        id: label,
        name: label,
        points: trend.map(({ columns }, x): ChartPoint => {
          const found = columns.find((column) => column.label === label);
          return { x, y: found?.mean, note: found?.version ?? 'working copy' };
        }),
      })),
    },
  };
}
