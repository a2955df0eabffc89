/** What is known of where a cost comes from; the figures of a run fit. */
export interface CostOrigin {
  usageEstimated: boolean;
  cost: { reported?: boolean; estimatedBecause?: string | undefined };
}

/** The tokens are estimated, or the price is not certain; never where the provider itself reported the cost. */
export function isCostEstimated({ usageEstimated, cost }: CostOrigin): boolean {
  return !cost.reported && (usageEstimated || cost.estimatedBecause !== undefined);
}
