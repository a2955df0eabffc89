import { formatClock, formatNumber, formatUsd } from '../../shared/format.ts';
import type { ReportedProgress } from './job.ts';

/** Rate and time left of work that is over in a moment are gone before they are read. */
const WORTH_READING_MS = 5_000;

/** `3 of 12 · weather.prompt · $0.021 · 4.0/s · 0:42 left`, of which only what is known is shown. */
export function describeProgress({ done, total, message, costUsd, perSecond, leftMs }: ReportedProgress): string {
  const count = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
  const isLong = total === undefined || (leftMs !== undefined && leftMs >= WORTH_READING_MS);
  const parts = [
    count,
    message,
    costUsd === undefined ? undefined : formatUsd(costUsd),
    isLong && perSecond !== undefined ? `${describeRate(perSecond)}/s` : undefined,
    isLong && leftMs !== undefined ? `${formatClock(leftMs)} left` : undefined,
  ];
  return parts.filter(Boolean).join(' · ');
}

function describeRate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatNumber(Math.round(perSecond));
}
