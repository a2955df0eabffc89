import { formatUsd } from '../../../shared/format.ts';
import type { EvalEstimate } from '../run/eval-plan.ts';

interface Costed {
  estimate: EvalEstimate;
  budgetUsd: number | undefined;
}

/** What a run may cost, before it: `Estimated cost: ≈$0.012, at most ≈$0.4 with the longest answers, limited to $1`. */
export function describeCost({ estimate, budgetUsd }: Costed): string {
  const { usd, ceilingUsd, simulated } = estimate;
  const limit = budgetUsd === undefined ? '' : `, limited to ${formatUsd(budgetUsd)}`;
  if (usd === undefined) return `The cost is unknown, because the price of a model is not known${limit}`;
  if (simulated) return `Simulated cost: ${formatUsd(usd, true)}. Nobody pays it`;
  const most = ceilingUsd === undefined ? '' : `, at most ${formatUsd(ceilingUsd)} with the longest answers`;
  return `Estimated cost: ${formatUsd(usd, true)}${most}${limit}`;
}
