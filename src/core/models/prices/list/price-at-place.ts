import type { ConnectionType } from '../../chat-model.ts';
import type { ClassPrices, PriceVariant, TieredPrices, TokenPrices } from '../../models.ts';

/** What a price is asked for: the model, and the one underneath it for deployments and tuned models. */
export interface PricedModel {
  type: ConnectionType;
  connectionId: string;
  model: string;
  baseModel?: string | undefined;
  baseUrl?: string | undefined;
  /** Vertex AI: regions cost more than `global` for some models. */
  location?: string | undefined;
  /** The tier that the connection asks for with each request. */
  serviceTier?: string | undefined;
}

/** Regions whose prices the list has for the models of Bedrock that it lists without a region. */
const LISTED_BEDROCK = /^us-(?:east-1|west-2)$/;

/** A model's prices where its connection asks it: some regions cost more, and some are not known. */
export function priceAtPlace(prices: TokenPrices, asked: PricedModel, id: string): TokenPrices {
  const endpoint = endpointOf(asked);
  const doubts = [...(prices.doubts ?? []), ...doubtsOfPlace(asked, id)];
  const tier = asked.serviceTier === undefined ? {} : { terms: { serviceTier: asked.serviceTier } };
  const placed: TokenPrices = { ...prices, ...(doubts.length > 0 ? { doubts } : {}), ...tier };
  if (endpoint === undefined || endpoint === 'global') return placed;
  const multiplier = prices.variants?.find(({ when }) => when.endpoint === endpoint)?.multiplier;
  return multiplier === undefined
    ? { ...placed, terms: { ...placed.terms, endpoint } }
    : multiplied(placed, multiplier);
}

/** Where Vertex AI is asked, through its own connection or at its OpenAI-compatible address; '' where that is not known. */
export function vertexLocation({ type, location, baseUrl }: PricedModel): string | undefined {
  if (type === 'vertexai') return location ?? '';
  const host = /^https:\/\/(?:([a-z0-9-]+)-)?aiplatform(?:\.[a-z0-9-]+\.rep)?\.googleapis\.com(?:[:/]|$)/.exec(
    baseUrl ?? '',
  );
  if (type !== 'openai-compatible' || host === null) return undefined;
  return /\/locations\/([a-z0-9-]+)(?:\/|$)/.exec(baseUrl ?? '')?.[1] ?? host[1] ?? '';
}

function endpointOf(asked: PricedModel): string | undefined {
  const { type, baseUrl } = asked;
  const location = vertexLocation(asked);
  if (location) return location === 'global' ? 'global' : 'regional';
  // OpenAI processes in a region where its host is asked, such as eu.api.openai.com.
  return type === 'openai' ? /^https:\/\/([a-z]{2})\.api\.openai\.com(?:[:/]|$)/.exec(baseUrl ?? '')?.[1] : undefined;
}

function doubtsOfPlace({ type, baseUrl }: PricedModel, id: string): string[] {
  if (type === 'azure-openai') {
    return ['Azure’s price depends on the deployment type, which is not known; the price of Global is used.'];
  }
  const region = /^https:\/\/bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com/.exec(baseUrl ?? '')?.[1];
  if (type !== 'openai-compatible' || region === undefined || LISTED_BEDROCK.test(region)) return [];
  // Claude costs the same in all regions, and `global.` is one price everywhere.
  return /claude|^global\./.test(id)
    ? []
    : [`Bedrock’s price in ${region} is not listed; the price in us-east-1 is used.`];
}

/** The whole of a price list times a number, as the prices of one place. */
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
