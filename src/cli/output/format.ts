import { formatUsd } from '../../core/base/usd.ts';

/** What is unknown shows as a dash, never as 0. */
export const UNKNOWN = '—';

export function formatCount(value: number | undefined, estimated = false): string {
  if (value === undefined) return UNKNOWN;
  return `${estimated ? '≈' : ''}${Math.round(value).toLocaleString('en-US')}`;
}

export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** Small sums keep two significant digits: a request may cost a thousandth of a cent. */
export function formatCost(usd: number | undefined, estimated = false): string {
  if (usd === undefined) return UNKNOWN;
  return `${estimated && usd !== 0 ? '≈' : ''}${formatUsd(usd)}`;
}

export function formatRate(perSecond: number | undefined): string {
  return perSecond === undefined ? UNKNOWN : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`;
}

/** `0:42`, `12:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
