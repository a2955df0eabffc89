import { describe, expect, it } from 'vitest';
import { budgetError, RunBudget } from '../../../src/core/evals/requests/run-budget.ts';
import { fitsBudget } from '../../../src/core/store/ledger/fits-budget.ts';
import type { LedgerEntry } from '../../../src/core/store/ledger/ledger-entry.ts';

const entry = (id: string, usd: number): LedgerEntry => {
  return { id, at: 0, connection: 'c', model: 'c/m', purpose: 'evaluation', usd, simulated: true };
};

const budgetOf = (budgetUsd: number) =>
  new RunBudget({
    budgetUsd,
    spentUsd: 0,
    hasDayLimit: false,
    dayBudget: { release: async () => {}, written: () => {} },
    reserve: async () => undefined,
  });

describe('the budget of a run', () => {
  it.each([
    [0.3, 0.1, 3],
    [0.7, 0.1, 7],
    [4, 0.05, 80],
  ])('of $%d has room for all requests at $%d that add up to it, and for no more', async (limit, usd, count) => {
    const budget = budgetOf(limit);
    for (let request = 0; request < count; request += 1) {
      const admission = await budget.admit(entry(`r${request}`, usd));
      if ('refused' in admission) throw new Error(`Request ${request} was refused.`);
      admission.end(usd);
    }
    expect(await budget.admit(entry('next', usd))).toMatchObject({ refused: 'run', limitUsd: limit });
  });

  it('says nothing of the next request if it is a target, whose cost is known only after its answer', () => {
    const spent = { limitUsd: 0.003, spentUsd: 0.004 };
    expect(budgetError({ refused: 'run', worstUsd: 0, ...spent })).toMatchObject({
      message: 'Stopped: $0.004 of $0.003 was spent.',
      hint: 'Resume with a higher budget.',
    });
    expect(budgetError({ refused: 'day', worstUsd: 0, ...spent })).toMatchObject({
      message: 'Stopped: this workspace’s daily limit was spent.',
      hint: 'Resume tomorrow or raise llmops.budget.perDayUsd.',
    });
    expect(budgetError({ refused: 'run', worstUsd: 0.002, ...spent })).toMatchObject({
      message: 'Stopped: $0.004 of $0.003 was spent, and the next request can cost $0.002.',
      hint: 'Resume with a higher budget, or set a lower maxOutputTokens.',
    });
  });

  it('is not held by what is really more', () => {
    expect(fitsBudget(0.1 + 0.2, 0.3)).toBe(true);
    expect(fitsBudget(0.300001, 0.3)).toBe(false);
  });
});
