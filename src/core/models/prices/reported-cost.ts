import type { Usage } from '../chat-model.ts';
import type { CostBreakdown } from './costs.ts';

/** What the provider says that the request cost, which no computation of ours knows better; undefined where it does not. */
export function reportedCost({ reportedCostUsd }: Usage): CostBreakdown | undefined {
  if (reportedCostUsd === undefined) return undefined;
  return { totalUsd: reportedCostUsd, reported: true, source: 'reported by the provider' };
}
