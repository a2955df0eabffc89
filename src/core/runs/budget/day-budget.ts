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

interface DayBudgetDeps {
  store: { ledger: Pick<Store['ledger'], 'spentUsd'> };
  settings(): Pick<Settings, 'budgetPerDayUsd'>;
  now(): number;
  log: Log;
}

interface ReservedCost {
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

/** One for all runs of a workspace in this process, so that concurrent ones share the rest of the daily budget. */
export class DayBudget {
  private readonly deps: DayBudgetDeps;
  private readonly reserved = new Map<string, ReservedCost>();
  private known: Known | undefined;
  private asking: Promise<void> | undefined;

  constructor(deps: DayBudgetDeps) {
    this.deps = deps;
  }

  /** Reserves the cost of a request's input. Throws UserError `budget` if less than that is left. */
  async reserve({ runId, startedAt, inputUsd }: ReservedRun): Promise<Reserve> {
    await this.askAgain();
    const left = this.leftUsd();
    if (this.known !== undefined && left !== undefined) {
      if (left <= 0) throw daySpentError(this.known.limitUsd - left, this.known.limitUsd);
      if (inputUsd !== undefined && inputUsd > left) throw inputOverDayError(inputUsd, left, this.known.limitUsd);
    }
    return this.add({ runId, startedAt, usd: inputUsd ?? 0 });
  }

  /** Reserves the highest possible cost of a request; undefined if less than that is left. */
  async tryReserve(run: { runId: string; startedAt: number; usd: number }): Promise<Reserve | undefined> {
    await this.askAgain();
    const left = this.leftUsd();
    return left !== undefined && (left <= 0 || run.usd > left) ? undefined : this.add(run);
  }

  /** Nothing may be awaited between `leftUsd()` and `add()` after it: another request would see the same amount left. */
  private async askAgain(): Promise<void> {
    // A pending answer may be older than the current settings.
    await this.asking;
    await this.refresh();
  }

  private add({ runId, startedAt, usd }: { runId: string; startedAt: number; usd: number }): Reserve {
    const own: ReservedCost = { startedAt, usd, written: false };
    this.reserved.set(runId, own);
    return {
      ceilingUsd: () => {
        if (this.known && this.deps.now() - this.known.at > REFRESH_MS) void this.refresh();
        return this.leftUsd(runId);
      },
      book: (usd) => {
        own.usd = Math.max(own.usd, usd);
      },
      end: (usd) => {
        own.usd = usd;
      },
    };
  }

  /** These runs are in the database now, with their costs. */
  written(runIds: readonly string[]): void {
    for (const runId of runIds) {
      const run = this.reserved.get(runId);
      if (run) run.written = true;
    }
    if (this.known === undefined) forgetWritten(this.reserved, runIds);
  }

  private async ask(): Promise<void> {
    const limitUsd = this.deps.settings().budgetPerDayUsd;
    if (limitUsd === undefined) {
      this.known = undefined;
      forgetWritten(this.reserved, [...this.reserved.keys()]);
      return;
    }
    const day = startOfDay(this.deps.now());
    const written = [...this.reserved].flatMap(([runId, run]) => (run.written ? runId : []));
    const except = [...this.reserved].flatMap(([runId, run]) => (run.written ? [] : runId));
    const at = this.deps.now();
    const spentUsd = await spentSince(this.deps, day, except);
    if (spentUsd === undefined) {
      this.known = { limitUsd, spentUsd: this.known?.day === day ? this.known.spentUsd : 0, day, at };
      return;
    }
    // From now on they are in the database's sum: until then they counted from here.
    forgetWritten(this.reserved, written);
    this.known = { limitUsd, spentUsd, day, at };
  }

  private refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private leftUsd(without?: string): number | undefined {
    if (this.known === undefined) return undefined;
    let usd = this.known.limitUsd - this.known.spentUsd;
    for (const [runId, run] of this.reserved) if (runId !== without && run.startedAt >= this.known.day) usd -= run.usd;
    return usd;
  }
}

function forgetWritten(reserved: Map<string, ReservedCost>, runIds: readonly string[]): void {
  for (const runId of runIds) if (reserved.get(runId)?.written) reserved.delete(runId);
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
