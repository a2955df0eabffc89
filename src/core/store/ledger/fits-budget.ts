/** Sums of many amounts are off by less: 80 requests at $0.05 fit in $4. */
const ROUNDING_USD = 1e-9;

/** Whether an amount fits into what is left of a limit, or into the limit: the one rule of all budgets and gates on costs. */
export function fitsBudget(usd: number, leftUsd: number): boolean {
  return usd <= leftUsd + ROUNDING_USD;
}

/** Nothing is left but what rounding made. */
export function isSpent(leftUsd: number): boolean {
  return leftUsd <= ROUNDING_USD;
}
