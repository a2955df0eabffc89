import { currentPrices } from './current-prices.ts';
import type { ListModel, ListPrice } from './price-list.ts';

/**
 * A fetched list has no multiples and fewer kinds of prices than the built-in list: a model gets them from there, the
 * latter only if both have the same standard prices.
 */
export function completeModel(fetched: ListModel, shipped: ListModel | undefined, now: number): ListModel {
  if (shipped === undefined) return fetched;
  const own = fetched.price_variants ?? [];
  const known = new Set(own.flatMap(({ when }) => Object.entries(when).map(String)));
  const multiples = (shipped.price_variants ?? []).filter(
    ({ when, multiplier }) => multiplier !== undefined && !Object.entries(when).some((pair) => known.has(String(pair))),
  );
  const completed: ListModel = { ...fetched };
  if (own.length + multiples.length > 0) completed.price_variants = [...own, ...multiples];
  const [prices, other] = [currentPrices(fetched, now), currentPrices(shipped, now)];
  const isSame = ['input_mtok', 'output_mtok'].every((name) => same(prices[name], other[name]));
  if (!isSame) return completed;
  if (shipped.disputed !== undefined) completed.disputed = shipped.disputed;
  // Conditional prices change, and additions to them would not.
  if (!Array.isArray(fetched.prices) && Object.keys(prices).length > 0) completed.prices = { ...other, ...prices };
  return completed;
}

function same(one: ListPrice | undefined, other: ListPrice | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
