import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { APPLICATION_ID } from '../../../src/core/store/migrations.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { spawnLocker } from './child-processes.ts';
import { makeRun, makeStreamingRun } from './make-run.ts';
import { createStoreFolder } from './temporary-store.ts';

const asleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

async function notices(store: Store): Promise<string[]> {
  return (await store.status()).notices;
}

function writeGarbage(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  const garbage = randomBytes(20_000);
  writeFileSync(path, garbage);
  return garbage;
}

describe('a database locked by another program', () => {
  it('fails a write with the file and the next step, without blocking this thread, and works again later', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    await using locker = await spawnLocker(folder.path, 'BEGIN EXCLUSIVE');
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 5);
    const error = await failureOf(store.runs.start([makeRun()]));
    clearInterval(ticking);
    expect(error).toMatchObject({ code: 'store', hint: expect.stringContaining('try again') });
    expect(error.message).toContain(folder.path);
    expect(error.message).toContain('locked');
    expect(ticks).toBeGreaterThan(2);
    expect(await store.runs.list({ limit: 10 })).toEqual([]);

    locker.process.stdin?.end();
    await locker.exit();
    await store.runs.start([makeRun()]);
    expect(await store.runs.list({ limit: 10 })).toHaveLength(1);
  });

  it('waits for a short lock', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open({ busyTimeoutMs: 10_000 });
    await using locker = await spawnLocker(folder.path, 'BEGIN EXCLUSIVE');
    const writing = store.runs.start([makeRun()]);
    await asleep(100);
    locker.process.stdin?.end();
    await writing;
    expect((await store.status()).runs).toBe(1);
  });

  it('is not opened while it is locked exclusively, and opened later', async () => {
    await using folder = await createStoreFolder();
    await (await folder.open()).close();
    const whole = 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE other (a)';
    await using locker = await spawnLocker(folder.path, whole);
    const error = await failureOf(folder.open());
    expect(error.code).toBe('store');
    expect(error.message).toContain(folder.path);
    locker.process.stdin?.end();
    await locker.exit();
    expect(await notices(await folder.open())).toEqual([]);
  });
});

describe('a damaged database', () => {
  it('is set aside with its side files, unchanged, and replaced by a new one with a notice', async () => {
    await using folder = await createStoreFolder();
    const garbage = writeGarbage(folder.path);
    writeFileSync(`${folder.path}-wal`, 'what was in the log');
    folder.clock.now = Date.UTC(2026, 10, 23, 12, 30);
    const store = await folder.open();
    const aside = `${folder.path}.corrupt-2026-11-23T12-30-00.000Z`;
    expect(readFileSync(aside)).toEqual(garbage);
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('what was in the log');
    expect(await notices(store)).toEqual([expect.stringContaining(aside)]);
    await store.runs.finish([makeRun()]);
    expect(await store.status()).toMatchObject({ mode: 'file', runs: 1 });
  });

  it('never overwrites one that was set aside before', async () => {
    await using folder = await createStoreFolder();
    const first = writeGarbage(folder.path);
    await (await folder.open()).close();
    const second = writeGarbage(folder.path);
    await folder.open();
    const kept = readdirSync(dirname(folder.path)).filter((name) => name.includes('.corrupt-'));
    const bytes = kept.map((name) => readFileSync(join(dirname(folder.path), name)).toString('hex'));
    expect(bytes.toSorted()).toEqual([first.toString('hex'), second.toString('hex')].toSorted());
  });

  it('is detected when a damaged page is read later, and the request is answered from the new one', async () => {
    await using folder = await createStoreFolder();
    const before = await folder.open();
    await before.runs.finish(Array.from({ length: 300 }, () => makeRun()));
    await before.close();
    const bytes = readFileSync(folder.path);
    bytes.fill(0xff, 3 * 8192);
    writeFileSync(folder.path, bytes);

    const store = await folder.open();
    expect(await store.runs.list({ limit: 100 })).toEqual([]);
    await store.runs.finish([makeRun()]);
    expect(await store.runs.list({ limit: 100 })).toHaveLength(1);
    expect(await notices(store)).toEqual([expect.stringContaining('.corrupt-')]);
  });

  it('only repairs the search index if only that is damaged', async () => {
    await using folder = await createStoreFolder();
    const before = await folder.open();
    await before.runs.finish([makeRun({ text: 'walrus' }), makeRun({ text: 'walrus' })]);
    expect(await before.runs.list({ filter: { search: 'walrus' }, limit: 10 })).toHaveLength(2);
    await before.close();
    const db = new DatabaseSync(folder.path, { defensive: false });
    db.exec(`UPDATE run_search_data SET block = x'ff' WHERE id > 10`);
    db.close();

    const store = await folder.open();
    expect(await store.runs.list({ filter: { search: 'walrus' }, limit: 10 })).toHaveLength(2);
    expect(await store.status()).toMatchObject({ runs: 2, notices: [] });
  });
});

describe('a database of a newer version', () => {
  it('is rejected with the way out, without changing a byte of its folder', async () => {
    await using folder = await createStoreFolder();
    mkdirSync(dirname(folder.path));
    writeFileSync(join(dirname(folder.path), '.gitignore'), 'mine\n');
    const db = new DatabaseSync(folder.path);
    db.exec(`CREATE TABLE future (a); PRAGMA user_version = 99; PRAGMA application_id = ${APPLICATION_ID}`);
    db.close();
    const bytes = readFileSync(folder.path);

    const error = await failureOf(folder.open());
    expect(error).toMatchObject({ code: 'store-newer', hint: expect.stringContaining('Update') });
    expect(error.message).toContain(folder.path);
    expect(readFileSync(folder.path)).toEqual(bytes);
    expect(readdirSync(dirname(folder.path)).toSorted()).toEqual(['.gitignore', 'llmops.db']);
  });

  it('is rejected even while its newer format is only in the write-ahead log', async () => {
    await using folder = await createStoreFolder();
    await (await folder.open()).close();
    const db = new DatabaseSync(folder.path);
    db.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99');
    expect((await failureOf(folder.open())).code).toBe('store-newer');
    db.close();
  });

  it('is rejected when another window has updated it meanwhile', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    await store.runs.finish([makeRun()]);
    const db = new DatabaseSync(folder.path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect((await failureOf(store.runs.finish([makeRun()]))).code).toBe('store-newer');
  });
});

describe('an unwritable location', () => {
  async function expectMemory(store: Store, reason: RegExp): Promise<void> {
    await store.runs.finish([makeRun({ id: 'kept' })]);
    expect(await store.runs.get('kept')).toBeDefined();
    expect(await store.status()).toMatchObject({ mode: 'memory', runs: 1, notices: [expect.stringMatching(reason)] });
  }

  it('keeps runs in memory if the folder cannot be created', async () => {
    await using folder = await createStoreFolder();
    writeFileSync(dirname(folder.path), 'a file where the folder should be');
    await expectMemory(await folder.open(), /cannot be saved in .*llmops\.db: /);
  });

  it('keeps runs in memory if a folder has the name of the file', async () => {
    await using folder = await createStoreFolder();
    mkdirSync(folder.path, { recursive: true });
    await expectMemory(await folder.open(), /cannot be saved/);
  });

  // root may write everywhere
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'keeps runs in memory in a read-only folder, and for a read-only file',
    async () => {
      await using folder = await createStoreFolder();
      chmodSync(folder.folder, 0o555);
      await expectMemory(await folder.open(), /permission/);
      chmodSync(folder.folder, 0o755);
      await (await folder.open()).close();
      chmodSync(folder.path, 0o444);
      await expectMemory(await folder.open(), /read-only|permission/);
    },
  );

  it('shows the reason if no folder is open', async () => {
    await using folder = await createStoreFolder();
    await expectMemory(await folder.open({ path: undefined }), /No folder is open/);
    expect(existsSync(dirname(folder.path))).toBe(false);
  });
});

describe('the folder', () => {
  it('is excluded from git by its own .gitignore', async () => {
    await using folder = await createStoreFolder();
    await folder.open();
    expect(readFileSync(join(dirname(folder.path), '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('keeps a .gitignore that the user has changed', async () => {
    await using folder = await createStoreFolder();
    mkdirSync(dirname(folder.path));
    writeFileSync(join(dirname(folder.path), '.gitignore'), '!*\n');
    await folder.open();
    expect(readFileSync(join(dirname(folder.path), '.gitignore'), 'utf8')).toBe('!*\n');
  });

  it.skipIf(process.platform === 'win32')('may be deleted while open: the history is continued', async () => {
    await using folder = await createStoreFolder();
    const store = await folder.open();
    const run = makeStreamingRun();
    await store.runs.start([makeRun(), run]);
    rmSync(dirname(folder.path), { recursive: true });
    await store.runs.saveProgress([{ id: run.id, text: 'x', reasoning: '', usage: {}, costUsd: undefined }]);
    await store.runs.finish([makeRun({ id: run.id })]);
    expect((await store.runs.list({ limit: 10 })).map(({ id }) => id)).toEqual([run.id]);
    expect(await notices(store)).toEqual([expect.stringContaining('deleted or replaced')]);
    expect(existsSync(folder.path)).toBe(true);
  });

  it.skipIf(process.platform === 'win32')(
    'may be deleted and created again by another window, which loses nothing',
    async () => {
      await using folder = await createStoreFolder();
      const stale = await folder.open();
      await stale.runs.finish([makeRun()]);
      rmSync(dirname(folder.path), { recursive: true });
      const fresh = await folder.open();
      await fresh.runs.finish([makeRun({ id: 'fresh' })]);
      await stale.close();
      await fresh.runs.finish([makeRun({ id: 'later' })]);
      const third = await folder.open();
      expect((await third.runs.list({ limit: 10 })).map(({ id }) => id).toSorted()).toEqual(['fresh', 'later']);
    },
  );
});
