import schema from '../../../../media/schemas/prices.schema.json' with { type: 'json' };
import { isRecord } from '../../../shared/is-record.ts';
import { type ConfigOrigin, type ConfigRules, checkConfig, collectProblems } from '../../config/check-config.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { ClassPrices, TokenPrices } from '../models.ts';

const PRICES_SETTING = 'llmops.prices';
export const PRICE_FIELDS: readonly string[] = Object.keys(schema.definitions.prices.properties);
/** Prices per token. */
const CLASSES = PRICE_FIELDS.filter((name) => name.endsWith('Usd')) as (keyof ClassPrices)[];

/** Prices from a date on; no date means always. */
interface DatedPrices {
  from: number;
  prices: TokenPrices;
}

export interface PriceOverrides {
  /** The current prices; undefined if there are none for the model. */
  find(ref: string, now: number): TokenPrices | undefined;
  problems: ConfigProblem[];
}

/** Where overrides are declared, and how the source of a price is shown. */
interface OverrideOrigin extends ConfigOrigin {
  source: string;
}

/** Checks prices by model. An entry with an error is omitted completely: half a price would give a wrong sum. */
export function readPriceOverrides(
  value: unknown,
  origin: OverrideOrigin = { where: PRICES_SETTING, source: PRICES_SETTING },
): PriceOverrides {
  const { report, problems } = collectProblems(origin);
  const rules: ConfigRules<{ matches(ref: string): boolean; dated: DatedPrices[] }[]> = {
    schema,
    nameEntry: (pattern) => `"${pattern}": `,
    read(prices, { fitsWhole }) {
      const sound = Object.entries(isRecord(prices) ? prices : {}).filter(([pattern]) => fitsWhole(pattern));
      return sound
        .sort(([a], [b]) => specificity(b) - specificity(a))
        .map(([pattern, entry]) => ({ matches: matcher(pattern), dated: readEntry(entry, origin.source) }));
    },
  };
  const overrides = checkConfig(value, rules, report);
  const find = (ref: string, now: number) => {
    for (const { matches, dated } of overrides) {
      const current = matches(ref) ? dated.findLast(({ from }) => from <= now) : undefined;
      if (current !== undefined) return current.prices;
    }
    return undefined;
  };
  return { find, problems: problems() };
}

/** A name without `*` takes precedence over every pattern; among patterns the one with more fixed text does. */
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

function readEntry(value: unknown, source: string): DatedPrices[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const dated = items.filter(isRecord).map(
    (item): DatedPrices => ({
      from: item.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(String(item.from)),
      prices: toPrices(item, source),
    }),
  );
  return dated.sort((a, b) => a.from - b.from);
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
