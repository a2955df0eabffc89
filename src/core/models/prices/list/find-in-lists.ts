import type { ConnectionType } from '../../chat-model.ts';
import type { TokenPrices } from '../../models.ts';
import { completeModel } from './complete-model.ts';
import { findModel, findProviderByUrl } from './match-model.ts';
import { type PricedModel, priceAtPlace, vertexLocation } from './price-at-place.ts';
import type { ListModel, ListPrices, ListProvider, PriceList } from './price-list.ts';
import { toTiered, toTokenPrices } from './token-prices.ts';

/** A price list's entry for a model. */
export interface PriceListEntry {
  prices: TokenPrices | undefined;
  contextWindow: number | undefined;
}

/** Claude and Llama on Vertex AI are listed under Google; azure and bedrock have separate prices. */
export const PROVIDER_IDS: Partial<Record<ConnectionType, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  googleai: 'google',
  vertexai: 'google',
  'azure-openai': 'azure',
};

/** The first list with the model counts: a fetched one takes precedence over the built-in one. */
export function findInLists(
  lists: readonly PriceList[],
  requested: PricedModel,
  now: number,
): PriceListEntry | undefined {
  const [first, ...others] = lists;
  if (first === undefined) return undefined;
  const found = findIn(first, requested);
  if (found === undefined) return findInLists(others, requested, now);
  const [shipped] = others;
  if (shipped === undefined) return toEntry(found, { list: first, requested, now });
  const model = completeModel(found.model, findIn(shipped, requested)?.model, now);
  const list = { comparedWith: shipped.comparedWith ?? '', ...first };
  return toEntry({ ...found, model }, { list, requested, now });
}

interface Found {
  id: string;
  model: ListModel;
}

function findIn({ providers }: PriceList, requested: PricedModel): Found | undefined {
  const provider = findProvider(providers, requested);
  if (!provider) return undefined;
  for (const id of candidateIds(requested)) {
    const model = findModel(provider, id, providers);
    if (model) return { id, model };
  }
  return undefined;
}

/** A compatible server has prices only if its host is in the list (Groq, OpenRouter, Bedrock, …). */
function findProvider(providers: readonly ListProvider[], { type, baseUrl }: PricedModel): ListProvider | undefined {
  const providerId = PROVIDER_IDS[type];
  if (providerId !== undefined) return providers.find(({ id }) => id === providerId);
  return baseUrl === undefined ? undefined : findProviderByUrl(providers, baseUrl);
}

/** Ids as spelled in the list: without Vertex AI's or the Gemini API's path before the name. */
function candidateIds({ model, baseModel }: PricedModel): string[] {
  const ids = [baseModel ?? '', model].filter((id) => id !== '');
  return [...new Set(ids.flatMap((id) => [id, id.replace(/^.*\/models\/|^models\//, ''), id.replace(/^.*\//, '')]))];
}

function toEntry(
  { id, model }: Found,
  { list, requested, now }: { list: PriceList; requested: PricedModel; now: number },
): PriceListEntry {
  const contextWindow = model.context_window;
  // Free at the Gemini API; on Vertex AI an open model runs on machines that are paid for.
  const isFree = !Array.isArray(model.prices) && Object.keys(model.prices).length === 0;
  const isVertex = vertexLocation(requested) !== undefined;
  if (isFree && isVertex) return { prices: undefined, contextWindow };
  const source = `${model.source ?? list.source} (${list.date})`;
  const prices = toTokenPrices(model, now, { source, asOf: list.date });
  const other = disputeOf(model, requested, isVertex ? 'vertex_ai/' : '');
  if (other !== undefined) prices.disputed = { by: list.comparedWith ?? 'another list', prices: toTiered(other) };
  return { prices: priceAtPlace(prices, requested, id), contextWindow };
}

/** The other table has it by name; here it may be written in capitals, or at the end of an ARN. */
function disputeOf({ disputed = {} }: ListModel, requested: PricedModel, prefix: string): ListPrices | undefined {
  const names = new Set(candidateIds(requested).map((id) => `${prefix}${id}`.toLowerCase()));
  return Object.entries(disputed).find(([name]) => names.has(name.toLowerCase()))?.[1];
}
