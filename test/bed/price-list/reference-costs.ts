import type { ListPrice, ListPrices } from '../../../src/core/models/prices/list/price-list.ts';
import { type Compared, samePrice } from './build-list.ts';

/** A request and its cost by both tables, calculated without any code of the product. */
export interface ReferenceCase {
  provider: string;
  model: string;
  serviceTier?: string;
  usage: {
    inputTokens: number;
    outputTokens: number;
    cacheReadTokens?: number;
    cacheWriteTokens?: number;
    cacheWrite1hTokens?: number;
  };
  usd: number;
}

/** Small, with caches, and above every tier of a table. */
const USAGES: ReferenceCase['usage'][] = [
  { inputTokens: 1_234, outputTokens: 567 },
  { inputTokens: 50_000, outputTokens: 2_000, cacheReadTokens: 30_000 },
  {
    inputTokens: 60_000,
    outputTokens: 1_000,
    cacheReadTokens: 20_000,
    cacheWriteTokens: 10_000,
    cacheWrite1hTokens: 4_000,
  },
  { inputTokens: 400_000, outputTokens: 9_000, cacheReadTokens: 100_000 },
];
const MOST_A_PROVIDER = 28;

/** Cases for the models whose prices in both tables agree in everything that the case needs. */
export function makeCases(compared: readonly Compared[]): ReferenceCase[] {
  const byProvider = Map.groupBy(compared, ({ provider }) => provider);
  return [...byProvider.values()].flatMap((models) => {
    const agreeing = models.filter(({ agrees, listed }) => agrees && listed.input_mtok !== undefined);
    const step = Math.max(1, agreeing.length / MOST_A_PROVIDER);
    const chosen = Array.from(
      { length: Math.min(agreeing.length, MOST_A_PROVIDER) },
      (_, i) => agreeing[Math.floor(i * step)],
    );
    return chosen.flatMap((model) => (model ? casesOf(model) : []));
  });
}

function casesOf({ provider, id, listed, reference, tiers: priced }: Compared): ReferenceCase[] {
  const usages = USAGES.filter((usage) =>
    classesOf(usage).every((name) => samePrice(listed[name], reference.prices[name]) && listed[name] !== undefined),
  );
  const standard = usages.map((usage) => ({ provider, model: id, usage, usd: costOf(usage, reference.prices) }));
  const [first] = USAGES;
  const tiers = [...reference.tiers].flatMap(([serviceTier, prices]) =>
    first && priced.includes(serviceTier)
      ? [{ provider, model: id, serviceTier, usage: first, usd: costOf(first, prices) }]
      : [],
  );
  return [...standard, ...tiers];
}

function classesOf(usage: ReferenceCase['usage']): string[] {
  const names = ['input_mtok', 'output_mtok'];
  if (usage.cacheReadTokens) names.push('cache_read_mtok');
  if (usage.cacheWriteTokens) names.push('cache_write_mtok');
  if (usage.cacheWrite1hTokens) names.push('cache_write_1h_mtok');
  return names;
}

function costOf(usage: ReferenceCase['usage'], prices: ListPrices): number {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0, cacheWrite1hTokens = 0 } = usage;
  const at = (name: string) => perToken(prices[name], inputTokens);
  const fresh = inputTokens - cacheReadTokens - cacheWriteTokens;
  const writes =
    (cacheWriteTokens - cacheWrite1hTokens) * at('cache_write_mtok') + cacheWrite1hTokens * at('cache_write_1h_mtok');
  const usd =
    fresh * at('input_mtok') + cacheReadTokens * at('cache_read_mtok') + writes + outputTokens * at('output_mtok');
  return Number(usd.toPrecision(12));
}

function perToken(price: ListPrice | undefined, inputTokens: number): number {
  if (price === undefined) return 0;
  if (typeof price === 'number') return price / 1e6;
  const tier = price.tiers.findLast(({ start }) => inputTokens > start);
  return (tier?.price ?? price.base) / 1e6;
}
