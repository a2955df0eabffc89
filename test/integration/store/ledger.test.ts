import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../src/core/store/ledger/ledger-entry.ts';
import type { RunRecord } from '../../../src/core/store/runs/run-record.ts';
import { makeRun, makeStreamingRun } from './make-run.ts';
import { createStoreFolder } from './temporary-store.ts';

/** Written by the store of commit 224ed4cc, whose ledger was the table of runs, with the runs as that code read them. */
const fixture = (name: string) =>
  gunzipSync(readFileSync(new URL(`../../fixtures/databases/${name}.gz`, import.meta.url)));

const paid = { model: 'openai/gpt-6', simulated: false };

function makeEntry(overrides: Partial<LedgerEntry>): LedgerEntry {
  return { id: 'entry', at: 100, connection: 'openai', purpose: 'evaluation', usd: 1, ...paid, ...overrides };
}

describe('the costs of runs', () => {
  it('count from the start of a run, and its end replaces what was known before', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    const run = makeStreamingRun({ ...paid, startedAt: 100, costUsd: 0.25 });
    await store.runs.start([run]);
    expect(await store.ledger.spentUsd(0)).toBe(0.25);
    await store.runs.saveProgress([{ id: run.id, text: 'so', reasoning: '', usage: {}, costUsd: 0.5 }]);
    expect(await store.ledger.spentUsd(0)).toBe(0.5);
    expect(await store.ledger.spentUsd(0, [run.id])).toBe(0);
    await store.runs.finish([makeRun({ ...paid, id: run.id, startedAt: 100, costUsd: 0.75 })]);
    expect(await store.ledger.spentUsd(0)).toBe(0.75);
    await store.runs.saveProgress([{ id: run.id, text: 'late', reasoning: '', usage: {}, costUsd: 9 }]);
    expect(await store.ledger.spentUsd(0)).toBe(0.75);
  });

  it('stay when runs are deleted, by the user or because they are old', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    await store.runs.finish([
      makeRun({ ...paid, id: 'a', startedAt: 100, costUsd: 0.25 }),
      makeRun({ ...paid, id: 'b', startedAt: 100, costUsd: 0.5 }),
    ]);
    await store.runs.delete(['a']);
    expect(await store.runs.purge({ olderThan: 200, keepRated: false })).toBe(1);
    expect(await store.ledger.spentUsd(0)).toBe(0.75);
  });
});

it('the ledger is summed by day, purpose and model, without simulated costs and with the number of unknown ones', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
  await store.ledger.add([
    makeEntry({ id: '1', at: at(28, 23), usd: 4 }),
    makeEntry({ id: '2', at: at(29, 1), usd: 1, purpose: 'run' }),
    makeEntry({ id: '3', at: at(29, 2), usd: 2, model: undefined, connection: undefined }),
    makeEntry({ id: '4', at: at(29, 23), usd: undefined }),
    makeEntry({ id: '5', at: at(29, 23), usd: 100, simulated: true, model: 'demo/swift' }),
    makeEntry({ id: '6', at: at(20, 0), usd: 50 }),
  ]);
  const since = at(28, 0);
  expect(await store.ledger.byDay(since)).toEqual([
    { day: '2026-11-29', usd: 3, requests: 3, unknown: 1, reserved: 0 },
    { day: '2026-11-28', usd: 4, requests: 1, unknown: 0, reserved: 0 },
  ]);
  expect(await store.ledger.byPurpose(since)).toEqual([
    { purpose: 'evaluation', usd: 6, requests: 3, unknown: 1, reserved: 0 },
    { purpose: 'run', usd: 1, requests: 1, unknown: 0, reserved: 0 },
  ]);
  expect(await store.ledger.byModel(since)).toEqual([
    { model: 'openai/gpt-6', usd: 5, requests: 3, unknown: 1, reserved: 0 },
    { model: undefined, usd: 2, requests: 1, unknown: 0, reserved: 0 },
  ]);
  await store.ledger.add([makeEntry({ id: '1', usd: 7 })]);
  expect(await store.ledger.spentUsd(since)).toBe(10);
});

describe('what requests can cost at most', () => {
  const request = (id: string, usd: number, evaluation = 'eval') => makeEntry({ id, usd, evaluation });

  it('is given to two windows only as far as it goes, and replaced by what they cost', async () => {
    await using folder = await createStoreFolder();
    const [a, b] = [await folder.open(), await folder.open()];
    await a.ledger.add([makeEntry({ id: 'before', usd: 2, evaluation: 'eval' })]);
    const limit = { since: 0, limitUsd: 10, except: [] };
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? a : b).ledger.reserve([request(`${index}`, 1)], limit)),
    );
    expect(all.filter(({ granted }) => granted[0])).toHaveLength(8);
    expect(await a.ledger.spentUsd(0)).toBe(10);
    expect(await b.ledger.spentOn('eval')).toEqual({ usd: 10, reservedUsd: 8, reservedRequests: 8 });
    expect(await b.ledger.byPurpose(0)).toEqual([
      { purpose: 'evaluation', usd: 10, requests: 9, unknown: 0, reserved: 8 },
    ]);
    const granted = all.flatMap((one, index) => (one.granted[0] ? [`${index}`] : []));
    await a.ledger.add([request(granted[0] ?? '', 0.25)]);
    await b.ledger.release([granted[1] ?? '', granted[0] ?? '', 'before']);
    expect(await a.ledger.spentOn('eval')).toEqual({ usd: 8.25, reservedUsd: 6, reservedRequests: 6 });
  });

  it('is given in order, and not beyond the limit by what the caller knows better', async () => {
    await using folder = await createStoreFolder();
    const { ledger } = await folder.open();
    await ledger.add([makeEntry({ id: 'known', usd: 9 }), makeEntry({ id: 'old', at: 10, usd: 50 })]);
    const { spentUsd, granted } = await ledger.reserve([request('a', 3), request('b', 3), request('c', 1)], {
      ...{ since: 50, limitUsd: 5, except: ['known'] },
    });
    expect({ spentUsd, granted }).toEqual({ spentUsd: 0, granted: [true, false, true] });
    const free = await ledger.reserve([request('d', 0)], { since: 50, limitUsd: undefined, except: [] });
    expect(free).toEqual({ spentUsd: 13, granted: [true] });
    expect(await ledger.spentOn('eval')).toMatchObject({ reservedRequests: 2 });
    expect(await ledger.spentOn('other')).toEqual({ usd: 0, reservedUsd: 0, reservedRequests: 0 });
  });
});

it('a database whose ledger was its runs has what they cost, also of a run that was interrupted', async () => {
  await using folder = await createStoreFolder();
  mkdirSync(dirname(folder.path), { recursive: true });
  writeFileSync(folder.path, fixture('schema-4.db'));
  const runs = JSON.parse(fixture('schema-4.runs.json').toString('utf8')) as RunRecord[];
  const real = runs.filter(({ simulated }) => !simulated);
  const total = (some: RunRecord[]) => some.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
  expect(total(real)).toBeGreaterThan(0.6);

  const store = await folder.open();
  expect(await store.ledger.spentUsd(0)).toBeCloseTo(total(real), 12);
  const [byRuns] = await store.ledger.byPurpose(0);
  const unknown = real.filter(({ costUsd }) => costUsd === undefined).length;
  expect(byRuns).toMatchObject({ purpose: 'run', requests: real.length, unknown });
  const streaming = runs.filter(({ state }) => state === 'streaming').map(({ id }) => id);
  expect(streaming).toHaveLength(1);
  expect(await store.ledger.spentUsd(0, streaming)).toBeCloseTo(total(real) - 0.5, 12);
  for (const run of runs) {
    expect(JSON.parse(JSON.stringify(await store.runs.get(run.id)))).toEqual(run);
  }
  expect(await store.state.get('panel')).toEqual({ input: 'Ada' });
  expect(await store.jobs.get('job-1')).toMatchObject({ kind: 'upload', detail: { file: 'x' } });
  expect(await store.evals.list({ limit: 9 })).toEqual([]);
});
