import type { ModelPrice, Provider } from '@pydantic/genai-prices';
import type { Settings } from '../../base/settings.ts';
import type { ConnectionType } from '../chat-model.ts';
import type { ConnectionProblem, PriceTier, TokenPrices } from '../models.ts';
import { type PriceOverrides, readPriceOverrides } from './price-overrides.ts';

export { type CostBreakdown, costOf } from './costs.ts';

/** The version of the price list that is built in; a test holds it equal to the installed one. */
export const PRICE_LIST = 'genai-prices 0.1.8';

/** What a price is asked for: the model, and the one underneath it for deployments and tuned models. */
export interface PricedModel {
  type: ConnectionType;
  connectionId: string;
  model: string;
  baseModel?: string | undefined;
  baseUrl?: string | undefined;
}

/** What the price list knows of a model. */
export interface PriceListEntry {
  prices: TokenPrices;
  contextWindow: number | undefined;
}

export interface Prices {
  pricesFor(model: PricedModel): Promise<TokenPrices | undefined>;
  /** From the price list alone, for a context window that no provider tells. */
  listEntry(model: PricedModel): Promise<PriceListEntry | undefined>;
  problems(): ConnectionProblem[];
}

/** Vertex AI's Claude and Llama stand in the list under Google; azure and bedrock have prices of their own. */
const PROVIDER_IDS: Partial<Record<ConnectionType, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  googleai: 'google',
  vertexai: 'google',
  'azure-openai': 'azure',
};

const CLASSES: readonly [keyof PriceTier & keyof TokenPrices, string][] = [
  ['inputUsd', 'input_mtok'],
  ['outputUsd', 'output_mtok'],
  ['cacheReadUsd', 'cache_read_mtok'],
  ['cacheWriteUsd', 'cache_write_mtok'],
  ['reasoningUsd', 'output_reasoning_mtok'],
];

/** Prices by the user's setting first, then the built-in list. The list is loaded when it is first needed. */
export function createPrices(settings: () => Pick<Settings, 'prices'>, now: () => number): Prices {
  let overrides: { of: string; read: PriceOverrides } | undefined;
  const current = () => {
    const { prices } = settings();
    // By content: a host may hand out one object that changes, or a new one each time.
    const of = JSON.stringify(prices) ?? '';
    if (overrides?.of !== of) overrides = { of, read: readPriceOverrides(prices) };
    return overrides.read;
  };
  const listEntry = remember(now);
  return {
    async pricesFor(model) {
      const own = current().find(`${model.connectionId}/${model.model}`, now());
      if (own !== undefined) return own;
      if (model.type === 'demo') return (await import('../demo/demo.ts')).demoPrices[model.model];
      return (await listEntry(model))?.prices;
    },
    listEntry,
    problems: () => current().problems,
  };
}

/** Some prices change with the hour of the day, so what was found is trusted for a few minutes. */
const REMEMBERED_MS = 5 * 60 * 1000;

/** A look into the list costs a fifth of a millisecond, and a list of models asks for hundreds, again and again. */
function remember(now: () => number): Prices['listEntry'] {
  let found = new Map<string, Promise<PriceListEntry | undefined>>();
  let period: number | undefined;
  return (model) => {
    const current = Math.floor(now() / REMEMBERED_MS);
    if (current !== period) found = new Map();
    period = current;
    const key = JSON.stringify([model.type, model.model, model.baseModel, model.baseUrl]);
    const entry = found.get(key) ?? findInList(model, now());
    found.set(key, entry);
    return entry;
  };
}

async function findInList(asked: PricedModel, now: number): Promise<PriceListEntry | undefined> {
  if (asked.type === 'demo' || asked.type === 'vscode') return undefined;
  const list = await import('@pydantic/genai-prices');
  const provider = findProvider(list, asked);
  if (provider === undefined) return undefined;
  for (const modelId of candidateIds(asked)) {
    const found = list.calcPrice({}, modelId, { provider, timestamp: new Date(now) });
    if (found) return { prices: toTokenPrices(found.model_price), contextWindow: found.model.context_window };
  }
  return undefined;
}

/** A compatible server has prices only where its host is one that the list knows (Groq, OpenRouter, Bedrock, …). */
function findProvider(
  list: typeof import('@pydantic/genai-prices'),
  { type, baseUrl }: PricedModel,
): Provider | undefined {
  const providerId = PROVIDER_IDS[type];
  if (providerId !== undefined) return list.findProvider({ providerId });
  return baseUrl === undefined ? undefined : list.findProvider({ providerApiUrl: baseUrl });
}

/** Ids as the list spells them: without Vertex AI's or the Gemini API's path before the name. */
function candidateIds({ model, baseModel }: PricedModel): string[] {
  const ids = [baseModel ?? '', model].filter((id) => id !== '');
  return [...new Set(ids.flatMap((id) => [id, id.replace(/^.*\/models\/|^models\//, ''), id.replace(/^.*\//, '')]))];
}

function toTokenPrices(listed: ModelPrice): TokenPrices {
  const prices: TokenPrices = { source: PRICE_LIST };
  const tiers = new Map<number, PriceTier>();
  for (const [name, listName] of CLASSES) {
    const price = listed[listName];
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
