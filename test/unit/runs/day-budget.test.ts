import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { DayBudget, startOfDay } from '../../../src/core/runs/budget/day-budget.ts';
import type { Store } from '../../../src/core/store/store.ts';

/** A database with these costs by run; `fails` makes it unreadable. */
function createBudget(limit: number | undefined) {
  const paid = new Map<string, { at: number; usd: number }>();
  const state = { now: new Date(2026, 10, 29, 12).getTime(), limit, fails: false };
  const ledger: Pick<Store['ledger'], 'spentUsd' | 'reserve' | 'release'> = {
    async spentUsd(since: number, except: readonly string[] = []) {
      if (state.fails) throw new UserError('The database is locked.', { code: 'store' });
      const counted = [...paid].filter(([id, { at }]) => at >= since && !except.includes(id));
      return counted.reduce((sum, [, { usd }]) => sum + usd, 0);
    },
    async reserve(entries, { since, limitUsd = Number.POSITIVE_INFINITY, except }) {
      const spentUsd = await ledger.spentUsd(since, except);
      let left = limitUsd - spentUsd;
      const granted = entries.map(({ id, at, usd = 0 }) => {
        if (left <= 0 || usd > left) return false;
        left -= usd;
        paid.set(id, { at, usd });
        return true;
      });
      return { spentUsd, granted };
    },
    async release(ids) {
      for (const id of ids) paid.delete(id);
    },
  };
  const budget = new DayBudget({
    store: { ledger },
    settings: () => ({ budgetPerDayUsd: state.limit }),
    now: () => state.now,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const reserve = (runId: string, inputUsd?: number) => budget.reserve({ runId, startedAt: state.now, inputUsd });
  return { budget, reserve, paid, state };
}

describe('the rest of a daily budget', () => {
  it('is what other runs left, recorded or active', async () => {
    const { budget, reserve, paid, state } = createBudget(10);
    paid.set('elsewhere', { at: state.now, usd: 2 });
    const [a, b] = await Promise.all([reserve('a', 1), reserve('b', 3)]);
    expect([a.ceilingUsd(), b.ceilingUsd()]).toEqual([5, 7]);
    a.book(4);
    expect(b.ceilingUsd()).toBe(4);
    a.end(2);
    paid.set('a', { at: state.now, usd: 2 });
    expect(b.ceilingUsd()).toBe(6);
    budget.written(['a']);
    expect(b.ceilingUsd()).toBe(6);
    await expect(reserve('c', 4)).rejects.toThrow(/input alone would cost about \$4\.00, more than the \$3\.00 left/);
    const c = await reserve('c', 3);
    expect(c.ceilingUsd()).toBe(3);
    await expect(reserve('d', undefined)).rejects.toThrow(/\$10\.00 was spent in this workspace today/);
  });

  it('is given to requests together only as far as it goes, with their highest possible costs', async () => {
    const { budget, reserve, paid, state } = createBudget(10);
    paid.set('elsewhere', { at: state.now, usd: 2 });
    const run = await reserve('run', 1);
    const request = (id: string, usd: number) => ({
      ...{ id, at: state.now, connection: 'local', model: 'local/m', purpose: 'evaluation' as const },
      ...{ usd, simulated: false },
    });
    const three = ['a', 'b', 'c'].map((id) => budget.tryReserve(request(id, 3)));
    const [a, b, c] = await Promise.all(three);
    expect([a, b, c].map((one) => one !== undefined)).toEqual([true, true, false]);
    expect([...paid.keys()]).toEqual(['elsewhere', 'a', 'b']);
    expect(run.ceilingUsd()).toBe(2);
    a?.end(1);
    expect(await budget.tryReserve(request('d', 3.5))).toBeUndefined();
    expect(await budget.tryReserve(request('d', 3))).toBeDefined();
    await budget.release('d');
    expect(run.ceilingUsd()).toBe(4);
    paid.set('a', { at: state.now, usd: 1 });
    budget.written(['a']);
    expect(await budget.tryReserve(request('e', 3.5))).toBeUndefined();
    expect(await budget.tryReserve(request('e', 3))).toBeDefined();
    state.fails = true;
    await expect(budget.tryReserve(request('f', 0.1))).rejects.toThrow('locked');
  });

  it('keeps the last known value while the database cannot be read', async () => {
    const { reserve, paid, state } = createBudget(10);
    paid.set('elsewhere', { at: state.now, usd: 8 });
    await reserve('a', 1);
    state.fails = true;
    await expect(reserve('b', 2)).rejects.toThrow(/more than the \$1\.00 left/);
  });

  it('starts again at midnight; active runs count for the day on which they started', async () => {
    const { reserve, paid, state } = createBudget(10);
    paid.set('elsewhere', { at: state.now, usd: 6 });
    const late = await reserve('late', 3);
    expect(late.ceilingUsd()).toBe(4);
    state.now = startOfDay(state.now) + 86_400_000 + 1000;
    const early = await reserve('early', 9);
    expect(early.ceilingUsd()).toBe(10);
  });

  it('is unlimited without a limit, and limited as soon as there is one', async () => {
    const { reserve, paid, state } = createBudget(undefined);
    const free = await reserve('a', 1_000);
    expect(free.ceilingUsd()).toBeUndefined();
    free.end(5);
    paid.set('a', { at: state.now, usd: 5 });
    state.limit = 8;
    await expect(reserve('b', 4)).rejects.toThrow(/more than the \$3\.00 left/);
    expect((await reserve('b', 3)).ceilingUsd()).toBe(3);
  });
});
