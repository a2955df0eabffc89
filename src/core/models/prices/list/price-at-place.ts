import type { ConnectionType } from '../../chat-model.ts';
import type { ClassPrices, PriceVariant, TieredPrices, TokenPrices } from '../../models.ts';

/** The model to price, and the one underneath it for deployments and tuned models. */
export interface PricedModel {
  type: ConnectionType;
  connectionId: string;
  model: string;
  baseModel?: string | undefined;
  baseUrl?: string | undefined;
  /** Vertex AI: regions cost more than `global` for some models. */
  location?: string | undefined;
  /** The tier that the connection requests each time. */
  serviceTier?: string | undefined;
}

/** Regions whose prices the list has for the models of Bedrock that it lists without a region. */
const LISTED_BEDROCK = /^us-(?:east-1|west-2)$/;

/** A model's prices at the location of its connection: some regions cost more, and some are unknown. */
export function priceAtPlace(prices: TokenPrices, requested: PricedModel, id: string): TokenPrices {
  const endpoint = endpointOf(requested);
  const doubts = [...(prices.doubts ?? []), ...doubtsOfPlace(requested, id)];
  const tier = requested.serviceTier === undefined ? {} : { terms: { serviceTier: requested.serviceTier } };
  const placed: TokenPrices = { ...prices, ...(doubts.length > 0 ? { doubts } : {}), ...tier };
  if (endpoint === undefined || endpoint === 'global') return placed;
  const multiplier = prices.variants?.find(({ when }) => when.endpoint === endpoint)?.multiplier;
  return multiplier === undefined
    ? { ...placed, terms: { ...placed.terms, endpoint } }
    : multiplied(placed, multiplier);
}

/** The location of Vertex AI, of its own connection or its OpenAI-compatible address; '' if unknown. */
export function vertexLocation({ type, location, baseUrl }: PricedModel): string | undefined {
  if (type === 'vertexai') return location ?? '';
  const host = /^https:\/\/(?:([a-z0-9-]+)-)?aiplatform(?:\.[a-z0-9-]+\.rep)?\.googleapis\.com(?:[:/]|$)/.exec(
    baseUrl ?? '',
  );
  if (type !== 'openai-compatible' || host === null) return undefined;
  return /\/locations\/([a-z0-9-]+)(?:\/|$)/.exec(baseUrl ?? '')?.[1] ?? host[1] ?? '';
}

function endpointOf(requested: PricedModel): string | undefined {
  const { type, baseUrl } = requested;
  const location = vertexLocation(requested);
  if (location) return location === 'global' ? 'global' : 'regional';
  // OpenAI processes in the region of its host, such as eu.api.openai.com.
  return type === 'openai' ? /^https:\/\/([a-z]{2})\.api\.openai\.com(?:[:/]|$)/.exec(baseUrl ?? '')?.[1] : undefined;
}

function doubtsOfPlace({ type, baseUrl }: PricedModel, id: string): string[] {
  if (type === 'azure-openai') {
    return ['Azure’s price depends on the deployment type, which is not known; the price of Global is used.'];
  }
  const region = /^https:\/\/bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com/.exec(baseUrl ?? '')?.[1];
  if (type !== 'openai-compatible' || region === undefined || LISTED_BEDROCK.test(region)) return [];
  // Claude costs the same in all regions, and `global.` has one price everywhere.
  return /claude|^global\./.test(id)
    ? []
    : [`Bedrock’s price in ${region} is not listed; the price in us-east-1 is used.`];
}

/** All prices of a list times a number, as the prices of one place. */
function multiplied(prices: TokenPrices, multiplier: number): TokenPrices {
  const variants = prices.variants?.map((variant): PriceVariant => {
    return variant.prices === undefined ? variant : { ...variant, prices: tiered(variant.prices, multiplier) };
  });
  return { ...prices, ...tiered(prices, multiplier), ...(variants ? { variants } : {}) };
}

function tiered(prices: TieredPrices, multiplier: number): TieredPrices {
  const tiers = prices.tiers?.map((tier) => ({ ...tier, ...classes(tier, multiplier) }));
  return { ...classes(prices, multiplier), ...(tiers ? { tiers } : {}) };
}

const CLASSES: Record<keyof ClassPrices, true> = {
  inputUsd: true,
  outputUsd: true,
  cacheReadUsd: true,
  cacheWriteUsd: true,
  cacheWrite1hUsd: true,
  reasoningUsd: true,
  inputAudioUsd: true,
  outputAudioUsd: true,
  cacheReadAudioUsd: true,
};

/** To ten digits: 4 × 1.1 is 4.4. */
function classes(prices: ClassPrices, multiplier: number): ClassPrices {
  const scaled: ClassPrices = {};
  for (const name of Object.keys(CLASSES) as (keyof ClassPrices)[]) {
    const price = prices[name];
    if (price !== undefined) scaled[name] = Number((price * multiplier).toPrecision(10));
  }
  return scaled;
}
