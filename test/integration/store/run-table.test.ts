import { expect, test } from 'vitest';
import type { RunFilter, RunSort } from '../../../src/core/store/runs/run-record.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { makeRun } from './make-run.ts';
import { createStoreFolder } from './temporary-store.ts';

const NOVEMBER = new Date(2026, 10, 1, 12).getTime();
const DAY_MS = 86_400_000;

const RUNS = [
  makeRun({ id: 'a', startedAt: NOVEMBER, model: 'openai/gpt-6', promptName: 'Triage', costUsd: 0.5, elapsedMs: 900 }),
  makeRun({
    id: 'b',
    startedAt: NOVEMBER + 1,
    model: 'demo/swift',
    costUsd: undefined,
    elapsedMs: undefined,
    usage: {},
  }),
  makeRun({
    ...{
      id: 'c',
      startedAt: NOVEMBER + DAY_MS,
      model: 'openai/gpt-6',
      state: 'failed',
      costUsd: 0.125,
      elapsedMs: 9000,
    },
    ...{ version: { label: 'v10', commit: 'f'.repeat(40) }, usage: { inputTokens: 100 } },
  }),
  makeRun({
    ...{ id: 'd', startedAt: NOVEMBER + DAY_MS, model: 'openai/gpt-6', costUsd: 0.25, elapsedMs: 100, rating: 'up' },
    ...{ version: { label: 'v9', commit: 'e'.repeat(40) }, promptName: 'triage' },
  }),
];

async function withRuns(use: (store: Store) => Promise<void>): Promise<void> {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await store.runs.start(RUNS);
  await use(store);
}

async function order(store: Store, by: RunSort['by'], descending: boolean, filter: RunFilter = {}): Promise<string> {
  const keys = await store.runs.order({ filter, sort: { by, descending } });
  return (await store.runs.read([...keys])).map((run) => run?.id).join('');
}

test.for<[RunSort['by'], string, string]>([
  ['started', 'abcd', 'dcba'],
  ['cost', 'cdab', 'adcb'],
  ['latency', 'dacb', 'cadb'],
  ['tokens', 'dacb', 'cdab'],
  ['model', 'bdca', 'dcab'],
  ['rating', 'dcba', 'dcba'],
])('runs are sorted by %s, with unknown values last in both directions', ([by, ascending, descending]) =>
  withRuns(async (store) => {
    expect(await order(store, by, false)).toBe(ascending);
    expect(await order(store, by, true)).toBe(descending);
  }),
);

test('versions are sorted by number, prompts without case', () =>
  withRuns(async (store) => {
    expect(await order(store, 'version', false)).toBe('badc');
    expect(await order(store, 'prompt', true)).toBe('dacb');
  }));

test('a filter and a search work in every order', () =>
  withRuns(async (store) => {
    expect(await order(store, 'cost', true, { model: 'openai/gpt-6', state: 'done' })).toBe('ad');
    expect(await order(store, 'latency', true, { search: 'triage' })).toBe('ad');
    expect(await order(store, 'latency', true, { search: 'nothing of it' })).toBe('');
  }));

test('rows are read by key, in order, and a deleted one is undefined', () =>
  withRuns(async (store) => {
    const keys = await store.runs.order({ filter: {}, sort: { by: 'started', descending: false } });
    const [a = 0, b = 0, c = 0] = keys;
    await store.runs.delete(['b']);
    const rows = await store.runs.read([c, b, a]);
    expect(rows.map((run) => run?.id)).toEqual(['c', undefined, 'a']);
    const whole = await store.runs.readWhole([c, b, a]);
    expect(whole.map(({ id, text, input }) => ({ id, text, input }))).toEqual([
      { id: 'c', text: RUNS[2]?.text, input: RUNS[2]?.input },
      { id: 'a', text: RUNS[0]?.text, input: RUNS[0]?.input },
    ]);
  }));

test('cost and latency are by day and model; failed runs have no latency, and unknown costs are counted', () =>
  withRuns(async (store) => {
    expect(await store.runs.listDays({})).toEqual([
      {
        day: '2026-11-01',
        model: 'demo/swift',
        simulated: true,
        runs: 1,
        costUsd: undefined,
        priced: 0,
        latencyMs: undefined,
      },
      { day: '2026-11-01', model: 'openai/gpt-6', simulated: false, runs: 1, costUsd: 0.5, priced: 1, latencyMs: 900 },
      {
        day: '2026-11-02',
        model: 'openai/gpt-6',
        simulated: false,
        runs: 2,
        costUsd: 0.375,
        priced: 2,
        latencyMs: 100,
      },
    ]);
    expect(await store.runs.listDays({ state: 'failed' })).toHaveLength(1);
  }));
