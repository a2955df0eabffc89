import { formatList } from '../../../shared/format.ts';
import { canonicalJson } from '../../datasets/row-identity.ts';

const MOST_NAMED = 5;

/** What tells rows with the same written ID apart: a row that was copied, or an ID that was. */
export function describeDifference(a: Record<string, unknown>, b: Record<string, unknown>): string {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = names.filter((name) => canonicalJson([a[name]]) !== canonicalJson([b[name]]));
  if (differing.length === 0) return 'Their inputs are the same.';
  const more = differing.length - MOST_NAMED;
  const named = [...differing.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])];
  return `Their inputs differ: ${formatList(named)}.`;
}
