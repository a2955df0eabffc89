import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectReader } from '../../../src/core/versions/git/object-reader.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let folder: string;
let reader: ObjectReader;
let write: (bytes: string | Buffer) => string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmops-objects-'));
  execFileSync('git', ['init', '-q', folder]);
  write = (input) =>
    execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input }).toString('utf8').trim();
  reader = new ObjectReader({ cwd: folder, env: process.env, log: silent });
});
afterAll(() => {
  reader.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it('reads objects in the requested order, from one process', async () => {
  const texts = Array.from({ length: 200 }, (_, index) => `text ${index}\n`.repeat(index));
  const hashes = texts.map(write);
  expect(await Promise.all(hashes.map((hash) => reader.text(hash)))).toEqual(texts);
});

it('returns bytes unchanged, even if larger than one chunk of the pipe', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
  const hash = write(bytes);
  expect((await reader.read(hash))?.bytes.equals(bytes)).toBe(true);
});

it('returns nothing for missing objects, and continues', async () => {
  const hash = write('here');
  const answers = await Promise.all([
    reader.read('0'.repeat(40)),
    reader.read('HEAD:nothing here'),
    reader.read('two\nlines'),
    reader.text(hash),
  ]);
  expect(answers).toEqual([undefined, undefined, undefined, 'here']);
});

it('starts again after it was disposed', async () => {
  const hash = write('again');
  reader.dispose();
  expect(await reader.text(hash)).toBe('again');
});

it('rejects with a readable message if the folder is not a repository', async () => {
  const elsewhere = new ObjectReader({ cwd: tmpdir(), env: { PATH: process.env.PATH }, log: silent });
  await expect(elsewhere.read('HEAD')).rejects.toThrow(/ is not in a git repository\.$/);
});

it('finds no object outside the repository, where git itself gives up, and answers later requests', async () => {
  const hash = write('inside');
  const empty = write('');
  const tree = execFileSync('git', ['mktree'], { cwd: folder, input: '' }).toString('utf8').trim();
  const names = [hash, `${tree}:../outside`, hash, `${tree}:../../outside`, empty];
  expect(await Promise.all(names.map((name) => reader.text(name)))).toEqual([
    'inside',
    undefined,
    'inside',
    undefined,
    '',
  ]);
});

it('stops a git that is silent for too long', async () => {
  const script = join(folder, 'silent.mjs');
  writeFileSync(script, `#!${process.execPath}\nsetInterval(() => {}, 1000);\n`, { mode: 0o755 });
  const stuck = new ObjectReader({ cwd: folder, env: process.env, log: silent, binary: script, timeoutMs: 100 });
  await expect(stuck.read('HEAD')).rejects.toMatchObject({ code: 'git-timeout' });
});
