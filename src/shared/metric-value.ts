import { formatDuration, formatNumber, formatPercent, formatScore, formatUsd, UNKNOWN } from './format.ts';

/** What decides how the values of a metric are written. */
export interface MetricUnit {
  id: string;
  scale: 'yes-no' | '0-1' | '0-100' | 'count';
}

/** A value in the unit of its metric: `91%` for true or false, `$0.0012`, `0.66 s`, otherwise `0.912`. */
export function formatMetricValue(value: number | null | undefined, metric: MetricUnit | undefined): string {
  if (value === undefined || value === null) return UNKNOWN;
  if (metric?.scale === 'yes-no') return formatPercent(value);
  if (metric?.id === 'costUsd') return formatUsd(value);
  if (metric?.id === 'ttftMs' || metric?.id === 'latencyMs') return formatDuration(value);
  return formatScore(value);
}

/** `+3 points`, `-0.07`, `+$0.0012`: differences of pass rates are percentage points. */
export function formatMetricChange(difference: number, metric: MetricUnit | undefined): string {
  const points = Number((difference * 100).toFixed(1));
  const text = metric?.scale === 'yes-no' ? `${formatNumber(points)} points` : formatMetricValue(difference, metric);
  return difference > 0 ? `+${text}` : text;
}

const CODE: ReadonlySet<string> = new Set(['javascript', 'python']);
const BOUNDS = { 'yes-no': 1, '0-1': 1, '0-100': 100, count: undefined } as const;

/** The score of a cell, which is a mean of metrics with a 0–1 scale. */
export const CELL_SCORE: MetricUnit = { id: 'score', scale: '0-1' };

/**
 * The interval of a mean, or of a difference of means, as far as it is on the scale of the metric. A t interval may reach
 * beyond its ends, where no mean can be: people are shown the part that can be, and JSON has the whole of it.
 */
export function intervalOnScale(
  interval: readonly [number, number],
  metric: MetricUnit | undefined,
  of: 'mean' | 'difference' = 'mean',
): [low: number, high: number] {
  // a function of the user may return any number as a count
  if (!metric || (metric.scale === 'count' && CODE.has(metric.id))) return [interval[0], interval[1]];
  // an answer may need more edits than its reference has words
  const most = metric.id === 'ter' ? Number.POSITIVE_INFINITY : (BOUNDS[metric.scale] ?? Number.POSITIVE_INFINITY);
  const least = of === 'mean' ? 0 : -most;
  const clip = (end: number) => Math.min(most, Math.max(least, end));
  return [clip(interval[0]), clip(interval[1])];
}

/** `0% to 53%` */
export function formatMetricInterval(
  interval: readonly [number, number],
  metric: MetricUnit | undefined,
  of: 'mean' | 'difference' = 'mean',
): string {
  const ends = intervalOnScale(interval, metric, of);
  return ends.map((end) => formatMetricValue(end, metric)).join(' to ');
}
