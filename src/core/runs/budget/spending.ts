import type { SpentByModel, SpentByPurpose } from '../../store/ledger/ledger-entry.ts';
import type { Store } from '../../store/store.ts';
import { startOfDay } from './day-budget.ts';

/** With today. */
const DAYS = 30;
const DAY_MS = 86_400_000;

/** Known costs, without simulated ones; the most expensive first. */
export interface Spending {
  today: SpentByPurpose[];
  /** Of the last days, with today. */
  days: number;
  purposes: SpentByPurpose[];
  models: SpentByModel[];
}

export async function readSpending({ ledger }: Pick<Store, 'ledger'>, now: number): Promise<Spending> {
  const since = startOfDay(now - (DAYS - 1) * DAY_MS);
  const [today, purposes, models] = await Promise.all([
    ledger.byPurpose(startOfDay(now)),
    ledger.byPurpose(since),
    ledger.byModel(since),
  ]);
  return { today, days: DAYS, purposes, models };
}
