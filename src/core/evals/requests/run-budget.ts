import { formatUsd } from '../../../shared/format.ts';
import type { ErrorInfo } from '../../base/errors.ts';
import type { DayBudget, Reserve } from '../../runs/budget/day-budget.ts';
import { fitsBudget } from '../../store/ledger/fits-budget.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';

interface BudgetOptions {
  /** Undefined: no limit. */
  budgetUsd: number | undefined;
  /** What the evaluation has cost so far, with what requests may have cost that did not say so. */
  spentUsd: number;
  hasDayLimit: boolean;
  dayBudget: Pick<DayBudget, 'release' | 'written'>;
  /** Writes the highest possible cost of a request; undefined if it does not fit into the day's budget. */
  reserve(entry: LedgerEntry): Promise<Reserve | undefined>;
}

export interface Admission {
  reserve: Reserve | undefined;
  /** The request has ended, with its known cost, or the highest possible one. */
  end(costUsd: number | undefined): void;
  /** It was stopped: what it has cost is not known, and the highest possible cost stays reserved. */
  stop(): void;
  /** It was not sent. */
  release(): Promise<void>;
}

/** The request does not fit, even after those in flight. */
export interface Refusal {
  refused: 'run' | 'day';
  worstUsd: number;
  limitUsd: number;
  spentUsd: number;
}

/** Whether the highest possible cost of a request still fits, beside what was spent and what is in flight. */
export class RunBudget {
  readonly #options: BudgetOptions;
  #spentUsd: number;
  #inFlightUsd = 0;
  #inFlight = 0;
  #waiters: (() => void)[] = [];

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#spentUsd = options.spentUsd;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  get isLimited(): boolean {
    return this.#options.budgetUsd !== undefined || this.#options.hasDayLimit;
  }

  /** Waits while requests in flight may leave enough. Undefined if it does not fit even after them, with the reason. */
  async admit(entry: LedgerEntry): Promise<Admission | Refusal> {
    const { budgetUsd, hasDayLimit, reserve } = this.#options;
    const { usd: worstUsd = 0, simulated } = entry;
    // demo models count for the budget of the evaluation, not for the day's
    const isReserved = !simulated && (hasDayLimit || worstUsd > 0);
    for (;;) {
      const isOver = budgetUsd !== undefined && !fitsBudget(this.#spentUsd + this.#inFlightUsd + worstUsd, budgetUsd);
      if (!isOver) {
        this.#add(worstUsd);
        if (!isReserved) return this.#admission(entry, undefined);
        const reserved = await this.#reserve(() => reserve(entry), worstUsd);
        if (reserved) return this.#admission(entry, reserved);
      }
      if (this.#inFlight === 0) {
        const refused = isOver ? 'run' : 'day';
        return { refused, worstUsd, limitUsd: budgetUsd ?? 0, spentUsd: this.#spentUsd };
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async #reserve(ask: () => Promise<Reserve | undefined>, worstUsd: number): Promise<Reserve | undefined> {
    let reserve: Reserve | undefined;
    try {
      reserve = await ask();
      return reserve;
    } finally {
      if (!reserve) this.#remove(worstUsd);
    }
  }

  #admission({ id, usd: worstUsd = 0 }: LedgerEntry, reserve: Reserve | undefined): Admission {
    const { dayBudget } = this.#options;
    const end = (costUsd: number) => {
      this.#spentUsd += costUsd;
      reserve?.end(costUsd);
      this.#remove(worstUsd);
    };
    return {
      reserve,
      end: (costUsd = 0) => end(costUsd),
      stop: () => {
        end(worstUsd);
        dayBudget.written([id]);
      },
      release: async () => {
        end(0);
        if (reserve) await dayBudget.release(id);
      },
    };
  }

  #add(usd: number): void {
    this.#inFlight += 1;
    this.#inFlightUsd += usd;
  }

  #remove(usd: number): void {
    this.#inFlight -= 1;
    this.#inFlightUsd = this.#inFlight === 0 ? 0 : this.#inFlightUsd - usd;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

/** Why the next request was not sent. What a target may cost is not known before it answers, and then nothing is said of it. */
export function budgetError({ refused, worstUsd, limitUsd, spentUsd }: Refusal): ErrorInfo {
  const next = worstUsd > 0 ? `the next request can cost ${formatUsd(worstUsd)}` : undefined;
  const lower = next ? ', set a lower maxOutputTokens,' : '';
  if (refused === 'day') {
    return {
      code: 'budget',
      message: next
        ? `Stopped: ${next}, more than is left of this workspace’s daily limit.`
        : 'Stopped: this workspace’s daily limit was spent.',
      hint: `Resume tomorrow${lower} or raise llmops.budget.perDayUsd.`,
    };
  }
  const spent = `${formatUsd(spentUsd)} of ${formatUsd(limitUsd)} was spent`;
  return {
    code: 'budget',
    message: next ? `Stopped: ${spent}, and ${next}.` : `Stopped: ${spent}.`,
    hint: `Resume with a higher budget${next ? ', or set a lower maxOutputTokens' : ''}.`,
  };
}
