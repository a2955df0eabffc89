/** The average month: 365.25 days over twelve. */
const DAYS_A_MONTH = 30.4375;

/** The monthly cost at a number of requests per day; undefined if the cost is unknown. */
export function monthlyCostUsd(costUsd: number | undefined, requestsPerDay: number): number | undefined {
  if (costUsd === undefined || !(requestsPerDay >= 0)) return undefined;
  return costUsd * requestsPerDay * DAYS_A_MONTH;
}
