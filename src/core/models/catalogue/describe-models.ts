import type { ListedModel } from '../chat-model.ts';
import { type Connection, formatModelRef, isSimulated } from '../connection.ts';
import type { ModelInfo } from '../models.ts';
import type { PricedModel } from '../prices/list/price-at-place.ts';
import type { Prices } from '../prices/prices.ts';

/** Combines the provider's list entry of a model with its prices and the catalogue; makes no request. */
export async function describeModel(connection: Connection, listed: ListedModel, prices: Prices): Promise<ModelInfo> {
  const { id, type, baseUrl, location } = connection;
  const { id: model, baseModel } = listed;
  const serviceTier = type === 'vertexai' ? sharedTierOf(connection) : undefined;
  const priced: PricedModel = { type, connectionId: id, model, baseModel, baseUrl, location, serviceTier };
  const [tokenPrices, entry, { modelCapabilities }] = await Promise.all([
    prices.pricesFor(priced),
    listed.contextWindow === undefined ? prices.listEntry(priced) : undefined,
    import('./catalogue.ts'),
  ]);
  const can = modelCapabilities(type, listed.baseModel ?? listed.id);
  const contextWindow = listed.contextWindow ?? entry?.contextWindow ?? can?.contextWindow;
  const maxOutputTokens = listed.maxOutputTokens ?? can?.maxOutputTokens;
  return {
    ...listed,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ref: formatModelRef({ connection: id, model: listed.id }),
    connection: id,
    type,
    ...(isSimulated(type) && { simulated: true }),
    prices: tokenPrices,
  };
}

const VERTEX_TIER = 'x-vertex-ai-llm-shared-request-type';

/** Flex and Priority PayGo of Vertex AI are selected by a header. */
function sharedTierOf({ headers }: Connection): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === VERTEX_TIER)?.[1];
}
