import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

it('keeps every move of a label with author, date, from, to and reason, even if it was removed and set again', async () => {
  using repo = createRepository();
  const first = repo.commit('one', { 'a.prompt': 'one\n' });
  const second = repo.commit('two', { 'a.prompt': 'two\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  const label = 'production';
  await versions.labels.move(file, { label, commit: first, why: 'first\nrelease' });
  const moved = await versions.labels.move(file, { label, commit: 'HEAD', why: '' });
  expect(moved).toMatchObject({ prompt: 'a', label, target: second, path: 'a.prompt' });
  await versions.labels.remove(file, { label, why: 'broken' });
  expect(await versions.labels.list()).toEqual([]);
  await expect(versions.labels.remove(file, { label, why: '' })).rejects.toMatchObject({ code: 'unknown-version' });
  await versions.labels.move(file, { label, commit: first, why: 'back' });
  expect(await versions.labels.list()).toMatchObject([{ prompt: 'a', label, target: first }]);
  const history = await versions.labels.history(file, label);
  expect(history.map(({ from, to, why }) => [from, to, why])).toEqual([
    [undefined, first, 'back'],
    [second, undefined, 'broken'],
    [first, second, ''],
    [undefined, first, 'first release'],
  ]);
  expect(history[0]?.by).toEqual({ name: 'Ada Lovelace', email: 'ada@example.org' });
});

it('records no move if the label is already there', async () => {
  using repo = createRepository();
  const commit = repo.commit('one', { 'a.prompt': 'one\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  const first = await versions.labels.move(file, { label: 'x', commit, why: '' });
  expect(await versions.labels.move(file, { label: 'x', commit, why: 'again' })).toEqual(first);
});

it('reports a move that someone made since the label was read, and keeps that one', async () => {
  using repo = createRepository();
  const first = repo.commit('one', { 'a.prompt': 'one\n' });
  const second = repo.commit('two', { 'a.prompt': 'two\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  const { tip: expected } = await versions.labels.move(file, { label: 'x', commit: first, why: '' });
  await openVersions(repo).labels.move(file, { label: 'x', commit: second, why: '' });
  const moving = versions.labels.move(file, { label: 'x', commit: first, why: '', expected });
  await expect(moving).rejects.toMatchObject({
    code: 'label-moved',
    message: expect.stringContaining(`Ada Lovelace moved x of a in the meantime: it is on ${second.slice(0, 10)}`),
  });
  await expect(versions.labels.remove(file, { label: 'x', why: '', expected })).rejects.toMatchObject({
    code: 'label-moved',
  });
  expect((await versions.labels.list())[0]?.target).toBe(second);
});

it('orders concurrent moves of a label, or reports that one was too late', async () => {
  using repo = createRepository();
  const commits = [1, 2, 3, 4].map((n) => repo.commit(`${n}`, { 'a.prompt': `${n}\n` }));
  const file = path.join(repo.root, 'a.prompt');
  const moves = await Promise.allSettled(
    commits.map((commit) => openVersions(repo).labels.move(file, { label: 'x', commit, why: commit })),
  );
  const made = moves.flatMap((move) => (move.status === 'fulfilled' ? [move.value.target] : []));
  for (const move of moves) {
    if (move.status === 'rejected') expect(['label-moved', 'index-locked']).toContain(move.reason.code);
  }
  const history = await openVersions(repo).labels.history(file, 'x');
  expect(history.map(({ to }) => to).sort()).toEqual(made.sort());
});

it('continues the label of a renamed prompt', async () => {
  using repo = createRepository();
  const text = 'A prompt long enough to be followed.\n'.repeat(5);
  const first = repo.commit('one', { 'old.prompt': text });
  const versions = openVersions(repo);
  await versions.labels.move(path.join(repo.root, 'old.prompt'), { label: 'x', commit: first, why: 'old' });
  repo.git('mv', 'old.prompt', 'new.prompt');
  const second = repo.commit('two');
  const file = path.join(repo.root, 'new.prompt');
  await versions.labels.move(file, { label: 'x', commit: second, why: 'new' });
  expect((await versions.labels.history(file, 'x')).map(({ from, to }) => [from, to])).toEqual([
    [first, second],
    [undefined, first],
  ]);
});

it('rejects a label that differs from another one of the prompt only in case', async () => {
  using repo = createRepository();
  const commit = repo.commit('one', { 'a.prompt': 'one\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  await versions.labels.move(file, { label: 'Production', commit, why: '' });
  await expect(versions.labels.move(file, { label: 'production', commit, why: '' })).rejects.toMatchObject({
    code: 'name-clash',
    message: expect.stringContaining('has the label Production'),
  });
});

it('rejects an ambiguous name, and a version that does not exist', async () => {
  using repo = createRepository();
  const commit = repo.commit('one', { 'a.prompt': 'one\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  for (const label of ['v3', '', 'HEAD', 'abcd']) {
    await expect(versions.labels.move(file, { label, commit, why: '' })).rejects.toMatchObject({ code: 'usage' });
  }
  const away = versions.labels.move(file, { label: 'x', commit: '--all', why: '' });
  await expect(away).rejects.toMatchObject({ code: 'unknown-version' });
  expect(repo.git('for-each-ref', 'refs/llmops')).toBe('');
});
