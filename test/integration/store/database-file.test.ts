import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabaseFile } from '../../../src/core/store/database/database-file.ts';
import { type Database, readPragma } from '../../../src/core/store/database/sqlite.ts';
import { toStoreError } from '../../../src/core/store/database/sqlite-errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/core/store/migrations.ts';
import { countRuns } from '../../../src/core/store/runs/read-runs.ts';
import { putRuns } from '../../../src/core/store/runs/write-runs.ts';
import { eventually } from '../eventually.ts';
import { makeRun } from './make-run.ts';
import { createStoreFolder } from './temporary-store.ts';

let folder: string;
let path: string;
const opened: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmops-database-'));
  path = join(folder, 'llmops.db');
});
afterEach(() => {
  for (const db of opened.splice(0)) db.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(isNetworkDrive = false): Database {
  const db = openDatabaseFile({ path, busyTimeoutMs: 100, isNetworkDrive: () => isNetworkDrive });
  opened.push(db);
  return db;
}

it('uses a write-ahead log on a local drive, and waits for other windows', () => {
  const db = open();
  expect(readPragma(db, 'journal_mode')).toBe('wal');
  expect(readPragma(db, 'synchronous')).toBe(1);
  expect(readPragma(db, 'busy_timeout')).toBe(100);
  expect(readPragma(db, 'user_version')).toBe(SCHEMA_VERSION);
});

it('uses a rollback journal on a network drive, even for a file that was created on a local one', () => {
  open().close();
  opened.length = 0;
  const db = open(true);
  expect(readPragma(db, 'journal_mode')).toBe('truncate');
  putRuns(db, [makeRun()], { at: 0, expect: 'new' });
  expect(countRuns(db)).toBe(1);
});

it('reports a full disk, keeps the existing data, and writes again once there is space', () => {
  const db = open();
  putRuns(db, [makeRun()], { at: 0, expect: 'new' });
  const pages = Number(readPragma(db, 'page_count'));
  db.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const big = makeRun({ text: 'x'.repeat(1_000_000) });
  const write = () => putRuns(db, [makeRun(), big], { at: 0, expect: 'new' });
  let failure: unknown;
  try {
    write();
  } catch (error) {
    failure = toStoreError(error, path);
  }
  expect(failure).toMatchObject({ code: 'store', hint: expect.stringContaining('Free some space') });
  expect(String(failure)).toContain(path);
  expect(String(failure)).toContain('full');
  expect(countRuns(db)).toBe(1);
  db.exec('PRAGMA max_page_count = 1000000');
  write();
  expect(countRuns(db)).toBe(3);
  expect(readPragma(db, 'integrity_check')).toBe('ok');
});

it('leaves nothing of a failed migration, so that the next start can try again', () => {
  const other = new DatabaseSync(path);
  other.exec(`CREATE TABLE run_raw (a); PRAGMA application_id = ${APPLICATION_ID}`);
  other.close();
  expect(() => open()).toThrow('run_raw');
  const after = new DatabaseSync(path);
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 0 });
  expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'run_raw' }]);
  after.exec('DROP TABLE run_raw');
  after.close();
  expect(countRuns(open())).toBe(0);
});

it('indexes for search while idle, but not a text that is still growing', async () => {
  await using temporary = await createStoreFolder();
  const store = await temporary.open();
  const streaming = makeRun({ state: 'streaming' });
  await store.runs.start([makeRun(), streaming, makeRun()]);
  const db = new DatabaseSync(temporary.path, { readOnly: true });
  const queued = () => db.prepare('SELECT r.id FROM search_queue q JOIN runs r ON r.seq = q.run').all();
  await eventually(() => expect(queued()).toEqual([{ id: streaming.id }]));
  db.close();
});
