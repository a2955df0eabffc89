import path from 'node:path';
import { expect, it } from 'vitest';
import { contentHash } from '../../../src/core/prompts/content-hash.ts';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import type { ContentSummary } from '../../../src/core/store/runs/run-record.ts';
import { openVersions } from './open-versions.ts';
import { createRepository, createResultStore } from './temporary-repository.ts';

const hashOf = (text: string) => contentHash(text, new Map());

function ran(text: string, done: number, changes: Partial<ContentSummary> = {}): ContentSummary {
  return { ...emptySummary(hashOf(text)), done, models: ['demo/a'], firstAt: 1000, lastAt: 2000, ...changes };
}

it('notes the runs of committed versions once, and those of a draft only after it is saved', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  repo.commit('two', { 'a.prompt': 'two\n' });
  const file = repo.write('a.prompt', 'draft\n');
  const store = createResultStore([ran('one\n', 1), ran('draft\n', 3)], file);
  const versions = openVersions(repo, { store });
  expect(await versions.results.note(file)).toBe(1);
  expect(await versions.results.note(file)).toBe(0);
  expect((await versions.results.read([hashOf('one\n')])).get(hashOf('one\n'))).toMatchObject({
    pending: false,
    recorders: 1,
  });
  const draft = hashOf('draft\n');
  expect((await versions.results.read([draft])).get(draft)).toMatchObject({ pending: true, summary: { done: 3 } });
  await versions.saves.save(file, { message: 'Save' });
  expect((await versions.results.read([draft])).get(draft)).toMatchObject({ pending: false, summary: { done: 3 } });
  expect((await versions.results.read([hashOf('two\n')])).size).toBe(0);
});

it('replaces its own figures, and keeps those of others and every unknown line', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  const file = path.join(repo.root, 'a.prompt');
  const blob = repo.git('rev-parse', 'HEAD:a.prompt');
  const future = `{"time":"2027-01-01T00:00:00.000Z","v":2,"evaluation":"quality","content":"${hashOf('one\n')}"}`;
  repo.git('notes', '--ref=llmops', 'add', '-m', `${future}\n\nnot JSON`, blob);
  const summaries = [ran('one\n', 1)];
  const store = createResultStore(summaries, file);
  const other = createResultStore([ran('one\n', 10)], file);
  await openVersions(repo, { store }).results.note(file);
  await openVersions(repo, { store: other }).results.note(file);
  summaries[0] = ran('one\n', 2, { lastAt: 3000 });
  const later = openVersions(repo, { store, now: () => Date.UTC(2026, 6, 1) });
  await later.results.note(file);
  const lines = repo.git('notes', '--ref=llmops', 'show', blob).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines).toEqual(expect.arrayContaining([future, 'not JSON']));
  expect((await later.results.read([hashOf('one\n')])).get(hashOf('one\n'))).toMatchObject({
    recorders: 2,
    summary: { done: 12, firstAt: 1000, lastAt: 3000 },
  });
});

it('keeps noted results when old runs were deleted from the database', async () => {
  using repo = createRepository();
  repo.commit('one', { 'a.prompt': 'one\n' });
  const file = path.join(repo.root, 'a.prompt');
  const summaries = [ran('one\n', 5)];
  const store = createResultStore(summaries, file);
  const versions = openVersions(repo, { store });
  await versions.results.note(file);
  summaries[0] = ran('one\n', 2);
  expect(await versions.results.note(file)).toBe(0);
  expect((await versions.results.read([hashOf('one\n')])).get(hashOf('one\n'))?.summary.done).toBe(5);
});

it('notes nothing from a database in memory, and needs no user name to note', async () => {
  using repo = createRepository({ identity: false });
  const file = repo.write('a.prompt', 'one\n');
  await openVersions(repo).saves.save(file, { message: 'x', author: { name: 'A', email: 'a@x' } });
  const store = createResultStore([ran('one\n', 1)], file);
  const status = await store.status();
  const memory = { ...store, status: async () => ({ ...status, mode: 'memory' as const }) };
  expect(await openVersions(repo, { store: memory }).results.note(file)).toBe(0);
  expect(await openVersions(repo, { store }).results.note(file)).toBe(1);
  expect(repo.git('config', '--list')).not.toMatch(/user\./);
});
