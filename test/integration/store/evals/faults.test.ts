import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabaseFile } from '../../../../src/core/store/database/database-file.ts';
import { type Database, readPragma } from '../../../../src/core/store/database/sqlite.ts';
import { toStoreError } from '../../../../src/core/store/database/sqlite-errors.ts';
import { evalsRoom } from '../../../../src/core/store/evals/evals-room.ts';
import { ledgerRoom } from '../../../../src/core/store/ledger/ledger-room.ts';
import type { RoomContext } from '../../../../src/core/store/room.ts';
import type { Store } from '../../../../src/core/store/store.ts';
import { spawnLocker } from '../child-processes.ts';
import { createStoreFolder } from '../temporary-store.ts';
import { makeAnswer, makeCase, makeCell, makeResult } from './make-result.ts';

const entry = { at: 1, connection: 'openai', model: 'openai/small', purpose: 'evaluation' as const, simulated: false };

async function addResult(store: Store, id: string, cases: number): Promise<void> {
  await store.evals.create(makeResult({ id }));
  const places = Array.from({ length: cases }, (_, place) => place);
  await store.evals.addCases(
    id,
    0,
    places.map((place) => makeCase(place)),
  );
}

describe('a full disk', () => {
  let folder: string;
  let db: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llmops-full-'));
    db = openDatabaseFile({ path: join(folder, 'llmops.db'), busyTimeoutMs: 100 });
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stores nothing of a batch, keeps what was there, and accepts the same batch once there is space', () => {
    const context: RoomContext = { db, at: 0, signal: new AbortController().signal, report() {} };
    const { create, addCases, addCells, cells, get } = evalsRoom.methods;
    create(context, makeResult({ id: 'r' }));
    addCases(context, 'r', 0, [makeCase(0), makeCase(1)]);
    addCells(context, 'r', [makeCell(0, 0)], [{ id: 'a', usd: 1, ...entry }]);
    db.exec(`PRAGMA max_page_count = ${Number(readPragma(db, 'page_count')) + 2}`);
    const big = makeCell(1, 0, { answer: makeAnswer({ output: 'x'.repeat(1_000_000) }) });
    const write = () => addCells(context, 'r', [makeCell(0, 1), big], [{ id: 'b', usd: 1, ...entry }]);
    let failure: unknown;
    try {
      write();
    } catch (error) {
      failure = toStoreError(error, 'the path');
    }
    expect(failure).toMatchObject({ code: 'store', hint: expect.stringContaining('Free some space') });
    expect(cells(context, 'r', [0, 1])).toHaveLength(1);
    expect(get(context, 'r')?.counts.passed).toBe(1);
    expect(ledgerRoom.methods.spentUsd(context, 0)).toBe(1);
    db.exec('PRAGMA max_page_count = 1000000');
    write();
    expect(cells(context, 'r', [0, 1])).toHaveLength(3);
    expect(ledgerRoom.methods.spentUsd(context, 0)).toBe(2);
    expect(readPragma(db, 'integrity_check')).toBe('ok');
  });
});

it('a database that another program has locked fails the batch with the next step, and takes it later', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await addResult(store, 'r', 1);
  await using locker = await spawnLocker(folder.path, 'BEGIN EXCLUSIVE');
  await expect(store.evals.addCells('r', [makeCell(0, 0)])).rejects.toMatchObject({
    code: 'store',
    message: expect.stringContaining('locked'),
    hint: expect.stringContaining('try again'),
  });
  expect(await store.evals.cells('r', [0])).toEqual([]);
  locker.process.stdin?.end();
  await locker.exit();
  await store.evals.addCells('r', [makeCell(0, 0)]);
  expect(await store.evals.cells('r', [0])).toHaveLength(1);
});

it('a corrupted database is moved aside, and a result that was in it does not exist any more', async () => {
  await using folder = await createStoreFolder();
  const before = await folder.open();
  await addResult(before, 'r', 500);
  await before.close();
  const bytes = readFileSync(folder.path);
  bytes.fill(0xff, 3 * 8192);
  writeFileSync(folder.path, bytes);
  const store = await folder.open();
  await expect(store.evals.addCells('r', [makeCell(0, 0)])).rejects.toMatchObject({ code: 'unknown-result' });
  expect((await store.status()).notices).toEqual([expect.stringContaining('.corrupt-')]);
  await addResult(store, 'again', 1);
  expect(await store.evals.list({ limit: 9 })).toMatchObject([{ id: 'again' }]);
});

it('a second window sees each batch of the first, whole', async () => {
  await using folder = await createStoreFolder();
  const [first, second] = [await folder.open(), await folder.open()];
  await addResult(first, 'r', 400);
  const writing = (async () => {
    for (let place = 0; place < 400; place += 4) {
      const cells = Array.from({ length: 8 }, (_, index) => makeCell(place + (index >> 1), index & 1));
      await first.evals.addCells('r', cells);
    }
  })();
  let isWriting = true;
  void writing.finally(() => {
    isWriting = false;
  });
  const sort = { by: 'number' as const, descending: false };
  while (isWriting) {
    const finished = (await second.evals.finished('r')).filter((state) => state !== 0).length;
    expect(finished % 8).toBe(0);
    expect((await second.evals.get('r'))?.counts.passed).toBeGreaterThanOrEqual(finished);
    expect((await second.evals.listCases('r', { filter: { state: 'failed' }, sort })).places).toHaveLength(0);
  }
  await writing;
  expect((await second.evals.get('r'))?.counts).toMatchObject({ cases: 400, cells: 800, passed: 800 });
  expect(await second.evals.cells('r', [399])).toHaveLength(2);

  await second.evals.delete(['r']);
  await expect(first.evals.addCells('r', [makeCell(0, 0)])).rejects.toMatchObject({ code: 'unknown-result' });
});

it('a deletion that was cut off is completed by the next one, and the result is gone at once', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await addResult(store, 'gone', 3000);
  await addResult(store, 'kept', 1);
  const cells = Array.from({ length: 6000 }, (_, index) => makeCell(index >> 1, index & 1));
  await store.evals.addCells('gone', cells);
  await store.evals.addCells('kept', [makeCell(0, 0)]);
  const size = (await store.status()).sizeBytes;

  const control = new AbortController();
  const reports: { done: number; total?: number | undefined }[] = [];
  const onProgress = (progress: { done: number; total?: number | undefined }) => {
    reports.push(progress);
    control.abort();
  };
  await store.during({ signal: control.signal, onProgress }).evals.delete(['gone']);
  expect(reports[0]).toEqual({ done: 2000, total: 6000 });
  const db = openDatabaseFile({ path: folder.path, busyTimeoutMs: 300 });
  const rows = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  expect(rows('eval_cells')).toBeGreaterThan(1);
  expect(await store.evals.list({ limit: 9 })).toMatchObject([{ id: 'kept' }]);

  await store.evals.delete([]);
  const tables = ['evaluations', 'eval_cases', 'eval_cells', 'eval_answers', 'eval_chunks', 'eval_metric_sets'];
  expect(tables.map(rows)).toEqual([1, 1, 1, 1, 1, 1]);
  db.close();
  expect((await store.status()).sizeBytes).toBeLessThan(size / 2);
});

it('old runs are purged, but results never', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await addResult(store, 'old', 1);
  await store.evals.addCells('old', [makeCell(0, 0)]);
  await store.runs.purge({ olderThan: Number.MAX_SAFE_INTEGER, keepRated: false });
  await store.jobs.purge(Number.MAX_SAFE_INTEGER);
  expect(await store.evals.cells('old', [0])).toHaveLength(1);
});

it('evaluations change nothing of the history of runs', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await addResult(store, 'r', 1);
  await store.evals.addCells('r', [makeCell(0, 0)], [{ id: 'a', usd: 1, ...entry }]);
  expect(await store.runs.list({ limit: 9 })).toEqual([]);
  expect(await store.runs.distinctValues()).toEqual({ models: [], promptPaths: [] });
  expect((await store.status()).runs).toBe(0);
  expect(await store.runs.listContents(0)).toEqual([]);
});
