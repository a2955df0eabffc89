import { formatUsdExactly } from '../../../shared/format.ts';
import type { BillingTerms, Usage } from '../chat-model.ts';
import type { ClassPrices, TieredPrices, TokenPrices } from '../models.ts';

/** The prices of a request as it was served, and what is uncertain about them. */
interface ChosenPrices {
  chosen: TieredPrices;
  multiplier: number;
  doubts: string[];
}

/** Values that mean the standard price. */
const STANDARD: Record<keyof BillingTerms, ReadonlySet<string>> = {
  serviceTier: new Set(['default', 'standard', 'standard_only', 'on_demand']),
  speed: new Set(['standard']),
  inferenceGeo: new Set(['global', 'not_available']),
  endpoint: new Set(['global']),
};
const TERMS = Object.keys(STANDARD) as (keyof BillingTerms)[];
/** As spelled in the providers' APIs. */
const NAMES: Record<keyof BillingTerms, string> = {
  serviceTier: 'service_tier',
  speed: 'speed',
  inferenceGeo: 'inference_geo',
  endpoint: 'endpoint',
};

/** The terms in the response take precedence over the requested ones. An unlisted price is marked as an estimate. */
export function choosePrices(usage: Usage, prices: TokenPrices): ChosenPrices {
  const chosen: ChosenPrices = { chosen: prices, multiplier: 1, doubts: [...(prices.doubts ?? [])] };
  for (const term of TERMS) {
    const served = usage.served?.[term];
    const value = (served ?? prices.terms?.[term])?.toLowerCase();
    if (value !== undefined && !STANDARD[term].has(value)) applyTerm(chosen, { term, value, prices });
  }
  chosen.doubts.push(...dispute(usage, prices), ...doubtsOfTokens(usage, prices, chosen.chosen));
  return chosen;
}

/** The prices of a request of this length. */
export function pricesAt(prices: TieredPrices, inputTokens: number): ClassPrices {
  const passed = prices.tiers?.filter(({ aboveInputTokens }) => inputTokens > aboveInputTokens) ?? [];
  return passed.length === 0 ? prices : Object.assign({}, prices, ...passed);
}

/** Two lists may agree on short requests and not on long ones. */
function dispute({ inputTokens = 0 }: Usage, { disputed, ...prices }: TokenPrices): string[] {
  if (disputed === undefined) return [];
  const [ours, theirs] = [pricesAt(prices, inputTokens), pricesAt(disputed.prices, inputTokens)];
  if (ours.inputUsd === theirs.inputUsd && ours.outputUsd === theirs.outputUsd) return [];
  const price = (usd: number | undefined) => (usd === undefined ? 'no price' : formatUsdExactly(usd));
  return [
    `Price lists differ: ${disputed.by} has ${price(theirs.inputUsd)} for input and ${price(theirs.outputUsd)} for output.`,
  ];
}

function applyTerm(
  chosen: ChosenPrices,
  { term, value, prices }: { term: keyof BillingTerms; value: string; prices: TokenPrices },
): void {
  if (term === 'serviceTier' && value === 'auto') {
    chosen.doubts.push(
      'With service_tier "auto" the account decides on the tier, and the response does not report it.',
    );
    return;
  }
  const variant = prices.variants?.find(({ when }) => when[term] === value);
  if (variant === undefined) {
    chosen.doubts.push(`No price is listed for ${NAMES[term]} "${value}" of this model; the standard price is used.`);
    return;
  }
  if (variant.multiplier !== undefined) chosen.multiplier *= variant.multiplier;
  if (variant.prices === undefined) return;
  if (chosen.chosen !== prices) {
    chosen.doubts.push(`The price of ${NAMES[term]} "${value}" together with another option is not listed.`);
    return;
  }
  chosen.chosen = variant.prices;
}

function doubtsOfTokens(usage: Usage, { terms }: TokenPrices, prices: TieredPrices): string[] {
  const doubts: string[] = [];
  const { cacheWriteTokens = 0, cacheWrite1hTokens } = usage;
  if ((cacheWrite1hTokens ?? 0) > 0 && prices.cacheWrite1hUsd === undefined) {
    doubts.push('No price is listed for one-hour cache writes; the price of shorter ones is used.');
  }
  if (cacheWriteTokens > 0 && cacheWrite1hTokens === undefined && terms?.cacheTtl === '1h') {
    doubts.push('The response does not report which cache writes are kept for an hour, which costs more.');
  }
  const isTold = usage.inputAudioTokens !== undefined;
  if (terms?.audioInput === true && !isTold && prices.inputAudioUsd !== undefined) {
    doubts.push('The response does not report how many input tokens are audio, which has a separate price.');
  }
  const audio = (usage.inputAudioTokens ?? 0) > 0 && prices.inputAudioUsd === undefined;
  if (audio || ((usage.outputAudioTokens ?? 0) > 0 && prices.outputAudioUsd === undefined)) {
    doubts.push('No price is listed for audio; the price of text is used.');
  }
  const cachedAudio = (usage.cacheReadAudioTokens ?? 0) > 0 && prices.cacheReadAudioUsd === undefined;
  if (cachedAudio && prices.inputAudioUsd !== undefined && prices.inputAudioUsd !== prices.inputUsd) {
    doubts.push('No price is listed for cached audio; the price of cached text is used.');
  }
  if (terms?.webSearch === true) doubts.push('Web searches are billed separately, per search.');
  return doubts;
}
