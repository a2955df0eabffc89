import type { RunFilter } from '../../src/protocol/runs.ts';

export type Period = 'today' | '7' | '30';

/** What is chosen in the filter bar; undefined filters nothing. */
export interface RunsFilter extends Pick<RunFilter, 'promptPath' | 'model' | 'state' | 'rating' | 'search'> {
  /** Of today's date, so that a panel that comes back tomorrow shows tomorrow. */
  period?: Period;
}

const DAYS: Record<Period, number> = { today: 1, '7': 7, '30': 30 };

/** As the host asks the history; days begin at midnight. */
export function toRunFilter({ period, search, ...rest }: RunsFilter, now: Date): RunFilter {
  const words = search?.trim();
  const filter: RunFilter = { ...rest, ...(words ? { search: words } : {}) };
  if (!period) return filter;
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[period] + 1);
  return { ...filter, since: midnight.getTime() };
}

/** A choice of the filter bar; the empty one filters nothing. */
export function withChoice<Name extends keyof RunsFilter>(filter: RunsFilter, name: Name, value: string): RunsFilter {
  const { [name]: _before, ...rest } = filter;
  return value === '' ? rest : { ...rest, [name]: value };
}

export function isFiltered(filter: RunsFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}
