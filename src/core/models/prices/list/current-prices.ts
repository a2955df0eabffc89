import type { Constraint, ListModel, ListPrices, PriceVariant } from './price-list.ts';

/** The standard prices at a point in time. */
export function currentPrices({ prices }: Pick<ListModel, 'prices'>, now: number): ListPrices {
  if (!Array.isArray(prices)) return prices;
  const current = prices.findLast(({ constraint }) => isActive(constraint, now)) ?? prices[0];
  return current?.prices ?? {};
}

/** The variants at a point in time. */
export function currentVariants(
  { price_variants = [] }: Pick<ListModel, 'price_variants'>,
  now: number,
): PriceVariant[] {
  return price_variants.filter(({ constraint }) => isActive(constraint, now));
}

function isActive(constraint: Constraint | undefined, now: number): boolean {
  if (constraint === undefined) return true;
  if ('start_date' in constraint) return now >= Date.parse(`${constraint.start_date}T00:00:00Z`);
  const start = secondsOf(constraint.start_time);
  const end = secondsOf(constraint.end_time);
  const time = (now / 1000) % SECONDS_A_DAY;
  // A span over midnight begins on one day and ends on the next.
  return end < start ? time >= start || time < end : time >= start && time < end;
}

const SECONDS_A_DAY = 86_400;

/** Of `16:30:00Z` or `16:30:00+02:00`; other notations were rejected when the list was read. */
function secondsOf(time: string): number {
  const milliseconds = Date.parse(`1970-01-02T${time}`);
  return (((milliseconds / 1000) % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
}
