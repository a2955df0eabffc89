import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/core/store/migrations.ts';
import type { RunRecord } from '../../../src/core/store/runs/run-record.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { makeRun } from './make-run.ts';
import { createStoreFolder, type StoreFolder } from './temporary-store.ts';

/**
 * Databases of version 0.1, each created by the command and the store of the last commit with that schema (`c8b7a72` and
 * `f7d33fc`), with the records as that code itself read them.
 */
const fixture = (name: string) =>
  gunzipSync(readFileSync(new URL(`../../fixtures/databases/${name}.gz`, import.meta.url)));

function plant(folder: StoreFolder, bytes: Buffer): void {
  mkdirSync(dirname(folder.path), { recursive: true });
  writeFileSync(folder.path, bytes);
}

function pragma(path: string, name: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  const value = Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  db.close();
  return value;
}

async function failureOf(opened: Promise<Store>): Promise<UserError> {
  const error = await opened.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`no UserError but ${String(error)}`);
}

/** Every file of the folder by name and content. */
function contentOf({ path }: StoreFolder): Record<string, string> {
  const names = readdirSync(dirname(path)).toSorted();
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dirname(path), name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, hash(name)]));
}

describe('a database of version 0.1', () => {
  it.each([1, 2])('with schema %i is opened with all its runs, marked as ours and updated', async (version) => {
    await using folder = await createStoreFolder();
    plant(folder, fixture(`schema-${version}.db`));
    expect(pragma(folder.path, 'application_id')).toBe(0);
    expect(pragma(folder.path, 'user_version')).toBe(version);
    const expected = JSON.parse(fixture(`schema-${version}.runs.json`).toString('utf8')) as RunRecord[];
    expect(expected.length).toBeGreaterThan(15);

    const store = await folder.open();
    expect(await store.status()).toMatchObject({ mode: 'file', runs: expected.length, notices: [] });
    for (const run of expected) {
      const read = JSON.parse(JSON.stringify(await store.runs.get(run.id))) as RunRecord;
      // In schema 1 the content is known by the hash of its text, which is correct for a prompt without partials.
      const { contentHash = run.sourceHash } = run;
      expect(read).toEqual({ ...run, contentHash, simulated: run.model.startsWith('demo/') });
    }
    expect(await store.state.get('models.demo')).toEqual({ models: ['swift'] });
    expect((await store.runs.list({ filter: { search: 'Ada' }, limit: 100 })).length).toBeGreaterThan(0);
    await store.runs.finish([makeRun({ id: 'new' })]);
    await store.close();

    expect(pragma(folder.path, 'application_id')).toBe(APPLICATION_ID);
    expect(pragma(folder.path, 'user_version')).toBe(SCHEMA_VERSION);
    const again = await folder.open();
    expect((await again.status()).runs).toBe(expected.length + 1);
  });

  it('is opened if a killed process left its runs only in the write-ahead log', async () => {
    await using folder = await createStoreFolder();
    plant(folder, fixture('schema-2.db'));
    const old = new DatabaseSync(folder.path);
    old.exec(`PRAGMA wal_autocheckpoint = 0;
      UPDATE runs SET rating = 'down'; UPDATE workspace_values SET value = '"kept"' WHERE key = 'models.demo'`);
    const killed = [readFileSync(folder.path), readFileSync(`${folder.path}-wal`)] as const;
    old.close();
    writeFileSync(folder.path, killed[0]);
    writeFileSync(`${folder.path}-wal`, killed[1]);
    const store = await folder.open();
    expect(await store.state.get('models.demo')).toBe('kept');
  });
});

describe('a database of another program', () => {
  const tables: [string, string][] = [
    ['any other', 'CREATE TABLE moz_places (id INTEGER, url TEXT); INSERT INTO moz_places VALUES (1, 2)'],
    ['one with our version', 'CREATE TABLE places (id INTEGER); PRAGMA user_version = 2'],
    ['one with a future version', 'CREATE TABLE places (id INTEGER); PRAGMA user_version = 99'],
    ['one that is empty but has a version', 'PRAGMA user_version = 1'],
    ['one with its own id', `CREATE TABLE places (id INTEGER); PRAGMA application_id = 252006675`],
    ['one without tables, with its own id', 'PRAGMA application_id = 252006675'],
  ];
  it.each(tables)('is rejected without changing a byte: %s', async (_, sql) => {
    await using folder = await createStoreFolder();
    mkdirSync(dirname(folder.path));
    const db = new DatabaseSync(folder.path);
    db.exec(`PRAGMA journal_mode = WAL; ${sql}`);
    db.close();
    const before = contentOf(folder);
    const error = await failureOf(folder.open());
    expect(error).toMatchObject({ code: 'store-foreign', hint: expect.stringContaining('It was not changed') });
    expect(error.message).toContain(folder.path);
    expect(contentOf(folder)).toEqual(before);
  });

  it.each([
    ['an additional table', 'CREATE TABLE more (a)'],
    ['an additional trigger', 'CREATE TRIGGER spy AFTER INSERT ON runs BEGIN DELETE FROM runs; END'],
    ['a missing table', 'DROP TABLE search_queue'],
    ['an additional column', 'ALTER TABLE run_raw ADD COLUMN more TEXT'],
    ['the tables of the other version', 'PRAGMA user_version = 1'],
  ])('is any that differs from 0.1 by %s', async (_, sql) => {
    await using folder = await createStoreFolder();
    plant(folder, fixture('schema-2.db'));
    const db = new DatabaseSync(folder.path);
    db.exec(sql);
    db.close();
    const before = contentOf(folder);
    expect((await failureOf(folder.open())).code).toBe('store-foreign');
    expect(contentOf(folder)).toEqual(before);
  });

  it('is rejected while it is in use, even if its data is only in its write-ahead log', async () => {
    await using folder = await createStoreFolder();
    mkdirSync(dirname(folder.path));
    const db = new DatabaseSync(folder.path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE places (a)');
    const before = contentOf(folder);
    expect((await failureOf(folder.open())).code).toBe('store-foreign');
    const after = contentOf(folder);
    for (const name of ['llmops.db', 'llmops.db-wal']) expect(after[name]).toBe(before[name]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    db.exec('INSERT INTO places VALUES (1)');
    db.close();
  });

  it('is detected if it replaces ours while that is open', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    await store.runs.finish([makeRun()]);
    const other = new DatabaseSync(join(folder.folder, 'other.db'));
    other.exec('CREATE TABLE places (a)');
    other.close();
    const bytes = readFileSync(join(folder.folder, 'other.db'));
    const { rmSync } = await import('node:fs');
    for (const suffix of ['', '-wal', '-shm']) rmSync(folder.path + suffix, { force: true });
    writeFileSync(folder.path, bytes);
    expect((await failureOf(store.runs.finish([makeRun()]) as Promise<never>)).code).toBe('store-foreign');
    expect(readFileSync(folder.path)).toEqual(bytes);
  });
});
