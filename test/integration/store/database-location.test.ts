import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import { findDatabaseLocation } from '../../../src/core/store/database/database-location.ts';
import { createLazyStore, type LazyStore } from '../../../src/core/store/database/lazy-store.ts';
import { makeRun } from './make-run.ts';
import { SILENT_LOG, WORKER_URL } from './temporary-store.ts';

let base: string;
let work: string;
let elsewhere: string;
let linkedFolders: string[] = [];
const held: LazyStore[] = [];

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-place-')));
  work = path.join(base, 'work');
  elsewhere = path.join(base, 'elsewhere');
  mkdirSync(work);
  mkdirSync(elsewhere);
  linkedFolders = [];
});
afterEach(async () => {
  for (const one of held.splice(0)) await one.close();
  rmSync(base, { recursive: true, force: true });
});

function hold(): LazyStore {
  const store = createLazyStore({
    folder: work,
    trusted: () => true,
    settings: () => ({ ...DEFAULT_SETTINGS, linkedFolders }),
    log: SILENT_LOG,
    now: Date.now,
    storeWorkerUrl: WORKER_URL,
  });
  held.push(store);
  return store;
}
const link = (target: string, name: string) => symlinkSync(target, path.join(work, name));

describe('the run history', () => {
  it('is in .llmops, whether it exists or not', async () => {
    expect(await findDatabaseLocation(work, [])).toBe(path.join(work, '.llmops/llmops.db'));
    await hold().runs.finish([makeRun()]);
    expect(existsSync(path.join(work, '.llmops/llmops.db'))).toBe(true);
    expect(await findDatabaseLocation(work, [])).toBe(path.join(work, '.llmops/llmops.db'));
  });

  it.each([
    ['the folder', () => link('../elsewhere', '.llmops')],
    [
      'the folder, inside the workspace',
      () => {
        mkdirSync(path.join(work, 'src'));
        link('src', '.llmops');
      },
    ],
    [
      'the folder, by a chain',
      () => {
        link('../elsewhere', 'one');
        link('one', '.llmops');
      },
    ],
    [
      'the file',
      () => {
        mkdirSync(path.join(work, '.llmops'));
        writeFileSync(path.join(elsewhere, 'a.db'), '');
        link('../../elsewhere/a.db', '.llmops/llmops.db');
      },
    ],
    [
      'the file, which does not exist yet',
      () => {
        mkdirSync(path.join(work, '.llmops'));
        link('../../elsewhere/a.db', '.llmops/llmops.db');
      },
    ],
    ['the folder, in a loop', () => link('.llmops', '.llmops')],
    [
      'the file, to a device',
      () => {
        mkdirSync(path.join(work, '.llmops'));
        link('/dev/null', '.llmops/llmops.db');
      },
    ],
  ])('is rejected and nothing is written if it is a link: %s', async (_, plant) => {
    plant();
    const before = readdirSync(base, { recursive: true }).toSorted();
    await expect(hold().status()).rejects.toMatchObject({
      code: 'store-link',
      message: expect.stringMatching(/\.llmops(?:\/llmops\.db)? is a symbolic link/),
    });
    expect(readdirSync(base, { recursive: true }).toSorted()).toEqual(before);
  });

  it.each(['-wal', '-shm', '-journal'])('is refused where a link would be written to as its %s', async (suffix) => {
    await hold().runs.finish([makeRun()]);
    await held.pop()?.close();
    link('../../elsewhere/bashrc', `.llmops/llmops.db${suffix}`);
    linkedFolders = [elsewhere];
    await expect(hold().status()).rejects.toMatchObject({ code: 'store-link', hint: expect.stringContaining(suffix) });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is refused where it is a pipe, instead of waiting for it', async () => {
    mkdirSync(path.join(work, '.llmops'));
    execFileSync('mkfifo', [path.join(work, '.llmops/llmops.db')]);
    await expect(hold().status()).rejects.toMatchObject({ code: 'store-link' });
  });

  it('is stored behind a link whose folder the user allowed, and looked up again once it is allowed', async () => {
    link('../elsewhere', '.llmops');
    const store = hold();
    const refusal = await store.status().catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      hint: expect.stringContaining(`add ${JSON.stringify(elsewhere)} to the setting llmops.runs.linkedFolders`),
      action: { command: 'workbench.action.openSettings', args: ['llmops.runs.linkedFolders'] },
    });
    linkedFolders = [path.join(base, 'else')];
    await expect(store.status()).rejects.toMatchObject({ code: 'store-link' });
    linkedFolders = [elsewhere];
    await store.runs.finish([makeRun({ id: 'kept', startedAt: Date.now() })]);
    expect(readdirSync(elsewhere)).toContain('llmops.db');
    expect(await store.runs.get('kept')).toBeDefined();
  });
});
