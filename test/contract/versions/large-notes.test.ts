import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { contentHash } from '../../../src/core/prompts/content-hash.ts';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import { openVersions } from '../../integration/versions/open-versions.ts';
import {
  createRepository,
  createResultStore,
  type TemporaryRepository,
} from '../../integration/versions/temporary-repository.ts';

/** A note of this many megabytes, larger than any real records. */
function noteLarge(repo: TemporaryRepository, blob: string, megabytes: number): void {
  const file = path.join(repo.root, '..', 'large');
  const handle = openSync(file, 'w');
  for (let count = 0; count < megabytes; count += 1) writeSync(handle, `${'x'.repeat(999_999)}\n`);
  closeSync(handle);
  const options = { cwd: repo.root, env: repo.env, encoding: 'utf8' } as const;
  const note = execFileSync('git', ['-c', 'core.compression=0', 'hash-object', '-w', file], options).trim();
  repo.git('notes', '--ref=llmops', 'add', '--force', '-C', note, blob);
}

it('reads no note of hundreds of megabytes for a push, and reports the record that could not be added', async () => {
  using repo = createRepository();
  using remote = createRepository({ bare: true });
  repo.git('remote', 'add', 'origin', remote.root);
  repo.commit('One', { 'a.prompt': 'one\n', 'b.prompt': 'two\n' });
  const large = repo.git('rev-parse', 'HEAD:a.prompt');
  noteLarge(repo, large, 200);
  const hashes = ['one\n', 'two\n'].map((text) => contentHash(text, new Map()));
  const summaries = hashes.map((hash) => ({ ...emptySummary(hash), done: 1, firstAt: 1, lastAt: 2 }));
  const ran = createResultStore(
    summaries.map((summary) => ({ ...summary, lastAt: Date.UTC(2026, 4, 31) })),
    path.join(repo.root, 'a.prompt'),
  );
  const versions = openVersions(repo, { store: ran });
  const said =
    `The note on ${large.slice(0, 10)} is 200 MB, and notes larger than 4.0 MB are not read: ` +
    `results could not be added to it. To remove it, run git notes --ref=llmops remove ${large}.`;
  const before = process.memoryUsage().rss;
  await expect(versions.results.note(path.join(repo.root, 'a.prompt'))).rejects.toThrow(said);
  expect(await versions.results.note(path.join(repo.root, 'b.prompt'))).toBe(1);
  const plan = await versions.sync.planPush();
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  expect(plan.notices).toEqual([said]);
  expect(plan.items.find(({ kind }) => kind === 'results')?.description).toBe(
    '1 result, and a note of 200 MB that is too large to be read',
  );
  const saved = await versions.saves.save(path.join(repo.root, 'a.prompt'), { message: 'One' });
  expect(saved.notices).toContain(said);
  // the suggested command removes it
  repo.git('notes', '--ref=llmops', 'remove', large);
  expect(await versions.results.note(path.join(repo.root, 'a.prompt'))).toBe(1);
  expect((await versions.sync.planPush()).notices).toEqual([]);
});

it('counts the new lines, even if git spreads the notes over folders', async () => {
  using repo = createRepository();
  using remote = createRepository({ bare: true });
  repo.git('remote', 'add', 'origin', remote.root);
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`p${n}.txt`, `${n}\n`]));
  repo.commit('One', { 'a.prompt': 'one\n', ...files });
  const blobs = repo
    .git('ls-tree', '-r', 'HEAD')
    .split('\n')
    .map((line) => line.split(/\s/)[2] ?? '');
  repo.git('notes', '--ref=llmops', 'add', '-m', 'first', blobs[0] ?? '');
  const input = blobs
    .slice(1, 290)
    .map((blob) => `${blobs[0]} ${blob}\n`)
    .join('');
  execFileSync('git', ['notes', '--ref=llmops', 'copy', '--stdin'], { cwd: repo.root, env: repo.env, input });
  expect(repo.git('ls-tree', '--name-only', 'refs/notes/llmops').split('\n')[0]).toHaveLength(2);
  const description = async () =>
    (await openVersions(repo).sync.planPush()).items.find(({ kind }) => kind === 'results')?.description;
  expect(await description()).toBe('290 results');
  repo.git('push', '-q', 'origin', 'refs/notes/llmops');
  repo.git('update-ref', 'refs/llmops-remote/origin/notes/llmops', 'refs/notes/llmops');
  repo.git('notes', '--ref=llmops', 'append', '-m', 'second', blobs[0] ?? '');
  repo.git('notes', '--ref=llmops', 'add', '-m', 'third', blobs[295] ?? '');
  expect(await description()).toBe('2 results');
});
