import type { BillingTerms } from '../../chat-model.ts';
import type { ClassPrices, PriceTier, PriceVariant, TieredPrices, TokenPrices } from '../../models.ts';
import { currentPrices, currentVariants } from './current-prices.ts';
import type { ListModel, ListPrice, ListPrices, PriceVariant as ListVariant } from './price-list.ts';

const CLASSES: readonly [keyof ClassPrices, string][] = [
  ['inputUsd', 'input_mtok'],
  ['outputUsd', 'output_mtok'],
  ['cacheReadUsd', 'cache_read_mtok'],
  ['cacheWriteUsd', 'cache_write_mtok'],
  ['cacheWrite1hUsd', 'cache_write_1h_mtok'],
  ['reasoningUsd', 'output_reasoning_mtok'],
  ['inputAudioUsd', 'input_audio_mtok'],
  ['outputAudioUsd', 'output_audio_mtok'],
  ['cacheReadAudioUsd', 'cache_audio_read_mtok'],
];
const TERMS: Record<string, keyof BillingTerms> = {
  service_tier: 'serviceTier',
  speed: 'speed',
  inference_geo: 'inferenceGeo',
  endpoint: 'endpoint',
};

/** A list's prices of a model at a point in time, in our terms. */
export function toTokenPrices(
  model: ListModel,
  now: number,
  origin: Pick<TokenPrices, 'source' | 'asOf'>,
): TokenPrices {
  const standard = currentPrices(model, now);
  const variants = currentVariants(model, now);
  const prices: TokenPrices = { ...toTiered(standard), ...origin };
  // In this format a free model has no prices.
  if (Object.keys(standard).length === 0) Object.assign(prices, { inputUsd: 0, outputUsd: 0 });
  if (typeof standard.requests_kcount === 'number') prices.requestUsd = standard.requests_kcount / 1000;
  const known = mergeVariants(variants).flatMap((variant) => toVariant(variant, standard) ?? []);
  if (known.length > 0) prices.variants = known;
  const doubts = doubtsOf(model.id, standard);
  if (doubts.length > 0) prices.doubts = doubts;
  return prices;
}

/** Models that search the web on their own. */
const SEARCHES = /-search-(?:preview|api)(?:-|$)|deep-research/;

/** What is billed separately and not counted separately. */
function doubtsOf(id: string, standard: ListPrices): string[] {
  const doubts: string[] = [];
  if (standard.output_image_mtok !== undefined) {
    doubts.push('Images in the answer have a separate price; the price of text is used.');
  }
  if (SEARCHES.test(id)) doubts.push('This model searches the web, and searches are billed separately, per search.');
  return doubts;
}

/** Of two variants for one kind of request the first counts, price by price. */
function mergeVariants(variants: readonly ListVariant[]): ListVariant[] {
  const merged = new Map<string, ListVariant>();
  for (const variant of variants) {
    const key = JSON.stringify(variant.when);
    const first = merged.get(key);
    merged.set(key, first ? { ...variant, ...first, prices: { ...variant.prices, ...first.prices } } : variant);
  }
  return [...merged.values()];
}

function toVariant({ when, prices, multiplier }: ListVariant, standard: ListPrices): PriceVariant | undefined {
  const own: PriceVariant['when'] = {};
  for (const [name, value] of Object.entries(when)) {
    const term = Object.hasOwn(TERMS, name) ? TERMS[name] : undefined;
    if (term === undefined) return undefined;
    own[term] = value.toLowerCase();
  }
  const isPriced = prices !== undefined && Object.keys(prices).length > 0;
  return {
    when: own,
    ...(isPriced ? { prices: toTiered({ ...standard, ...prices }) } : {}),
    ...(multiplier === undefined ? {} : { multiplier }),
  };
}

/** The price classes of a list by our names. */
export function toTiered(listed: ListPrices): TieredPrices {
  const prices: TieredPrices = {};
  const tiers = new Map<number, PriceTier>();
  for (const [name, listName] of CLASSES) {
    const price: ListPrice | undefined = listed[listName];
    if (price === undefined) continue;
    if (typeof price === 'number') {
      prices[name] = price;
      continue;
    }
    prices[name] = price.base;
    for (const { start, price: above } of price.tiers) {
      tiers.set(start, { ...tiers.get(start), aboveInputTokens: start, [name]: above });
    }
  }
  if (tiers.size > 0) prices.tiers = [...tiers.values()].sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  return prices;
}
