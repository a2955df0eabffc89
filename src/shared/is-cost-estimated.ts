/** The origin of a cost. The figures of a run have this shape. */
interface CostOrigin {
  usageEstimated: boolean;
  cost: { reported?: boolean; estimatedBecause?: string | undefined };
}

/** True if the tokens are estimated or the price is uncertain, but not if the provider reported the cost. */
export function isCostEstimated({ usageEstimated, cost }: CostOrigin): boolean {
  return !cost.reported && (usageEstimated || cost.estimatedBecause !== undefined);
}
