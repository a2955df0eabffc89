import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLazyStore } from '../../../src/core/store/database/lazy-store.ts';
import { fillEvaluation } from '../../bed/fill-evaluation.ts';

let folder: string;
const file = () => path.join(folder, '.llmops', 'llmops.db');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const settings = { linkedFolders: [], retentionDays: 0, retentionKeepRated: true } as never;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'llmops-browse-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openUntrusted(trusted = () => false) {
  return createLazyStore({
    folder,
    trusted,
    settings: () => settings,
    log: silent,
    now: Date.now,
    storeWorkerUrl: new URL('../../../src/core/store/worker.ts', import.meta.url),
  });
}

test('results of a folder that is not trusted are read, and its file stays as it is', async () => {
  const id = await fillEvaluation(folder, { cases: 20 });
  const before = readFileSync(file());
  const store = openUntrusted();
  expect(await store.evals.list({ limit: 10 })).toMatchObject([{ id, state: 'done' }]);
  expect((await store.evals.cells(id, [3])).length).toBeGreaterThan(0);
  await expect(store.evals.pin(id, true)).rejects.toThrow();
  await expect(store.evals.delete([id])).rejects.toThrow();
  // runs are not part of what can be browsed
  expect(await store.runs.list({ limit: 10 })).toEqual([]);
  await store.close();
  expect(readFileSync(file()).equals(before)).toBe(true);
});

test('once the folder is trusted, the same store writes', async () => {
  const id = await fillEvaluation(folder, { cases: 2 });
  let isTrusted = false;
  const store = openUntrusted(() => isTrusted);
  expect(await store.evals.get(id)).toMatchObject({ isPinned: false });
  isTrusted = true;
  await store.evals.pin(id, true);
  expect(await store.evals.get(id)).toMatchObject({ isPinned: true });
  await store.close();
});

test('without a file nothing is created', async () => {
  const store = openUntrusted();
  expect(await store.evals.list({ limit: 10 })).toEqual([]);
  await store.close();
  expect(existsSync(path.join(folder, '.llmops'))).toBe(false);
});

test('a file of an older version is neither updated nor replaced', async () => {
  await fillEvaluation(folder, { cases: 2 });
  const database = new DatabaseSync(file());
  database.exec('PRAGMA user_version = 1');
  database.close();
  const before = readFileSync(file());
  const store = openUntrusted();
  await expect(store.evals.list({ limit: 10 })).rejects.toThrow(/older version/);
  await store.close();
  expect(readFileSync(file()).equals(before)).toBe(true);
});
