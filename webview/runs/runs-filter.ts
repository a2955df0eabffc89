import type { RunFilter } from '../../src/protocol/runs.ts';

type Period = 'today' | '7' | '30';

/** The choices in the filter bar. Undefined means no filter. */
export interface RunsFilter extends Pick<RunFilter, 'promptPath' | 'model' | 'state' | 'rating' | 'search'> {
  /** Relative to the current date, so that a panel that is restored tomorrow shows tomorrow's runs. */
  period?: Period;
}

const DAYS: Record<Period, number> = { today: 1, '7': 7, '30': 30 };

/** Converts the filter for the host. Days start at midnight. */
export function toRunFilter({ period, search, ...rest }: RunsFilter, now: Date): RunFilter {
  const words = search?.trim();
  const filter: RunFilter = { ...rest, ...(words ? { search: words } : {}) };
  if (!period) return filter;
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[period] + 1);
  return { ...filter, since: midnight.getTime() };
}

/** Applies a choice of the filter bar. An empty value means no filter. */
export function withChoice<Name extends keyof RunsFilter>(filter: RunsFilter, name: Name, value: string): RunsFilter {
  const { [name]: _before, ...rest } = filter;
  return value === '' ? rest : { ...rest, [name]: value };
}

export function isFiltered(filter: RunsFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}
