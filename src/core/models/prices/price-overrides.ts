import { isRecord } from '../../base/is-record.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { ClassPrices, ConnectionProblem, TokenPrices } from '../models.ts';

const PRICES_SETTING = 'llmops.prices';
const CLASSES: readonly (keyof ClassPrices)[] = [
  'inputUsd',
  'outputUsd',
  'cacheReadUsd',
  'cacheWriteUsd',
  'cacheWrite1hUsd',
  'reasoningUsd',
  'inputAudioUsd',
  'outputAudioUsd',
  'cacheReadAudioUsd',
];
export const PRICE_FIELDS: readonly string[] = [...CLASSES, 'usdPerHour', 'tokensPerSecond', 'asOf', 'from'];

/** Prices that hold from a day on; no day means always. */
interface DatedPrices {
  from: number;
  prices: TokenPrices;
}

interface Override {
  matches(ref: string): boolean;
  dated: DatedPrices[];
}

export interface PriceOverrides {
  /** The prices that hold now; undefined where nothing is said of the model. */
  find(ref: string, now: number): TokenPrices | undefined;
  problems: ConnectionProblem[];
}

/** Where overrides are written. */
export interface OverrideOrigin {
  /** The path of the file, or the name of the setting. */
  where: string;
  /** As the source of a price is shown. */
  source: string;
  rangeOf?(keys: readonly string[]): ConnectionProblem['range'];
}

/** Tells of a problem; the keys lead to what is wrong. */
type Report = (keys: readonly string[], message: string) => void;

/** Checks prices by model. An entry with a mistake is left out whole: half a price would give a wrong sum. */
export function readPriceOverrides(
  value: unknown,
  origin: OverrideOrigin = { where: PRICES_SETTING, source: PRICES_SETTING },
): PriceOverrides {
  const problems: ConnectionProblem[] = [];
  const report: Report = (keys, message) => {
    const range = origin.rangeOf?.(keys);
    problems.push({ where: origin.where, message, ...(range && { range }) });
  };
  if (value !== undefined && value !== null && !isRecord(value)) {
    report([], 'This must be a map: connection/model for each entry, with its prices below.');
  }
  const entries = isRecord(value) ? Object.entries(value) : [];
  const overrides = entries
    .sort(([a], [b]) => specificity(b) - specificity(a))
    .flatMap(([pattern, entry]): Override[] => {
      if (!pattern.includes('/')) {
        report([pattern], `"${pattern}" is not a model: write connection/model, with * for any text.`);
        return [];
      }
      const dated = readEntry(pattern, entry, { report, source: origin.source });
      return dated === undefined ? [] : [{ matches: matcher(pattern), dated }];
    });
  const find = (ref: string, now: number) => {
    for (const { matches, dated } of overrides) {
      const current = matches(ref) ? dated.findLast(({ from }) => from <= now) : undefined;
      if (current !== undefined) return current.prices;
    }
    return undefined;
  };
  return { find, problems };
}

/** A name without `*` beats every pattern; among patterns the one with more fixed text wins. */
function specificity(pattern: string): number {
  return pattern.includes('*') ? pattern.replaceAll('*', '').length : Number.MAX_SAFE_INTEGER;
}

/** Piece by piece, since a regular expression with many stars may take minutes. */
function matcher(pattern: string): (ref: string) => boolean {
  const pieces = pattern.toLowerCase().split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (ref) => ref.toLowerCase() === first;
  return (ref) => {
    const name = ref.toLowerCase();
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}

interface EntryContext {
  report: Report;
  source: string;
}

function readEntry(pattern: string, value: unknown, { report, source }: EntryContext): DatedPrices[] | undefined {
  const dated: DatedPrices[] = [];
  const isList = Array.isArray(value);
  for (const [index, item] of (isList ? value : [value]).entries()) {
    const place = isList ? [pattern, String(index)] : [pattern];
    if (!isRecord(item)) {
      report(place, `"${pattern}": must be prices in dollars, such as {"inputUsd": 1, "outputUsd": 4}.`);
      return undefined;
    }
    const problem = entryProblem(item);
    if (problem !== undefined) {
      const { field, message } = problem;
      report(field === undefined ? place : [...place, field], `"${pattern}": ${message}`);
      return undefined;
    }
    dated.push({
      from: item.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(String(item.from)),
      prices: toPrices(item, source),
    });
  }
  return dated.sort((a, b) => a.from - b.from);
}

interface EntryProblem {
  field?: string;
  message: string;
}

function entryProblem(item: Record<string, unknown>): EntryProblem | undefined {
  const unknown = Object.keys(item).find((name) => !PRICE_FIELDS.includes(name));
  if (unknown !== undefined) {
    const hint = didYouMean(nearestNames(unknown, PRICE_FIELDS, 1)) ?? `Known are ${PRICE_FIELDS.join(', ')}.`;
    return { field: unknown, message: `there is no "${unknown}". ${hint}` };
  }
  for (const name of [...CLASSES, 'usdPerHour', 'tokensPerSecond']) {
    const price = item[name];
    const sound = price === undefined || (typeof price === 'number' && Number.isFinite(price) && price >= 0);
    if (!sound) return { field: name, message: `"${name}" must be a number, 0 or more.` };
  }
  for (const name of ['asOf', 'from']) {
    const day = item[name];
    if (
      day !== undefined &&
      !(typeof day === 'string' && /^\d{4}-\d{2}-\d{2}/.test(day) && !Number.isNaN(Date.parse(day)))
    ) {
      return { field: name, message: `"${name}" must be a date, such as 2026-11-23.` };
    }
  }
  return unitProblem(item);
}

function unitProblem(item: Record<string, unknown>): EntryProblem | undefined {
  const perToken = CLASSES.some((name) => item[name] !== undefined);
  if (item.usdPerHour !== undefined) {
    if (perToken) return { message: 'gives a price by the hour and by the token; leave one out.' };
    if (item.tokensPerSecond !== 0) return undefined;
    return { field: 'tokensPerSecond', message: '"tokensPerSecond" must be more than 0.' };
  }
  if (item.tokensPerSecond !== undefined) {
    return { field: 'tokensPerSecond', message: '"tokensPerSecond" goes with "usdPerHour".' };
  }
  return perToken ? undefined : { message: 'names no price.' };
}

function toPrices(item: Record<string, unknown>, source: string): TokenPrices {
  const day = item.asOf ?? item.from;
  const asOf = day === undefined ? undefined : String(day).slice(0, 10);
  const prices: TokenPrices = asOf === undefined ? { source } : { source: `${source} (${asOf})`, asOf };
  for (const name of CLASSES) {
    const price = item[name];
    if (typeof price === 'number') prices[name] = price;
  }
  if (typeof item.usdPerHour === 'number') {
    prices.hourly = { usdPerHour: item.usdPerHour };
    if (typeof item.tokensPerSecond === 'number') prices.hourly.tokensPerSecond = item.tokensPerSecond;
  }
  return prices;
}
