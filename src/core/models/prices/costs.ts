import type { Usage } from '../chat-model.ts';
import type { TokenPrices } from '../models.ts';

/** Dollars by what they were paid for; the parts add up to the total. Undefined where a price or a count is unknown. */
export interface CostBreakdown {
  totalUsd: number | undefined;
  inputUsd?: number;
  outputUsd?: number;
  cacheReadUsd?: number;
  cacheWriteUsd?: number;
  reasoningUsd?: number;
  /** Names the price's source and date: `genai-prices 0.1.8`, `llmops.prices`, `demo`. */
  source?: string;
}

type ClassPrices = Pick<TokenPrices, 'inputUsd' | 'outputUsd' | 'cacheReadUsd' | 'cacheWriteUsd' | 'reasoningUsd'>;

const MILLION = 1_000_000;
const SECONDS_AN_HOUR = 3600;

/** Each class of tokens at its own price. Cheap enough to be asked for at every batch of a stream. */
export function costOf(
  usage: Usage,
  prices: TokenPrices | undefined,
  extra: { elapsedMs?: number } = {},
): CostBreakdown {
  if (prices === undefined) return { totalUsd: undefined };
  if (prices.hourly !== undefined) return hourlyCost(usage, prices, extra);
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return { totalUsd: undefined, source: prices.source };
  const at = pricesAt(prices, inputTokens);
  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  const reasoning = Math.min(usage.reasoningTokens ?? 0, outputTokens);
  // A class without a price of its own is billed as what it is part of.
  const parts = {
    inputUsd: dollars(Math.max(0, inputTokens - cacheRead - cacheWrite), at.inputUsd),
    cacheReadUsd: dollars(cacheRead, at.cacheReadUsd ?? at.inputUsd),
    cacheWriteUsd: dollars(cacheWrite, at.cacheWriteUsd ?? at.inputUsd),
    outputUsd: dollars(outputTokens - reasoning, at.outputUsd),
    reasoningUsd: dollars(reasoning, at.reasoningUsd ?? at.outputUsd),
  };
  return withTotal(parts, prices.source);
}

function withTotal(parts: Record<string, number | undefined>, source: string): CostBreakdown {
  let totalUsd: number | undefined = 0;
  const known: Record<string, number> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (part === undefined) totalUsd = undefined;
    else if (part > 0 || name === 'inputUsd' || name === 'outputUsd') known[name] = part;
    if (totalUsd !== undefined) totalUsd += part ?? 0;
  }
  return { totalUsd, ...known, source };
}

/** No tokens cost nothing, whatever their price. */
function dollars(tokens: number, perMillion: number | undefined): number | undefined {
  if (tokens === 0) return 0;
  return perMillion === undefined ? undefined : (tokens * perMillion) / MILLION;
}

function pricesAt(prices: TokenPrices, inputTokens: number): ClassPrices {
  const passed = prices.tiers?.filter(({ aboveInputTokens }) => inputTokens > aboveInputTokens) ?? [];
  return passed.length === 0 ? prices : Object.assign({}, prices, ...passed);
}

/** A busy GPU costs by time: the tokens at its measured throughput, else as long as the run held it. */
function hourlyCost(
  { outputTokens }: Usage,
  prices: TokenPrices,
  { elapsedMs }: { elapsedMs?: number },
): CostBreakdown {
  const { usdPerHour = 0, tokensPerSecond } = prices.hourly ?? {};
  const byTokens = outputTokens === undefined || !tokensPerSecond ? undefined : outputTokens / tokensPerSecond;
  const byTime = tokensPerSecond || elapsedMs === undefined ? undefined : elapsedMs / 1000;
  const seconds = byTokens ?? byTime;
  if (seconds === undefined) return { totalUsd: undefined, source: prices.source };
  const totalUsd = (seconds * usdPerHour) / SECONDS_AN_HOUR;
  return { totalUsd, outputUsd: totalUsd, source: prices.source };
}
