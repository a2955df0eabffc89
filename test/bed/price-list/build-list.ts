import { currentPrices, currentVariants } from '../../../src/core/models/prices/list/current-prices.ts';
import { findModel } from '../../../src/core/models/prices/list/match-model.ts';
import type {
  ListModel,
  ListPrice,
  ListPrices,
  ListProvider,
  PriceVariant,
} from '../../../src/core/models/prices/list/price-list.ts';
import type { ReferenceModel } from './read-litellm.ts';

/** Models that both tables contain, and whether their standard prices agree. */
export interface Compared {
  provider: string;
  id: string;
  listed: ListPrices;
  reference: ReferenceModel;
  agrees: boolean;
  /** The service tiers that our list has prices for. */
  tiers: string[];
}

export interface Built {
  providers: ListProvider[];
  compared: Compared[];
  /** Data taken from the reference: `google deepseek-v3.2-maas`. */
  added: string[];
  filled: string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Providers whose models are added if only the reference has them; the others have too many unreachable models. */
const ADDED_FROM = new Set([
  'openai',
  'anthropic',
  'google',
  'mistral',
  'groq',
  'deepseek',
  'x-ai',
  'aws',
  'azure',
  'cerebras',
]);
/** Billed by the models that these name, not by the model's own name. */
const NO_MODEL = /^(?:ft:(?:babbage|davinci)|container$)/;

/**
 * genai-prices has precedence; litellm adds models and kinds of prices that it lacks, the latter only if both tables agree
 * on the standard prices. Nothing of genai-prices is changed.
 */
export function buildList(
  listed: ListProvider[],
  references: ReferenceModel[],
  options: { now: number; source: string },
): Built {
  const providers = structuredClone(listed);
  const built: Built = { providers, compared: [], added: [], filled: [] };
  const seen = new Set<string>();
  for (const reference of inOrder(references, listed)) {
    const provider = providers.find(({ id }) => id === reference.provider);
    const original = listed.find(({ id }) => id === reference.provider);
    if (!provider || !original) continue;
    const name = `${reference.provider} ${reference.id}`;
    const whole = findModel(original, reference.id, listed);
    const twin = whole ?? findModel(original, lastPart(reference.id), listed);
    const own = twin && provider.models.find(({ id }) => id === twin.id);
    // A name with a path in front (`eu/gpt-4o`) may differ from the model at its end.
    if (twin) compare(built, { reference, twin, own, isWhole: whole !== undefined, now: options.now });
    // A model that is priced like another provider's gets a separate entry if its endpoints have their own prices.
    const isAddition = twin === undefined || (own === undefined && reference.regional !== undefined);
    if (isAddition && !seen.has(name) && isWorthAdding(reference)) {
      seen.add(name);
      provider.models.push(toListModel(reference, options.source));
      built.added.push(name);
    }
  }
  const order = new Map(references.map((reference, index) => [reference, index]));
  built.compared.sort((a, b) => (order.get(a.reference) ?? 0) - (order.get(b.reference) ?? 0));
  return built;
}

/** Of several names of one model its own has precedence: a preview may lack a price that the model has by now. */
function inOrder(references: ReferenceModel[], listed: ListProvider[]): ReferenceModel[] {
  const names = new Set(listed.flatMap(({ id, models }) => models.map((model) => `${id} ${model.id}`)));
  const isNamed = ({ provider, id }: ReferenceModel) => names.has(`${provider} ${id}`);
  return [...references.filter(isNamed), ...references.filter((reference) => !isNamed(reference))];
}

interface Pair {
  reference: ReferenceModel;
  twin: ListModel;
  /** The copy to be filled; undefined if the model belongs to another provider. */
  own: ListModel | undefined;
  /** Found by its full name, not only by the part after the last slash. */
  isWhole: boolean;
  now: number;
}

function compare(built: Built, { reference, twin, own, isWhole, now }: Pair): void {
  const listed = currentPrices(twin, now);
  const agrees = pricesOfTheDay(twin, now).some((prices) => sameStandard(prices, reference.prices));
  const compared: Compared = { provider: reference.provider, id: reference.id, listed, reference, agrees, tiers: [] };
  built.compared.push(compared);
  if (!own) return;
  if (!agrees) {
    const isFree = (amounts(reference.prices.input_mtok)[0] ?? 0) === 0 || Object.keys(listed).length === 0;
    if (isFree || !isWhole) return;
    // Vertex AI and the Gemini API share a provider, but not always the price.
    const id = reference.regional === undefined ? reference.id : `vertex_ai/${reference.id}`;
    const { input_mtok = 0, output_mtok = 0 } = reference.prices;
    own.disputed = { ...own.disputed, [id]: { input_mtok, output_mtok } };
    return;
  }
  const name = `${reference.provider} ${own.id}`;
  if (fillPrices(own, reference)) built.filled.push(`${name} (${reference.id})`);
  const known = new Set(currentVariants(own, now).flatMap(({ when }) => Object.entries(when).map(String)));
  const missing = variantsOf(reference, listed, Array.isArray(own.prices)).filter(({ when }) =>
    Object.entries(when).every((pair) => !known.has(String(pair))),
  );
  if (missing.length > 0) own.price_variants = [...(own.price_variants ?? []), ...missing];
  compared.tiers = (own.price_variants ?? []).flatMap(({ when }) => when.service_tier ?? []);
}

/** Kinds of tokens that only the reference has a price for. Prices with conditions have a history that it does not know. */
function fillPrices(model: ListModel, { prices }: ReferenceModel): boolean {
  if (Array.isArray(model.prices)) return false;
  const own = model.prices;
  const missing = Object.entries(prices).filter(([name, price]) => own[name] === undefined && price !== 0);
  // A price that equals the input's adds nothing.
  const telling = missing.filter(
    ([name, price]) => !(name.startsWith('cache_read') && samePrice(price, own.input_mtok)),
  );
  for (const [name, price] of telling) own[name] = price;
  return telling.length > 0;
}

/**
 * A tier that is a constant share of the standard price stays one when that changes; others are left out if a change of
 * the standard price is already known.
 */
function variantsOf(
  { tiers, regional, processing, geo }: ReferenceModel,
  standard: ListPrices,
  changes: boolean,
): PriceVariant[] {
  return [
    ...[...tiers].flatMap(([service_tier, prices]): PriceVariant[] => {
      const multiplier = ratioOf(prices, standard);
      if (multiplier !== undefined) return [{ when: { service_tier }, multiplier }];
      return changes ? [] : [{ when: { service_tier }, prices }];
    }),
    ...(regional === undefined ? [] : [{ when: { endpoint: 'regional' }, multiplier: regional }]),
    ...[...processing].map(([endpoint, multiplier]): PriceVariant => ({ when: { endpoint }, multiplier })),
    ...[...geo].map(([inference_geo, multiplier]): PriceVariant => ({ when: { inference_geo }, multiplier })),
  ];
}

function ratioOf(prices: ListPrices, standard: ListPrices): number | undefined {
  const ratios = Object.entries(standard).flatMap(([name, price]) => {
    const [own, other] = [amounts(prices[name]), amounts(price)];
    if (!/_mtok$/.test(name) || own.length === 0) return [];
    return own.length === other.length ? own.map((value, index) => value / (other[index] || Number.NaN)) : [Number.NaN];
  });
  const [first] = ratios;
  const known = Object.keys(standard).every((name) => !/_mtok$/.test(name) || prices[name] !== undefined);
  if (first === undefined || !known || !ratios.every((ratio) => Math.abs(ratio - first) < 1e-9)) return undefined;
  return Number(first.toPrecision(6));
}

/** All prices that may apply on a day: some change with the hour. */
function pricesOfTheDay(model: ListModel, now: number): ListPrices[] {
  const midnight = now - (now % DAY_MS);
  return Array.from({ length: 24 }, (_, hour) => currentPrices(model, midnight + hour * HOUR_MS));
}

function sameStandard(one: ListPrices, other: ListPrices): boolean {
  return ['input_mtok', 'output_mtok'].every((name) => samePrice(one[name], other[name]));
}

/** The table writes zero for "unknown", even as the base of tiers. */
function isWorthAdding({ provider, id, prices }: ReferenceModel): boolean {
  const isPriced = [prices.input_mtok, prices.output_mtok].every((price) => (amounts(price)[0] ?? 0) > 0);
  return ADDED_FROM.has(provider) && !NO_MODEL.test(id) && isPriced;
}

function toListModel(reference: ReferenceModel, source: string): ListModel {
  const { id, prices, contextWindow } = reference;
  const variants = variantsOf(reference, prices, false);
  const last = lastPart(id);
  return {
    id,
    match: id.startsWith('ft:')
      ? { or: [{ equals: id }, { starts_with: `${id}:` }] }
      : last === id
        ? { equals: id }
        : { or: [{ equals: id }, { equals: last }] },
    prices,
    ...(variants.length > 0 ? { price_variants: variants } : {}),
    ...(contextWindow === undefined ? {} : { context_window: contextWindow }),
    source,
  };
}

function lastPart(id: string): string {
  return id.replace(/^.*\//, '');
}

function amounts(price: ListPrice | undefined): number[] {
  if (price === undefined) return [];
  return typeof price === 'number' ? [price] : [price.base, ...price.tiers.map((tier) => tier.price)];
}

export function samePrice(a: ListPrice | undefined, b: ListPrice | undefined): boolean {
  const [one, other] = [plain(a), plain(b)];
  // "From 200,000" and "above 199,999" are the same.
  return (
    one.length === other.length && one.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= 1e-5 * value)
  );
}

function plain(price: ListPrice | undefined): number[] {
  if (price === undefined) return [];
  return typeof price === 'number'
    ? [price]
    : [price.base, ...price.tiers.flatMap(({ start, price }) => [start, price])];
}
