import { isRecord } from '../../../../shared/is-record.ts';
import type { Constraint, ListModel, ListPrice, ListPrices, ListProvider, Match, PriceVariant } from './price-list.ts';

/** The usable part of a published file. */
export interface CheckedList {
  providers: ListProvider[];
  models: number;
  /** Entries that were omitted because they do not have the expected format. */
  dropped: number;
}

/** A file with a larger share of invalid entries is not a price list of this format. */
const MOST_DROPPED = 0.1;
const LONGEST_NAME = 200;
const LONGEST_PATTERN = 300;
/** Patterns come from outside and are matched against names: a repeated group could take forever. */
const REPEATED_GROUP = /\)[*+{]/;
/** The number of ways to match a pattern against a name of this length above which it is rejected. */
const LONGEST_RUN = 256;
const MOST_WAYS = LONGEST_RUN ** 2 * 2;
const DEEPEST = 5;

/** Checks data in the format of genai-prices. Throws an Error with the reason if it is not such a list. */
export function checkPriceList(value: unknown): CheckedList {
  const rows = Array.isArray(value)
    ? value
    : isRecord(value) && Array.isArray(value.providers)
      ? value.providers
      : undefined;
  if (rows === undefined) throw new Error('it is not a list of providers');
  const checked: CheckedList = { providers: [], models: 0, dropped: 0 };
  for (const [index, row] of rows.entries()) checked.providers.push(toProvider(row, index, checked));
  if (checked.models === 0) throw new Error('it has no model with a price');
  const { models, dropped } = checked;
  if (dropped > MOST_DROPPED * (models + dropped)) {
    throw new Error(`${dropped} of its ${models + dropped} models do not have the expected format`);
  }
  return checked;
}

function toProvider(row: unknown, index: number, checked: CheckedList): ListProvider {
  const where = `provider ${index + 1}`;
  if (!isRecord(row)) throw new Error(`${where} is not an object`);
  const { id, api_pattern, models, fallback_model_providers: fallback } = row;
  if (!isName(id)) throw new Error(`${where} has no id`);
  if (!isPattern(api_pattern)) throw new Error(`the provider ${id} has no usable api_pattern`);
  if (!Array.isArray(models)) throw new Error(`the provider ${id} has no list of models`);
  const known = models.flatMap((model) => toModel(model) ?? []);
  checked.models += known.length;
  checked.dropped += models.length - known.length;
  const fallbacks = Array.isArray(fallback) ? { fallback_model_providers: fallback.filter(isName) } : {};
  return { id, api_pattern, ...fallbacks, models: known };
}

function toModel(row: unknown): ListModel | undefined {
  if (!isRecord(row) || !isName(row.id) || !isMatch(row.match)) return undefined;
  const prices = Array.isArray(row.prices) ? conditional(row.prices) : toPrices(row.prices);
  if (prices === undefined) return undefined;
  const variants = row.price_variants === undefined ? [] : toVariants(row.price_variants);
  if (variants === undefined) return undefined;
  const window = row.context_window;
  return {
    id: row.id,
    match: row.match,
    prices,
    ...(variants.length > 0 ? { price_variants: variants } : {}),
    ...(typeof window === 'number' && Number.isSafeInteger(window) && window > 0 ? { context_window: window } : {}),
  };
}

function conditional(rows: unknown[]): Exclude<ListModel['prices'], ListPrices> | undefined {
  const all = rows.map((row) => {
    const prices = isRecord(row) ? toPrices(row.prices) : undefined;
    const constraint = isRecord(row) ? toConstraint(row.constraint) : undefined;
    return prices === undefined || constraint === undefined ? undefined : { ...constraint, prices };
  });
  const known = all.filter((one) => one !== undefined);
  return known.length === rows.length && known.length > 0 ? known : undefined;
}

function toVariants(value: unknown): PriceVariant[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = value.map((row): PriceVariant | undefined => {
    if (!isRecord(row) || !isRecord(row.when)) return undefined;
    const when = Object.entries(row.when);
    const prices = toPrices(row.prices);
    const constraint = toConstraint(row.constraint);
    if (when.length === 0 || !when.every(([, text]) => isName(text)) || !prices || !constraint) return undefined;
    return { when: row.when as Record<string, string>, prices, ...constraint };
  });
  const sound = known.filter((one) => one !== undefined);
  return sound.length === known.length ? sound : undefined;
}

/** An empty object if there is no constraint; undefined if there is one that is not supported. */
function toConstraint(value: unknown): { constraint?: Constraint } | undefined {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) return undefined;
  const { start_date, start_time, end_time } = value;
  if (typeof start_date === 'string') {
    return /^\d{4}-\d{2}-\d{2}$/.test(start_date) && !Number.isNaN(Date.parse(start_date))
      ? { constraint: { start_date } }
      : undefined;
  }
  return isTime(start_time) && isTime(end_time) ? { constraint: { start_time, end_time } } : undefined;
}

function isTime(value: unknown): value is string {
  const form = /^\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
  return typeof value === 'string' && form.test(value) && !Number.isNaN(Date.parse(`1970-01-02T${value}`));
}

function toPrices(value: unknown): ListPrices | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter(([, price]) => price !== undefined && price !== null);
  const sound = entries.every(([name, price]) => isName(name) && isPrice(price));
  return sound ? (Object.fromEntries(entries) as ListPrices) : undefined;
}

function isPrice(value: unknown): value is ListPrice {
  if (isAmount(value)) return true;
  if (!isRecord(value) || !isAmount(value.base) || !Array.isArray(value.tiers)) return false;
  return value.tiers.every((tier) => isRecord(tier) && isAmount(tier.price) && Number.isSafeInteger(tier.start));
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isMatch(value: unknown, depth = 0): value is Match {
  if (!isRecord(value) || depth > DEEPEST) return false;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return false;
  const [name, inner] = entry;
  if (name === 'or' || name === 'and') {
    return Array.isArray(inner) && inner.length > 0 && inner.every((one) => isMatch(one, depth + 1));
  }
  if (name === 'regex') return isPattern(inner);
  return ['equals', 'starts_with', 'ends_with', 'contains'].includes(name) && isName(inner);
}

function isPattern(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_PATTERN) return false;
  if (REPEATED_GROUP.test(value) || waysOf(value) > MOST_WAYS) return false;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}

/** Escapes and classes are units, so that their content is not an operator. */
const OPERATOR = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?[:=!])?|[)|*+?]|\{(\d+)(?:(,)(\d*))?\}/gs;

/** Each choice multiplies: alternatives by their number, optional and repeated parts by their possible lengths. */
function waysOf(pattern: string): number {
  let ways = 1;
  const alternatives = [1];
  for (const [token, least, comma, most] of pattern.matchAll(OPERATOR)) {
    if (token.startsWith('(')) alternatives.push(1);
    else if (token === '|') alternatives.push((alternatives.pop() ?? 1) + 1);
    else if (token === ')') ways *= alternatives.pop() ?? 1;
    else if (token === '?') ways *= 2;
    else if (token === '*' || token === '+') ways *= LONGEST_RUN;
    else if (comma !== undefined) ways *= (most ? Number(most) : LONGEST_RUN) - Number(least) + 1;
  }
  return alternatives.reduce((product, one) => product * one, ways);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;
}
