import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError, UserError } from '../../../src/core/base/errors.ts';
import { startComparison } from '../../../src/core/runs/compare-runs.ts';
import type { Comparison } from '../../../src/core/runs/comparison.ts';
import type { RunEvent } from '../../../src/core/runs/events.ts';
import { createBench, createSpec, finish, ofType, pause, resultOf, text, usage } from './fixtures.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function collect(comparison: Comparison): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const read = (async () => {
    for await (const event of comparison.events) events.push(event);
  })();
  await vi.runAllTimersAsync();
  await read;
  return events;
}

/** The largest number of runs that were active at once. */
function mostAtOnce(events: RunEvent[]): number {
  let now = 0;
  return Math.max(
    ...events.map(({ type }) => {
      if (type === 'run-start') now += 1;
      if (type === 'run-end') now -= 1;
      return now;
    }),
  );
}

const answer = [pause(100), text('ok'), usage(1, 1), finish];
const columns = (count: number, repeats: number) =>
  Array.from({ length: repeats }, (_, repeat) =>
    Array.from({ length: count }, (_, column) => createSpec({ runId: `r${repeat}c${column}`, column, repeat })),
  ).flat();

describe('a comparison', () => {
  it('starts the first repeat of every column at once, with any concurrency', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.concurrency = 2;
    const events = await collect(startComparison(bench.deps, columns(5, 1)));
    expect(events.slice(0, 5).map(({ type }) => type)).toEqual(Array(5).fill('run-start'));
    expect(ofType(events, 'run-end')).toHaveLength(5);
  });

  it('keeps further repeats within the concurrency', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.concurrency = 3;
    const events = await collect(startComparison(bench.deps, columns(2, 5)));
    expect(mostAtOnce(events)).toBe(3);
    expect(ofType(events, 'run-end')).toHaveLength(10);
  });

  it('continues the other columns when one fails', async () => {
    const error = new ProviderError('No.', { code: 'auth', status: 401, retryable: false });
    const bench = createBench({ 'model-a': answer, 'model-b': [{ type: 'throw', error }] });
    const specs = [createSpec({ runId: 'a' }), createSpec({ runId: 'b', model: 'test/model-b', column: 1 })];
    const events = await collect(startComparison(bench.deps, specs));
    expect(resultOf(events, 'a').state).toBe('done');
    expect(resultOf(events, 'b')).toMatchObject({ state: 'failed', error: { code: 'auth', status: 401 } });
  });

  it('stops one run and continues the others', async () => {
    const bench = createBench({ 'model-a': [text('a'), pause(1000), usage(1, 1), finish] });
    const comparison = startComparison(bench.deps, columns(2, 1));
    setTimeout(() => comparison.stop('r0c0'), 100);
    const events = await collect(comparison);
    expect(resultOf(events, 'r0c0').state).toBe('stopped');
    expect(resultOf(events, 'r0c1').state).toBe('done');
  });

  it('stops all runs, including those that have not started, and records only those that had', async () => {
    const bench = createBench({ 'model-a': [text('a'), { type: 'hang' }] });
    bench.settings.concurrency = 1;
    const control = new AbortController();
    setTimeout(() => control.abort(), 100);
    const events = await collect(startComparison(bench.deps, columns(1, 3), { signal: control.signal }));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual(['stopped', 'stopped', 'stopped']);
    expect([...bench.memory.runs.keys()]).toEqual(['r0c0']);
  });

  it('ends its events only after every run was written', async () => {
    const bench = createBench({ 'model-a': [pause(400), text('ok'), usage(1, 1), finish] });
    const events = await collect(startComparison(bench.deps, columns(2, 1)));
    expect(bench.memory.calls).toEqual(['start r0c0 r0c1', 'finish r0c0 r0c1']);
    expect([...bench.memory.runs.values()].map(({ state, text: kept }) => `${state} ${kept}`)).toEqual([
      'done ok',
      'done ok',
    ]);
    expect(events.at(-1)?.type).toBe('run-end');
  });

  it('writes runs that end immediately only once, and together', async () => {
    const bench = createBench({ 'model-a': [pause(5), text('ok'), usage(1, 1), finish] });
    await collect(startComparison(bench.deps, columns(1, 20)));
    expect(bench.memory.calls).toHaveLength(1);
    expect(bench.memory.runs.size).toBe(20);
  });

  it('saves the received text every few seconds, even if nothing arrives', async () => {
    const bench = createBench({ 'model-a': [text('part'), pause(10_000), usage(1, 1), finish] });
    await collect(startComparison(bench.deps, columns(1, 1)));
    const beats = bench.memory.calls.filter((call) => call === 'progress r0c0=part');
    expect(beats.length).toBeGreaterThanOrEqual(5);
  });

  it('keeps request and response of a run, unless the setting is off', async () => {
    const request = { type: 'request' as const, url: 'http://x/', headers: {}, body: { q: 1 } };
    const steps = [request, { type: 'raw' as const, chunk: { c: 1 } }, text('a'), usage(1, 1), finish];
    const bench = createBench({ 'model-a': steps });
    await collect(startComparison(bench.deps, columns(1, 1)));
    const kept = bench.memory.runs.get('r0c0');
    expect(kept).toMatchObject({ rawRequest: { url: 'http://x/', body: { q: 1 } }, rawResponseJson: '[{"c":1}]' });
    bench.settings.recordRaw = false;
    await collect(startComparison(bench.deps, columns(1, 1)));
    expect(bench.memory.runs.get('r0c0')).toMatchObject({ rawRequest: undefined, rawResponseJson: undefined });
  });

  it('warns once that runs are not recorded, and runs them all', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.memory.fail(new UserError('The database is locked.', { code: 'store', hint: 'Close the other window.' }));
    const events = await collect(startComparison(bench.deps, columns(3, 2)));
    const warnings = ofType(events, 'run-warning').map(({ warning }) => warning);
    expect(warnings).toEqual([
      { code: 'not-recorded', message: 'These runs are not recorded. The database is locked. Close the other window.' },
    ]);
    expect(ofType(events, 'run-end').every(({ result }) => result.state === 'done')).toBe(true);
  });

  it('can be left early by its reader', async () => {
    const bench = createBench({ 'model-a': answer });
    const comparison = startComparison(bench.deps, columns(1, 1));
    for await (const _ of comparison.events) break;
    await vi.runAllTimersAsync();
    expect(bench.memory.runs.get('r0c0')?.state).toBe('done');
  });
});

describe('the daily budget', () => {
  it('sends nothing after it is spent', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 5;
    bench.memory.spent.usd = 5;
    const events = await collect(startComparison(bench.deps, columns(2, 1)));
    expect(ofType(events, 'run-end').map(({ result }) => result.error?.code)).toEqual(['budget', 'budget']);
    expect(bench.requests).toHaveLength(0);
    expect(bench.memory.runs.size).toBe(0);
  });

  it('refuses further repeats after earlier runs have spent it', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.deps.estimateInput = async () => 1;
    bench.settings.budgetPerDayUsd = 6;
    bench.settings.concurrency = 1;
    const events = await collect(startComparison(bench.deps, columns(1, 4)));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual(['done', 'done', 'failed', 'failed']);
    expect(bench.requests).toHaveLength(2);
  });

  it('sends nothing if the input alone would exceed it', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 15;
    bench.memory.spent.usd = 6;
    const [end] = ofType(await collect(startComparison(bench.deps, columns(1, 1))), 'run-end');
    expect(end?.result).toMatchObject({ state: 'failed', error: { code: 'budget' } });
    expect(end?.result.error?.message).toBe(
      'Not sent: the input alone would cost about $10.00, more than the $9.00 left of this workspace’s daily limit of $15.00.',
    );
    expect(bench.requests).toHaveLength(0);
  });

  it('is shared by all active columns and repeats: their total cost stays within it', async () => {
    const long = [
      pause(10),
      ...Array.from({ length: 30 }, () => [text('1234'), pause(5)]).flat(),
      usage(1, 30),
      finish,
    ];
    const bench = createBench({ 'model-a': long });
    bench.deps.estimateInput = async () => 1;
    bench.settings.budgetPerDayUsd = 50;
    const events = await collect(startComparison(bench.deps, columns(3, 2)));
    const results = ofType(events, 'run-end').map(({ result }) => result);
    const spent = results.reduce((sum, { figures }) => sum + (figures.cost.totalUsd ?? 0), 0);
    expect(results.map(({ state }) => state)).toEqual(Array(6).fill('stopped'));
    expect(spent).toBeLessThanOrEqual(50);
    expect(spent).toBeGreaterThan(50 - 6 * 2);
    expect(results[0]?.error?.message).toMatch(/llmops\.budget\.perDayUsd, of which \$\d/);
  });

  it('starts only as many columns as the budget has inputs for', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 25;
    const events = await collect(startComparison(bench.deps, columns(4, 1)));
    expect(bench.requests).toHaveLength(2);
    expect(ofType(events, 'run-end').filter(({ result }) => result.state === 'failed')).toHaveLength(2);
  });

  it('is shared by two comparisons of a window, and by other windows as far as the database knows', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.deps.estimateInput = async () => 1;
    bench.settings.budgetPerDayUsd = 5;
    const first = startComparison(bench.deps, columns(1, 1));
    const second = startComparison(bench.deps, [
      createSpec({ runId: 'other' }),
      createSpec({ runId: 'third', column: 1 }),
    ]);
    const [one, two] = await Promise.all([collect(first), collect(second)]);
    const ends = [...ofType(one, 'run-end'), ...ofType(two, 'run-end')];
    const spent = ends.reduce((sum, { result }) => sum + (result.figures.cost.totalUsd ?? 0), 0);
    expect(spent).toBeLessThanOrEqual(5);

    const other = createBench({ 'model-a': answer });
    other.deps.store = bench.deps.store;
    other.settings.budgetPerDayUsd = 5;
    const { DayBudget } = await import('../../../src/core/runs/budget/day-budget.ts');
    const { store, settings, now, log } = other.deps;
    other.deps.dayBudget = new DayBudget({ store, settings, now, log });
    await collect(startComparison(other.deps, [createSpec({ runId: 'elsewhere' })]));
    expect(other.requests).toHaveLength(0);
  });

  it('stops a run when another window has spent the rest', async () => {
    const long = [pause(10), text('1234'), pause(4000), text('1234'), pause(50), text('1234'), usage(1, 3), finish];
    const bench = createBench({ 'model-a': long });
    bench.deps.estimateInput = async () => 1;
    bench.settings.budgetPerDayUsd = 20;
    setTimeout(() => {
      bench.memory.spent.usd = 17;
    }, 2000);
    const [end] = ofType(await collect(startComparison(bench.deps, columns(1, 1))), 'run-end');
    // The text that triggers the query is still accepted; the database's answer applies from the next one.
    expect(end?.result).toMatchObject({ state: 'stopped', text: '12341234', error: { code: 'budget' } });
  });

  it('counts an active run of another window with its input from the start', async () => {
    const bench = createBench({ 'model-a': [pause(500), ...answer] });
    bench.settings.budgetPerDayUsd = 30;
    const events = collect(startComparison(bench.deps, columns(1, 1)));
    await vi.advanceTimersByTimeAsync(300);
    expect(bench.memory.runs.get('r0c0')).toMatchObject({ state: 'streaming', costUsd: 10 });
    await events;
    expect(bench.memory.runs.get('r0c0')).toMatchObject({ state: 'done', costUsd: 3 });
  });

  it('returns what a run did not need, and counts each run once', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 24;
    bench.settings.concurrency = 1;
    // Each run reserves 10 for its input and costs 3 in the end: 12 are left for the fifth, 9 if one were counted twice.
    const events = await collect(startComparison(bench.deps, columns(1, 5)));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
    ]);
    expect(bench.requests).toHaveLength(5);
  });

  it('applies from the next request after the setting changes, and is off without one', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.concurrency = 1;
    bench.settings.budgetPerDayUsd = undefined;
    setTimeout(() => {
      bench.settings.budgetPerDayUsd = 4;
    }, 150);
    const events = await collect(startComparison(bench.deps, columns(1, 4)));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual(['done', 'done', 'failed', 'failed']);
  });
});
