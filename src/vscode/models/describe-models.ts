import { formatUsd as formatKnownUsd, formatPrice } from '../../core/base/usd.ts';
import type { TokenPrices } from '../../core/models/models.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';

/** “1M context · $3.00 in, $15.00 out per million”; what is not known is left out. */
export function describePrices(model: {
  simulated?: boolean | undefined;
  contextWindow: number | undefined;
  prices: TokenPrices | undefined;
  sunsetDate?: string | undefined;
}): string {
  const { simulated, contextWindow, prices, sunsetDate } = model;
  const price = prices && describeTokenPrices(prices);
  const parts = [
    contextWindow === undefined ? undefined : `${formatCount(contextWindow)} context`,
    price && markSimulated(price, simulated),
    sunsetDate && `ends ${sunsetDate.slice(0, 10)}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function describeTokenPrices(prices: TokenPrices): string | undefined {
  if (prices.hourly) {
    const { usdPerHour, tokensPerSecond } = prices.hourly;
    return tokensPerSecond === undefined
      ? `${formatPrice(usdPerHour)}/h`
      : `${formatPrice(usdPerHour)}/h at ${tokensPerSecond} tok/s`;
  }
  if (prices.inputUsd === undefined && prices.outputUsd === undefined) return undefined;
  const price = (usd: number | undefined) => (usd === undefined ? '—' : formatPrice(usd));
  return `${price(prices.inputUsd)} in, ${price(prices.outputUsd)} out per million`;
}

/** 200000 → “200k”, 1048576 → “1M”. */
export function formatCount(count: number): string {
  if (count >= 1_000_000) return `${Number((count / 1_000_000).toFixed(1))}M`;
  if (count >= 1000) return `${Math.round(count / 1000)}k`;
  return String(count);
}

/** “$0.0041”, “$1.20”; “—” for a cost that is not known. */
export function formatUsd(usd: number | undefined): string {
  return usd === undefined ? '—' : formatKnownUsd(usd);
}
