import { toErrorInfo } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import { fitsBudget, isSpent } from '../../store/ledger/fits-budget.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';
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
  store: { ledger: Pick<Store['ledger'], 'spentUsd' | 'reserve' | 'release'> };
  settings(): Pick<Settings, 'budgetPerDayUsd'>;
  now(): number;
  log: Log;
}

interface ReservedCost {
  startedAt: number;
  usd: number;
  written: boolean;
}

/** A request that may be sent once the database has its highest possible cost. */
interface Waiting {
  entry: LedgerEntry;
  resolve(reserve: Reserve | undefined): void;
  reject(error: unknown): void;
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
  /** On their way to the database, which decides on them. */
  private pending = new Set<string>();
  private waiting: Waiting[] = [];
  private reserving: Promise<void> | undefined;
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
      if (isSpent(left)) throw daySpentError(this.known.limitUsd - left, this.known.limitUsd);
      if (inputUsd !== undefined && !fitsBudget(inputUsd, left))
        throw inputOverDayError(inputUsd, left, this.known.limitUsd);
    }
    return this.add({ runId, startedAt, usd: inputUsd ?? 0 });
  }

  /**
   * Reserves the highest possible cost of a request in the database, where other windows and the next start of this one count
   * it, whatever happens to this one; undefined if less than that is left. Rejects if the database cannot be written: then
   * nothing may be sent.
   */
  tryReserve(entry: LedgerEntry): Promise<Reserve | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      this.reserving ??= this.reserveWaiting();
    });
  }

  /** A reserved request was not sent. */
  async release(id: string): Promise<void> {
    try {
      await this.deps.store.ledger.release([id]);
    } catch (error) {
      this.deps.log.warn(`A request that was not sent stays counted as spent: ${toErrorInfo(error).message}`);
    }
    this.reserved.delete(id);
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

  /** One batch at a time: what it was granted counts for the next one. */
  private async reserveWaiting(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      await this.reserveBatch(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
    // in the same turn as the last look: a request that is added later would wait for ever
    this.reserving = undefined;
  }

  private async reserveBatch(batch: readonly Waiting[]): Promise<void> {
    const entries = batch.map(({ entry }) => entry);
    const limitUsd = this.deps.settings().budgetPerDayUsd;
    const at = this.deps.now();
    const day = startOfDay(at);
    const { except, written, usd } = this.countedHere(day);
    // before the question: a later one about what was spent must not count them twice
    this.pending = new Set(entries.map(({ id }) => id));
    try {
      const limit = { since: day, limitUsd: limitUsd === undefined ? undefined : limitUsd - usd, except };
      const { spentUsd, granted } = await this.deps.store.ledger.reserve(entries, limit);
      forgetWritten(this.reserved, written);
      this.known = limitUsd === undefined ? undefined : { limitUsd, spentUsd, day, at };
      for (const [index, { entry, resolve }] of batch.entries()) {
        const { id, at: startedAt, usd: worstUsd = 0 } = entry;
        resolve(granted[index] ? this.add({ runId: id, startedAt, usd: worstUsd }) : undefined);
      }
    } finally {
      this.pending.clear();
    }
  }

  private async ask(): Promise<void> {
    const limitUsd = this.deps.settings().budgetPerDayUsd;
    if (limitUsd === undefined) {
      this.known = undefined;
      forgetWritten(this.reserved, [...this.reserved.keys()]);
      return;
    }
    const day = startOfDay(this.deps.now());
    const { except, written } = this.countedHere(day);
    const at = this.deps.now();
    const spentUsd = await spentSince(this.deps, day, [...except, ...this.pending]);
    if (spentUsd === undefined) {
      this.known = { limitUsd, spentUsd: this.known?.day === day ? this.known.spentUsd : 0, day, at };
      return;
    }
    // From now on they are in the database's sum: until then they counted from here.
    forgetWritten(this.reserved, written);
    this.known = { limitUsd, spentUsd, day, at };
  }

  /** Requests whose costs are known better here than in the database, and those of the day. */
  private countedHere(day: number): { except: string[]; written: string[]; usd: number } {
    const open = [...this.reserved].filter(([, run]) => !run.written);
    const usd = open.reduce((sum, [, run]) => (run.startedAt >= day ? sum + run.usd : sum), 0);
    const written = [...this.reserved].flatMap(([runId, run]) => (run.written ? runId : []));
    return { except: open.map(([runId]) => runId), written, usd };
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
