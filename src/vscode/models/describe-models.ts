import type { TokenPrices } from '../../core/models/models.ts';
import { describePrices, formatTokens, formatUsdExactly } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';

/** “1M context · $3.00 in, $15.00 out per million”. Unknown parts are left out. */
export function describeModel(model: {
  simulated?: boolean | undefined;
  contextWindow: number | undefined;
  prices: TokenPrices | undefined;
  sunsetDate?: string | undefined;
}): string {
  const { simulated, contextWindow, prices, sunsetDate } = model;
  const price = prices && describeTokenPrices(prices);
  const parts = [
    contextWindow === undefined ? undefined : `${formatTokens(contextWindow)} context`,
    price && markSimulated(price, simulated),
    sunsetDate && `retires ${sunsetDate.slice(0, 10)}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function describeTokenPrices(prices: TokenPrices): string | undefined {
  if (prices.hourly) {
    const { usdPerHour, tokensPerSecond } = prices.hourly;
    return tokensPerSecond === undefined
      ? `${formatUsdExactly(usdPerHour)}/h`
      : `${formatUsdExactly(usdPerHour)}/h at ${tokensPerSecond} tok/s`;
  }
  return describePrices(prices);
}
