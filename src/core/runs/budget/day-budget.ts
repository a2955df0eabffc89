import { toErrorInfo } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import type { Store } from '../../store/store.ts';
import { daySpentError, inputOverDayError } from '../run-problems.ts';

/** The spending of other windows and processes is read again after this time while runs are in progress. */
const REFRESH_MS = 1500;

/** The part of the daily budget that is reserved for one run. */
export interface Reserve {
  /** The current limit for the total cost of the run; undefined if there is no daily limit. */
  ceilingUsd(): number | undefined;
  /** The cost of the run so far. */
  book(usd: number): void;
  /** The final cost, which is reserved until the database has it. */
  end(usd: number): void;
}

/** What a reserve is asked for. */
interface ReservedRun {
  runId: string;
  startedAt: number;
  /** Estimated; undefined if the price is unknown. */
  inputUsd: number | undefined;
}

/** One for all runs of a workspace in this process, so that concurrent ones share the rest of the daily budget. */
export interface DayBudget {
  /** Reserves the cost of a request's input. Throws UserError `budget` if less than that is left. */
  reserve(run: ReservedRun): Promise<Reserve>;
  /** These runs are in the database now, with their costs. */
  written(runIds: readonly string[]): void;
}

interface DayBudgetDeps {
  store: Pick<Store, 'ledger'>;
  settings(): Pick<Settings, 'budgetPerDayUsd'>;
  now(): number;
  log: Log;
}

interface Held {
  startedAt: number;
  usd: number;
  written: boolean;
}

/** The database's last value, without the runs that are reserved here. */
interface Known {
  limitUsd: number;
  spentUsd: number;
  day: number;
  at: number;
}

export function createDayBudget(deps: DayBudgetDeps): DayBudget {
  const held = new Map<string, Held>();
  let known: Known | undefined;
  let asking: Promise<void> | undefined;

  const ask = async () => {
    const limitUsd = deps.settings().budgetPerDayUsd;
    if (limitUsd === undefined) {
      known = undefined;
      forgetWritten(held, [...held.keys()]);
      return;
    }
    const day = startOfDay(deps.now());
    const written = [...held].flatMap(([runId, run]) => (run.written ? runId : []));
    const except = [...held].flatMap(([runId, run]) => (run.written ? [] : runId));
    const at = deps.now();
    const spentUsd = await spentSince(deps, day, except);
    if (spentUsd === undefined) {
      known = { limitUsd, spentUsd: known?.day === day ? known.spentUsd : 0, day, at };
      return;
    }
    // From now on they are in the database's sum: until then they counted from here.
    forgetWritten(held, written);
    known = { limitUsd, spentUsd, day, at };
  };
  const refresh = () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const leftUsd = (without?: string): number | undefined => {
    if (known === undefined) return undefined;
    let usd = known.limitUsd - known.spentUsd;
    for (const [runId, run] of held) if (runId !== without && run.startedAt >= known.day) usd -= run.usd;
    return usd;
  };
  return {
    async reserve({ runId, startedAt, inputUsd }) {
      // A pending answer may be older than the current settings.
      await asking;
      await refresh();
      const left = leftUsd();
      if (known !== undefined && left !== undefined) {
        if (left <= 0) throw daySpentError(known.limitUsd - left, known.limitUsd);
        if (inputUsd !== undefined && inputUsd > left) throw inputOverDayError(inputUsd, left, known.limitUsd);
      }
      const own: Held = { startedAt, usd: inputUsd ?? 0, written: false };
      held.set(runId, own);
      return {
        ceilingUsd() {
          if (known && deps.now() - known.at > REFRESH_MS) void refresh();
          return leftUsd(runId);
        },
        book(usd) {
          own.usd = Math.max(own.usd, usd);
        },
        end(usd) {
          own.usd = usd;
        },
      };
    },
    written(runIds) {
      for (const runId of runIds) {
        const run = held.get(runId);
        if (run) run.written = true;
      }
      if (known === undefined) forgetWritten(held, runIds);
    },
  };
}

function forgetWritten(held: Map<string, Held>, runIds: readonly string[]): void {
  for (const runId of runIds) if (held.get(runId)?.written) held.delete(runId);
}

/** Undefined if the store cannot be read. That blocks nobody: the runs themselves report that they are not recorded. */
async function spentSince(deps: DayBudgetDeps, since: number, except: string[]): Promise<number | undefined> {
  try {
    return await deps.store.ledger.spentUsd(since, except);
  } catch (error) {
    deps.log.warn(`The amount spent today is not known: ${toErrorInfo(error).message}`);
    return undefined;
  }
}

/** Midnight in the user's time zone. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
