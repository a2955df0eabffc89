import type { Usage } from '../chat-model.ts';
import type { CostBreakdown } from './costs.ts';

/** The request's cost as reported by the provider, more exact than a computed one; undefined if it reports none. */
export function reportedCost({ reportedCostUsd }: Usage): CostBreakdown | undefined {
  if (reportedCostUsd === undefined) return undefined;
  return { totalUsd: reportedCostUsd, reported: true, source: 'reported by the provider' };
}
