import { readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  ConditionalPrices,
  Constraint,
  ListModel,
  ListPrice,
  ListPrices,
  ListProvider,
  Match,
  PriceVariant,
} from '../../../src/core/models/prices/list/price-list.ts';
import { isCall, type PythonCall, type PythonValue, readAssignment } from './read-python.ts';

/** The providers of an unpacked genai-prices package, without unused ones. */
export function readGenaiPrices(folder: string): ListProvider[] {
  const source = readFileSync(path.join(folder, 'genai_prices', 'data.py'), 'utf8');
  return list(readAssignment(source, 'providers')).map((value) => toProvider(call(value)));
}

/** The version in the metadata next to an unpacked package. */
export function readVersion(folder: string, name: string, files: readonly string[]): string {
  const info = files.find((file) => file.startsWith(`${name}-`) && file.endsWith('.dist-info'));
  if (info === undefined) throw new Error(`${folder} has no ${name}-*.dist-info: unpack the whole package.`);
  return info.slice(name.length + 1, -'.dist-info'.length);
}

function toProvider({ named }: PythonCall): ListProvider {
  const fallback = named.get('fallback_model_providers');
  return {
    id: text(named.get('id')),
    api_pattern: text(named.get('api_pattern')),
    ...(Array.isArray(fallback) ? { fallback_model_providers: fallback.map(text) } : {}),
    models: list(named.get('models')).map((model) => toModel(call(model))),
  };
}

function toModel({ named }: PythonCall): ListModel {
  const prices = named.get('prices');
  const variants = named.has('price_variants') ? list(named.get('price_variants')) : [];
  // Requests are never sent in batches here.
  const kept = variants.map((variant) => toVariant(call(variant))).filter(({ when }) => when.processing === undefined);
  const window = named.get('context_window');
  return {
    id: text(named.get('id')),
    match: toMatch(call(named.get('match'))),
    prices: Array.isArray(prices) ? prices.map((one) => toConditional(call(one))) : toPrices(call(prices)),
    ...(kept.length > 0 ? { price_variants: kept } : {}),
    ...(typeof window === 'number' ? { context_window: window } : {}),
  };
}

function toConditional({ named }: PythonCall): ConditionalPrices {
  return { ...constraintOf(named), prices: toPrices(call(named.get('prices'))) };
}

function toVariant({ named }: PythonCall): PriceVariant {
  const when = named.get('when');
  if (!(when instanceof Map)) throw new Error('A variant has no conditions.');
  return {
    when: Object.fromEntries([...when].map(([key, value]) => [key, text(value)])),
    prices: toPrices(call(named.get('prices'))),
    ...constraintOf(named),
  };
}

function constraintOf(named: PythonCall['named']): { constraint?: Constraint } {
  const value = named.get('constraint');
  if (!isCall(value)) return {};
  const date = value.named.get('start_date');
  if (date !== undefined) return { constraint: { start_date: numbers(date).join('-') } };
  const time = (name: string) => `${numbers(value.named.get(name)).concat('00').slice(0, 3).join(':')}Z`;
  return { constraint: { start_time: time('start_time'), end_time: time('end_time') } };
}

/** The numbers of `datetime.date(2026, 10, 14)` and `datetime.time(0, 30)`, with at least two digits. */
function numbers(value: PythonValue | undefined): string[] {
  return call(value).positional.map((part) => String(part).padStart(2, '0'));
}

function toPrices({ named }: PythonCall): ListPrices {
  return Object.fromEntries([...named].map(([name, value]) => [name, toPrice(call(value))]));
}

function toPrice(value: PythonCall): ListPrice {
  if (value.name === 'Decimal') return Number(value.positional[0]);
  const tiers = list(value.named.get('tiers')).map((tier) => {
    const { named } = call(tier);
    return { start: Number(named.get('start')), price: Number(call(named.get('price')).positional[0]) };
  });
  return { base: Number(call(value.named.get('base')).positional[0]), tiers };
}

function toMatch({ named }: PythonCall): Match {
  const [entry] = named;
  if (!entry) throw new Error('A match is empty.');
  const [name, value] = entry;
  if (name === 'or_') return { or: list(value).map((one) => toMatch(call(one))) };
  if (name === 'and_') return { and: list(value).map((one) => toMatch(call(one))) };
  return { [name]: text(value) } as unknown as Match;
}

function call(value: PythonValue | undefined): PythonCall {
  if (isCall(value)) return value;
  throw new Error(`Expected a call, not ${JSON.stringify(value)}.`);
}

function list(value: PythonValue | undefined): PythonValue[] {
  if (Array.isArray(value)) return value;
  throw new Error(`Expected a list, not ${JSON.stringify(value)}.`);
}

function text(value: PythonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`Expected a string, not ${JSON.stringify(value)}.`);
}
