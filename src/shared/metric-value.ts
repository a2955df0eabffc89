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
