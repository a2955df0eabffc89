import { formatNumber, formatUsd, formatUsdExactly } from '../../src/shared/format.ts';
import type { Run } from './state.ts';

const DAYS_PER_MONTH = 30;

interface CostBreakdown {
  /** The sum, and its origin unless it was calculated from tokens and prices. */
  total: string;
  /** The parts of the sum: `input $0.0004`. */
  parts: string[];
  /** The cost per month, and the origin of the price. */
  notes: string[];
}

/** All details of a cost; undefined if the price of the model is unknown. */
export function costBreakdown(figures: Run['figures'], requestsPerDay: number): CostBreakdown | undefined {
  const cost = figures?.cost;
  if (cost?.totalUsd === undefined) return undefined;
  const parts: [string, number | undefined][] = [
    ['input', cost.inputUsd],
    ['cache read', cost.cacheReadUsd],
    ['cache write', cost.cacheWriteUsd],
    ['output', cost.outputUsd],
    ['reasoning', cost.reasoningUsd],
    ['request', cost.requestUsd],
  ];
  const origin = cost.reported ? ', reported by the provider' : figures?.usageEstimated ? ', estimated' : '';
  const requests = formatNumber(requestsPerDay);
  const month = formatUsd(cost.totalUsd * requestsPerDay * DAYS_PER_MONTH);
  return {
    total: `${formatUsdExactly(cost.totalUsd)}${origin}`,
    parts: parts.flatMap(([name, usd]) => (usd === undefined ? [] : [`${name} ${formatUsdExactly(usd)}`])),
    notes: [
      `At ${requests} requests per day: ${month} per month (30 days)`,
      ...(cost.source !== undefined && !cost.reported ? [`Prices: ${cost.source}`] : []),
      ...(cost.estimatedBecause !== undefined ? [`Estimated: ${cost.estimatedBecause}`] : []),
    ],
  };
}

export const NO_PRICE = 'The price of this model is unknown. Set it in llmops.prices or llmops/prices.yaml.';

/** Tooltip of a cost. */
export function costDetails(
  { figures, simulated }: Pick<Run, 'figures' | 'simulated'>,
  requestsPerDay: number,
): string {
  const breakdown = costBreakdown(figures, requestsPerDay);
  if (!breakdown) return NO_PRICE;
  const mark = simulated ? ['Simulated: demo models cost nothing and do not count towards the daily limit'] : [];
  return [breakdown.total, ...mark, ...breakdown.parts, ...breakdown.notes].join('\n');
}
