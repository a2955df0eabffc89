import type { Usage } from '../chat-model.ts';
import type { ClassPrices, TokenPrices } from '../models.ts';
import { choosePrices, pricesAt } from './choose-prices.ts';

/** Dollars by cause; the parts add up to the total. Undefined if a price or a count is unknown. */
export interface CostBreakdown {
  totalUsd: number | undefined;
  inputUsd?: number;
  outputUsd?: number;
  cacheReadUsd?: number;
  cacheWriteUsd?: number;
  reasoningUsd?: number;
  /** A fee for the request itself. */
  requestUsd?: number;
  /** True if the provider reported the total itself, so that it is not computed from prices. */
  reported?: boolean;
  /** The prices' source and date: `genai-prices 0.2.3 (2026-11-29)`, `llmops.prices`, `demo`. */
  source?: string;
  /** The date of the price. */
  asOf?: string;
  /** Why this is only an estimate although the tokens may be exact; undefined if the price is certain. */
  estimatedBecause?: string;
}

const MILLION = 1_000_000;
const SECONDS_AN_HOUR = 3600;

/** Each class of tokens at its own price. Cheap enough to call for every batch of a stream. */
export function costOf(
  usage: Usage,
  prices: TokenPrices | undefined,
  extra: { elapsedMs?: number } = {},
): CostBreakdown {
  if (prices === undefined) return { totalUsd: undefined };
  if (prices.hourly !== undefined) return hourlyCost(usage, prices, extra);
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return { totalUsd: undefined, ...originOf(prices) };
  const { chosen, multiplier, doubts } = choosePrices(usage, prices);
  const parts = partsOf({ ...usage, inputTokens, outputTokens }, pricesAt(chosen, inputTokens));
  const known = withTotal(parts, multiplier, prices.requestUsd);
  const estimated = known.totalUsd !== undefined && doubts.length > 0 ? { estimatedBecause: doubts.join(' ') } : {};
  return { ...known, ...originOf(prices), ...estimated };
}

type Parts = Record<'inputUsd' | 'cacheReadUsd' | 'cacheWriteUsd' | 'outputUsd' | 'reasoningUsd', number | undefined>;

/** A class without its own price is billed as the class that it is part of. */
function partsOf(usage: Usage & { inputTokens: number; outputTokens: number }, at: ClassPrices): Parts {
  const { inputTokens, outputTokens } = usage;
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const writtenHour = Math.min(usage.cacheWrite1hTokens ?? 0, written);
  const audioRead = Math.min(usage.cacheReadAudioTokens ?? 0, read);
  const fresh = Math.max(0, inputTokens - read - written);
  const audio = Math.min(Math.max(0, (usage.inputAudioTokens ?? 0) - audioRead), fresh);
  const audioOut = Math.min(usage.outputAudioTokens ?? 0, outputTokens);
  const reasoning = Math.min(usage.reasoningTokens ?? 0, outputTokens - audioOut);
  const readUsd = at.cacheReadUsd ?? at.inputUsd;
  const writeUsd = at.cacheWriteUsd ?? at.inputUsd;
  return {
    inputUsd: sum(dollars(fresh - audio, at.inputUsd), dollars(audio, at.inputAudioUsd ?? at.inputUsd)),
    cacheReadUsd: sum(dollars(read - audioRead, readUsd), dollars(audioRead, at.cacheReadAudioUsd ?? readUsd)),
    cacheWriteUsd: sum(dollars(written - writtenHour, writeUsd), dollars(writtenHour, at.cacheWrite1hUsd ?? writeUsd)),
    outputUsd: sum(
      dollars(outputTokens - reasoning - audioOut, at.outputUsd),
      dollars(audioOut, at.outputAudioUsd ?? at.outputUsd),
    ),
    reasoningUsd: dollars(reasoning, at.reasoningUsd ?? at.outputUsd),
  };
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function originOf({ source, asOf }: TokenPrices): { source: string; asOf?: string } {
  return asOf === undefined ? { source } : { source, asOf };
}

function withTotal(parts: Parts, multiplier: number, requestUsd: number | undefined): CostBreakdown {
  let totalUsd: number | undefined = 0;
  const known: Partial<Record<keyof Parts | 'requestUsd', number>> = {};
  for (const name of Object.keys(parts) as (keyof Parts)[]) {
    const part = parts[name];
    if (part === undefined) totalUsd = undefined;
    else if (part > 0 || name === 'inputUsd' || name === 'outputUsd') known[name] = part * multiplier;
    if (totalUsd !== undefined) totalUsd += (part ?? 0) * multiplier;
  }
  if (requestUsd !== undefined) {
    known.requestUsd = requestUsd;
    if (totalUsd !== undefined) totalUsd += requestUsd;
  }
  return { totalUsd, ...known };
}

/** No tokens cost nothing, whatever their price. */
function dollars(tokens: number, perMillion: number | undefined): number | undefined {
  if (tokens === 0) return 0;
  return perMillion === undefined ? undefined : (tokens * perMillion) / MILLION;
}

/** A GPU is billed by time: the tokens at its measured throughput, otherwise the duration of the run. */
function hourlyCost(
  { outputTokens }: Usage,
  prices: TokenPrices,
  { elapsedMs }: { elapsedMs?: number },
): CostBreakdown {
  const { usdPerHour = 0, tokensPerSecond } = prices.hourly ?? {};
  const byTokens = outputTokens === undefined || !tokensPerSecond ? undefined : outputTokens / tokensPerSecond;
  const byTime = tokensPerSecond || elapsedMs === undefined ? undefined : elapsedMs / 1000;
  const seconds = byTokens ?? byTime;
  if (seconds === undefined) return { totalUsd: undefined, ...originOf(prices) };
  const totalUsd = (seconds * usdPerHour) / SECONDS_AN_HOUR;
  return { totalUsd, outputUsd: totalUsd, ...originOf(prices) };
}
