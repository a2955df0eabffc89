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

/** How many runs were under way at once, at most. */
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
  it('starts the first repeat of every column at once, however small the concurrency', async () => {
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

  it('goes on with the other columns when one fails', async () => {
    const error = new ProviderError('No.', { code: 'auth', status: 401, retryable: false });
    const bench = createBench({ 'model-a': answer, 'model-b': [{ type: 'throw', error }] });
    const specs = [createSpec({ runId: 'a' }), createSpec({ runId: 'b', model: 'test/model-b', column: 1 })];
    const events = await collect(startComparison(bench.deps, specs));
    expect(resultOf(events, 'a').state).toBe('done');
    expect(resultOf(events, 'b')).toMatchObject({ state: 'failed', error: { code: 'auth', status: 401 } });
  });

  it('stops one run and leaves the others', async () => {
    const bench = createBench({ 'model-a': [text('a'), pause(1000), usage(1, 1), finish] });
    const comparison = startComparison(bench.deps, columns(2, 1));
    setTimeout(() => comparison.stop('r0c0'), 100);
    const events = await collect(comparison);
    expect(resultOf(events, 'r0c0').state).toBe('stopped');
    expect(resultOf(events, 'r0c1').state).toBe('done');
  });

  it('stops all, also those that have not begun, and records only those that had', async () => {
    const bench = createBench({ 'model-a': [text('a'), { type: 'hang' }] });
    bench.settings.concurrency = 1;
    const control = new AbortController();
    setTimeout(() => control.abort(), 100);
    const events = await collect(startComparison(bench.deps, columns(1, 3), { signal: control.signal }));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual(['stopped', 'stopped', 'stopped']);
    expect([...bench.memory.runs.keys()]).toEqual(['r0c0']);
  });

  it('ends its events only when every run has been written', async () => {
    const bench = createBench({ 'model-a': [pause(400), text('ok'), usage(1, 1), finish] });
    const events = await collect(startComparison(bench.deps, columns(2, 1)));
    expect(bench.memory.calls).toEqual(['start r0c0 r0c1', 'finish r0c0 r0c1']);
    expect([...bench.memory.runs.values()].map(({ state, text: kept }) => `${state} ${kept}`)).toEqual([
      'done ok',
      'done ok',
    ]);
    expect(events.at(-1)?.type).toBe('run-end');
  });

  it('writes runs that are over at once only once, and together', async () => {
    const bench = createBench({ 'model-a': [pause(5), text('ok'), usage(1, 1), finish] });
    await collect(startComparison(bench.deps, columns(1, 20)));
    expect(bench.memory.calls).toHaveLength(1);
    expect(bench.memory.runs.size).toBe(20);
  });

  it('keeps what has arrived every few seconds, also while nothing arrives', async () => {
    const bench = createBench({ 'model-a': [text('part'), pause(10_000), usage(1, 1), finish] });
    await collect(startComparison(bench.deps, columns(1, 1)));
    const beats = bench.memory.calls.filter((call) => call === 'progress r0c0=part');
    expect(beats.length).toBeGreaterThanOrEqual(5);
  });

  it('keeps request and response of a run, unless the setting says no', async () => {
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
    bench.deps.store = async () => {
      throw new UserError('The database is locked.', { code: 'store', hint: 'Close the other window.' });
    };
    const events = await collect(startComparison(bench.deps, columns(3, 2)));
    const warnings = ofType(events, 'run-warning').map(({ warning }) => warning);
    expect(warnings).toEqual([
      { code: 'not-recorded', message: 'These runs are not recorded. The database is locked. Close the other window.' },
    ]);
    expect(ofType(events, 'run-end').every(({ result }) => result.state === 'done')).toBe(true);
  });

  it('lets its reader leave early', async () => {
    const bench = createBench({ 'model-a': answer });
    const comparison = startComparison(bench.deps, columns(1, 1));
    for await (const _ of comparison.events) break;
    await vi.runAllTimersAsync();
    expect(bench.memory.runs.get('r0c0')?.state).toBe('done');
  });
});

describe('the budget of a day', () => {
  it('sends nothing when it is spent', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 5;
    bench.memory.spent.usd = 5;
    const events = await collect(startComparison(bench.deps, columns(2, 1)));
    expect(ofType(events, 'run-end').map(({ result }) => result.error?.code)).toEqual(['budget', 'budget']);
    expect(bench.requests).toHaveLength(0);
    expect(bench.memory.runs.size).toBe(0);
  });

  it('refuses further repeats once the runs before them have spent it', async () => {
    const bench = createBench({ 'model-a': answer });
    bench.settings.budgetPerDayUsd = 5;
    bench.settings.concurrency = 1;
    const events = await collect(startComparison(bench.deps, columns(1, 4)));
    expect(ofType(events, 'run-end').map(({ result }) => result.state)).toEqual(['done', 'done', 'failed', 'failed']);
  });
});
