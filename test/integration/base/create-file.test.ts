import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFile } from '../../../src/core/base/files/create-file.ts';
import { makeFolder, makeFolderSync } from '../../../src/core/base/files/make-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-create-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('creates a file with its folders, and leaves nothing else', async () => {
  const file = path.join(folder, 'a/b/c.prompt');
  await createFile(file, 'text');
  expect(readFileSync(file, 'utf8')).toBe('text');
  expect(readdirSync(path.dirname(file))).toEqual(['c.prompt']);
});

it('never replaces a file, even if several calls create it at once', async () => {
  const file = path.join(folder, 'c.prompt');
  const made = await Promise.allSettled(['one', 'two', 'three', 'four'].map((text) => createFile(file, text)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const first = made.findIndex(({ status }) => status === 'fulfilled');
  expect(readFileSync(file, 'utf8')).toBe(['one', 'two', 'three', 'four'][first]);
  await expect(createFile(file, 'five')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readdirSync(folder)).toEqual(['c.prompt']);
});

it('rejects if there is a file in the place of a folder', async () => {
  writeFileSync(path.join(folder, 'file'), '');
  for (const inside of ['file', 'file/a/b']) {
    await expect(makeFolder(path.join(folder, inside))).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(() => makeFolderSync(path.join(folder, inside))).toThrow(/ENOTDIR/);
  }
});

it.skipIf(process.platform !== 'linux')('ends where nothing can be made', async () => {
  await expect(makeFolder('/proc/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(() => makeFolderSync('/proc/a/b')).toThrow(/ENOENT/);
});
