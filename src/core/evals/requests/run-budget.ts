import { formatUsd } from '../../../shared/format.ts';
import type { ErrorInfo } from '../../base/errors.ts';
import type { DayBudget, Reserve } from '../../runs/budget/day-budget.ts';

interface BudgetOptions {
  /** Undefined: no limit. */
  budgetUsd: number | undefined;
  /** What the evaluation has cost so far. */
  spentUsd: number;
  /** Undefined if there is no daily limit. */
  dayBudget: DayBudget | undefined;
  now(): number;
}

interface Asked {
  id: string;
  worstUsd: number | undefined;
  /** Demo models count for the budget of the evaluation, not for the day's. */
  simulated: boolean;
}

export interface Admission {
  reserve: Reserve | undefined;
  /** The request has ended, with its known cost. */
  end(costUsd: number | undefined): void;
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
    return this.#options.budgetUsd !== undefined || this.#options.dayBudget !== undefined;
  }

  /** Waits while requests in flight may leave enough. Undefined if it does not fit even after them, with the reason. */
  async admit(asked: Asked): Promise<Admission | Refusal> {
    const { budgetUsd, dayBudget, now } = this.#options;
    const { id, worstUsd = 0, simulated } = asked;
    for (;;) {
      const isOver = budgetUsd !== undefined && this.#spentUsd + this.#inFlightUsd + worstUsd > budgetUsd;
      if (!isOver) {
        this.#add(worstUsd);
        if (dayBudget === undefined || simulated) return this.#admission(worstUsd, undefined);
        const reserve = await dayBudget.tryReserve({ runId: id, startedAt: now(), usd: worstUsd });
        if (reserve) return this.#admission(worstUsd, reserve);
        this.#remove(worstUsd);
      }
      if (this.#inFlight === 0) {
        const refused = isOver ? 'run' : 'day';
        return { refused, worstUsd, limitUsd: budgetUsd ?? 0, spentUsd: this.#spentUsd };
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #admission(worstUsd: number, reserve: Reserve | undefined): Admission {
    return {
      reserve,
      end: (costUsd) => {
        this.#spentUsd += costUsd ?? 0;
        reserve?.end(costUsd ?? 0);
        this.#remove(worstUsd);
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

/** Why the next request was not sent. */
export function budgetError({ refused, worstUsd, limitUsd, spentUsd }: Refusal): ErrorInfo {
  const next = `the next request can cost ${formatUsd(worstUsd)}`;
  if (refused === 'day') {
    return {
      code: 'budget',
      message: `Stopped: ${next}, more than is left of this workspace’s daily limit.`,
      hint: 'Resume tomorrow, set a lower maxOutputTokens, or raise llmops.budget.perDayUsd.',
    };
  }
  return {
    code: 'budget',
    message: `Stopped: ${formatUsd(spentUsd)} of ${formatUsd(limitUsd)} was spent, and ${next}.`,
    hint: 'Resume with a higher budget, or set a lower maxOutputTokens.',
  };
}
