import { isRecord } from '../connections/connection-checks.ts';
import { didYouMean, nearestNames } from '../lists/suggest.ts';
import type { ConnectionProblem, TokenPrices } from '../models.ts';

const SETTING = 'llmops.prices';
const CLASSES = ['inputUsd', 'outputUsd', 'cacheReadUsd', 'cacheWriteUsd', 'reasoningUsd'] as const;
const FIELDS = [...CLASSES, 'usdPerHour', 'tokensPerSecond', 'asOf', 'from'];

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
  /** The prices of the setting that hold now; undefined where it says nothing of the model. */
  find(ref: string, now: number): TokenPrices | undefined;
  problems: ConnectionProblem[];
}

/** Checks `llmops.prices`. An entry with a mistake is left out whole: half a price would give a wrong sum. */
export function readPriceOverrides(setting: unknown): PriceOverrides {
  const problems: ConnectionProblem[] = [];
  const report = (message: string) => problems.push({ where: SETTING, message });
  const entries = isRecord(setting) ? Object.entries(setting) : [];
  const overrides = entries
    .sort(([a], [b]) => specificity(b) - specificity(a))
    .flatMap(([pattern, value]): Override[] => {
      if (!pattern.includes('/')) {
        report(`"${pattern}" is not a model: write connection/model, with * for any text.`);
        return [];
      }
      const dated = readEntry(pattern, value, report);
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

function matcher(pattern: string): (ref: string) => boolean {
  const source = pattern.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('.*')}$`, 'i');
  return (ref) => expression.test(ref);
}

function readEntry(pattern: string, value: unknown, report: (message: string) => void): DatedPrices[] | undefined {
  const dated: DatedPrices[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const problem = isRecord(item)
      ? entryProblem(item)
      : 'must be prices in dollars, such as {"inputUsd": 1, "outputUsd": 4}.';
    if (problem !== undefined || !isRecord(item)) {
      report(`"${pattern}": ${problem}`);
      return undefined;
    }
    dated.push({
      from: item.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(String(item.from)),
      prices: toPrices(item),
    });
  }
  return dated.sort((a, b) => a.from - b.from);
}

function entryProblem(item: Record<string, unknown>): string | undefined {
  const unknown = Object.keys(item).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    return `there is no "${unknown}". ${didYouMean(nearestNames(unknown, FIELDS, 1)) ?? `Known are ${FIELDS.join(', ')}.`}`;
  }
  for (const name of [...CLASSES, 'usdPerHour', 'tokensPerSecond']) {
    const price = item[name];
    const sound = price === undefined || (typeof price === 'number' && Number.isFinite(price) && price >= 0);
    if (!sound) return `"${name}" must be a number, 0 or more.`;
  }
  for (const name of ['asOf', 'from']) {
    const day = item[name];
    if (
      day !== undefined &&
      !(typeof day === 'string' && /^\d{4}-\d{2}-\d{2}/.test(day) && !Number.isNaN(Date.parse(day)))
    ) {
      return `"${name}" must be a date, such as 2026-11-23.`;
    }
  }
  const perToken = CLASSES.some((name) => item[name] !== undefined);
  if (item.usdPerHour !== undefined) {
    if (perToken) return 'gives a price by the hour and by the token; leave one out.';
    return item.tokensPerSecond === 0 ? '"tokensPerSecond" must be more than 0.' : undefined;
  }
  if (item.tokensPerSecond !== undefined) return '"tokensPerSecond" goes with "usdPerHour".';
  return perToken ? undefined : 'names no price.';
}

function toPrices(item: Record<string, unknown>): TokenPrices {
  const day = item.asOf ?? item.from;
  const prices: TokenPrices = { source: day === undefined ? SETTING : `${SETTING} (${String(day).slice(0, 10)})` };
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
