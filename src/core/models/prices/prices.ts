import type { Settings } from '../../base/settings.ts';
import type { ConnectionProblem, TokenPrices } from '../models.ts';
import type { PricedModel, PriceListEntry } from './list/find-in-lists.ts';
import type { PriceList } from './list/price-list.ts';
import { type PriceOverrides, readPriceOverrides } from './price-overrides.ts';

export { type CostBreakdown, costOf } from './costs.ts';
export type { PricedModel, PriceListEntry } from './list/find-in-lists.ts';

export interface Prices {
  pricesFor(model: PricedModel): Promise<TokenPrices | undefined>;
  /** From the price list alone, for a context window that no provider tells. */
  listEntry(model: PricedModel): Promise<PriceListEntry | undefined>;
  problems(): ConnectionProblem[];
}

/** Prices by the user's setting first, then the lists. They are loaded when they are first needed. */
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

/** A list of models asks for hundreds of prices, again and again. */
function remember(now: () => number): Prices['listEntry'] {
  let found = new Map<string, Promise<PriceListEntry | undefined>>();
  let period: number | undefined;
  return (model) => {
    const current = Math.floor(now() / REMEMBERED_MS);
    if (current !== period) found = new Map();
    period = current;
    const { type, baseModel, baseUrl, location } = model;
    const key = JSON.stringify([type, model.model, baseModel, baseUrl, location]);
    const entry = found.get(key) ?? findEntry(model, now());
    found.set(key, entry);
    return entry;
  };
}

async function findEntry(asked: PricedModel, now: number): Promise<PriceListEntry | undefined> {
  if (asked.type === 'demo' || asked.type === 'vscode') return undefined;
  const [{ findInLists }, { loadBuiltInList }] = await Promise.all([
    import('./list/find-in-lists.ts'),
    import('./list/price-list.ts'),
  ]);
  const lists: PriceList[] = [await loadBuiltInList()];
  return findInLists(lists, asked, now);
}
