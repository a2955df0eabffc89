import { formatNumber } from '../../../shared/format.ts';

const LONGEST_REASON = 2000;

/**
 * The beginning of a long reason, with a remark how long it was: it is stored with its cell, sent to the panel and printed, and
 * what a metric of a user says may be as long as the answer. No character is split.
 */
export function shortenReason(reason: string): string {
  if (reason.length <= LONGEST_REASON) return reason;
  const isSplit = /[\ud800-\udbff]/.test(reason.charAt(LONGEST_REASON - 1));
  const begin = reason.slice(0, isSplit ? LONGEST_REASON - 1 : LONGEST_REASON);
  return `${begin}… (cut: ${formatNumber(reason.length)} characters)`;
}
