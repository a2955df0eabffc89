import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { contentHash } from '../../../src/core/prompts/content-hash.ts';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import { mergeNotes } from '../../../src/core/versions/results/notes.ts';
import { toRecord } from '../../../src/core/versions/results/result-records.ts';
import { openVersions } from './open-versions.ts';
import { createRepository, createResultStore, type TemporaryRepository } from './temporary-repository.ts';

// What a colleague or a stranger may have pushed.

const HASH = contentHash('one\n', new Map());

function pipe(repo: TemporaryRepository, input: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: repo.root, env: repo.env, input, encoding: 'utf8' }).trim();
}

function note(repo: TemporaryRepository, blob: string, lines: readonly string[]): void {
  const hash = pipe(repo, `${lines.join('\n')}\n`, 'hash-object', '-w', '--stdin');
  repo.git('notes', '--ref=llmops', 'add', '--force', '-C', hash, blob);
}

const record = (recorder: string, changes: object = {}) => {
  const summary = { ...emptySummary(HASH), done: 2, models: ['demo/a'], firstAt: 1000, lastAt: 2000 };
  return JSON.stringify({ ...toRecord(summary, { now: 0, by: 'Eve', recorder }), ...changes });
};

it('sums the valid parts of notes, whatever else they contain', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  const versions = openVersions(repo);
  note(repo, repo.git('rev-parse', 'HEAD:a.prompt'), [
    record('honest', { cost: { usd: 1, count: 2 }, schema: { checked: 2, valid: 1 } }),
    record('large', { cost: { usd: 1e308, count: 1e300 }, done: 1e308, last: 1e300, first: 0 }),
    record('more', { schema: { checked: 2, valid: 500 }, done: -3, models: [null, 'm'.repeat(100_000)] }),
    record('__proto__', { done: 'NaN', latency: [1, 2], by: { name: 'x' } }),
    '{"__proto__":{"v":1},"v":1}',
    '['.repeat(50_000),
    '\u001b[2J',
  ]);
  const summary = (await versions.results.read([HASH])).get(HASH)?.summary;
  expect(summary).toMatchObject({ done: 2, cost: { usd: 1, count: 2 }, schema: { checked: 4, valid: 3 } });
  expect(summary).toMatchObject({ firstAt: 1000, lastAt: 2000 });
  expect(Math.max(...(summary?.models ?? []).map((model) => model.length))).toBeLessThanOrEqual(200);
});

it('leaves out a note that is too large to be ours, and reads the others', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n', 'b.prompt': 'two\n' });
  note(repo, repo.git('rev-parse', 'HEAD:a.prompt'), [record('a')]);
  note(repo, repo.git('rev-parse', 'HEAD:b.prompt'), [record('b', { padding: ' '.repeat(5_000_000) })]);
  expect((await openVersions(repo).results.read([HASH])).get(HASH)).toMatchObject({
    recorders: 1,
    summary: { done: 2 },
  });
});

it('shows a history even if something else is in the place of notes, and does not fetch such a thing', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  const blob = repo.git('rev-parse', 'HEAD:a.prompt');
  const context = repo.context();
  expect(await mergeNotes(context, blob, { env: {} })).toBe(false);
  expect(repo.git('for-each-ref', 'refs/notes')).toBe('');
  repo.git('update-ref', 'refs/notes/llmops', blob);
  expect(await openVersions(repo).results.read([HASH])).toEqual(new Map());
});

/** A label as it could be written manually. */
function label(
  repo: TemporaryRepository,
  name: string,
  { trailers, parents }: { trailers: string; parents: string[] },
) {
  const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), 'HEAD^{tree}'];
  const commit = pipe(repo, `x\n\n${trailers}\n`, ...args);
  repo.git('update-ref', `refs/llmops/labels/a/${name}`, commit);
}

it('ignores a ref that is not a valid label, leads out of the repository or has no target', async () => {
  using repo = createRepository();
  const first = repo.commit('one', { 'a.prompt': 'one\n' });
  repo.commit('two', { 'a.prompt': 'two\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  await versions.saves.save(file, { message: 'Save' });
  const sound = { trailers: 'Label-Action: set\nPrompt-Path: a.prompt', parents: [first] };
  for (const name of ['v1', 'HEAD', 'abcd', 'x%1B', '%70roduction']) label(repo, name, sound);
  label(repo, 'outside', { trailers: 'Label-Action: set\nPrompt-Path: ../../a.prompt', parents: [first] });
  label(repo, 'none', { trailers: 'Label-Action: set\nPrompt-Path: a.prompt', parents: [] });
  label(repo, 'subject', { trailers: 'Label-Action: set\nPrompt-Path: a.prompt\n\nRead me', parents: [first] });
  label(repo, 'sound', sound);
  repo.git('update-ref', 'refs/llmops/labels/a/blob', repo.git('rev-parse', 'HEAD:a.prompt'));
  expect((await versions.labels.list()).map((one) => one.label)).toEqual(['sound']);
  expect((await versions.names.resolve('a@v1')).commit).toBe(repo.git('rev-parse', 'HEAD'));
  expect((await versions.names.resolve('a@HEAD')).commit).toBe(repo.git('rev-parse', 'HEAD'));
  expect((await versions.history.list(file)).versions.map(({ labels }) => labels)).toEqual([[], ['sound']]);
});

it('ignores a version that leads out of the repository, and reads on', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  const versions = openVersions(repo);
  await versions.state();
  for (const ref of ['HEAD:../x', 'HEAD:/etc/passwd', '--help', '-x', ':../../x']) {
    await expect(versions.names.resolve(`a@${ref}`)).rejects.toMatchObject({ code: 'unknown-version' });
  }
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('one\n');
});

it('reads the trailers of a tag before its signature', async () => {
  using repo = createRepository();
  const commit = repo.commit('one', { 'a.prompt': 'one\n' });
  const trailers = `Prompt-Path: a.prompt\nPrompt-Content: ${HASH}\n`;
  const signature = '-----BEGIN PGP SIGNATURE-----\n\niQEz\n=x\n-----END PGP SIGNATURE-----\n';
  const head = `object ${commit}\ntype commit\ntag prompt/a/v1\ntagger Ada <a@example.org> 0 +0000\n\n`;
  const tag = pipe(repo, `${head}a v1\n\n${trailers}${signature}`, 'hash-object', '-w', '-t', 'tag', '--stdin');
  repo.git('update-ref', 'refs/tags/prompt/a/v1', tag);
  expect((await openVersions(repo).saves.tags()).get('a')).toMatchObject([{ number: 1, contentHash: HASH }]);
});

it('commits nothing under a name that is not a valid tag', async () => {
  using repo = createRepository();
  const commit = repo.commit('one', { 'b.prompt': 'b\n' });
  const versions = openVersions(repo);
  const long = repo.write(`${'漢'.repeat(30)}.prompt`, 'long\n');
  const taken = repo.write('a.prompt', 'a\n');
  repo.git('tag', 'prompt/a');
  await expect(versions.saves.save(long, { message: 'Save' })).rejects.toThrow(/too long for a git tag/);
  await expect(versions.saves.save(taken, { message: 'Save' })).rejects.toThrow(
    /another program created the tag prompt\/a/,
  );
  expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
  await expect(
    versions.labels.move(path.join(repo.root, 'b.prompt'), { label: '漢'.repeat(50), commit, why: '' }),
  ).rejects.toThrow(/too long for a git ref/);
});

it('saves other prompts while an earlier save cannot be completed, and reports it', async () => {
  using repo = createRepository();
  repo.commit('one', { 'b.prompt': 'b\n' });
  const file = repo.write('a.prompt', 'a\n');
  const store = createResultStore();
  const versions = openVersions(repo, { store });
  // a hook that fails between the commit and its tag
  const hook = `#!/bin/sh\ngit tag prompt/a\n`;
  repo.write('.git/hooks/post-commit', hook);
  chmodSync(path.join(repo.root, '.git/hooks/post-commit'), 0o755);
  await expect(versions.saves.save(file, { message: 'Save' })).rejects.toThrow(/prompt\/a/);
  rmSync(path.join(repo.root, '.git/hooks/post-commit'));
  const other = repo.write('b.prompt', 'more\n');
  const saved = await versions.saves.save(other, { message: 'Save' });
  expect(saved.tag.tag).toBe('prompt/b/v1');
  expect(saved.notices.join()).toMatch(/a\.prompt is committed, but could not be completed/);
  repo.git('tag', '-d', 'prompt/a');
  repo.write('b.prompt', 'and more\n');
  const next = await versions.saves.save(other, { message: 'Save' });
  expect(next.notices.join()).toMatch(/a\.prompt was interrupted; it is now complete as v1/);
});
