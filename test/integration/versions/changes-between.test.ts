import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

const LINES = 'a line that stays\n'.repeat(20);

it('lists prompts that a branch added, removed, renamed or changed, and those that use a changed partial', async () => {
  using repository = createRepository();
  const base = repository.commit('Base', {
    'same.prompt': 'same\n',
    'gone.prompt': 'gone\n',
    'changed.prompt': '1\n',
    'old name.prompt': LINES,
    'uses.prompt': '{{> outer}}\n',
    '_outer.prompt': '{{> inner}}\n',
    '_inner.prompt': '1\n',
    '_unused.prompt': '1\n',
  });
  repository.git('checkout', '-q', '-b', 'feature');
  repository.git('rm', '-q', 'gone.prompt');
  repository.git('mv', 'old name.prompt', 'new name.prompt');
  const head = repository.commit('Feature', {
    'changed.prompt': '2\n',
    'added.prompt': '---\nname: fresh\n---\n1\n',
    '_inner.prompt': '2\n',
    '_unused.prompt': '2\n',
    'notes.md': 'x',
  });
  const versions = openVersions(repository);
  const changes = await versions.history.changesBetween('main', 'feature');
  expect(changes.map(({ kind, path, oldPath, name, partials }) => ({ kind, path, oldPath, name, partials }))).toEqual([
    { kind: 'added', path: 'added.prompt', oldPath: undefined, name: 'fresh', partials: [] },
    { kind: 'changed', path: 'changed.prompt', oldPath: undefined, name: 'changed', partials: [] },
    { kind: 'removed', path: 'gone.prompt', oldPath: undefined, name: 'gone', partials: [] },
    { kind: 'renamed', path: 'new name.prompt', oldPath: 'old name.prompt', name: 'new name', partials: [] },
    { kind: 'changed', path: 'uses.prompt', oldPath: undefined, name: 'uses', partials: ['_inner.prompt'] },
  ]);
  expect(changes[1]).toMatchObject({ base: { commit: base }, head: { commit: head } });
  expect(await versions.history.changesBetween('HEAD', undefined)).toEqual([]);
  expect(await versions.history.mergeBase()).toEqual({ base, upstream: 'main' });
});

it('compares the work tree, including uncommitted, staged and untracked files', async () => {
  using repository = createRepository();
  const base = repository.commit('Base', {
    'a.prompt': '1\n',
    'b.prompt': '{{> p}}\n',
    '_p.prompt': '1\n',
    'c.prompt': '1\n',
  });
  repository.write('a.prompt', '2\n');
  repository.write('_p.prompt', '2\n');
  repository.write('new.prompt', '1\n');
  rmSync(`${repository.root}/c.prompt`);
  const changes = await openVersions(repository).history.changesBetween(base, undefined);
  expect(changes.map(({ kind, path, partials }) => [kind, path, partials])).toEqual([
    ['changed', 'a.prompt', []],
    ['changed', 'b.prompt', ['_p.prompt']],
    ['removed', 'c.prompt', []],
    ['added', 'new.prompt', []],
  ]);
  expect(changes[0]?.head).toMatchObject({ commit: undefined, blob: undefined });
});

it('uses the remote’s default branch as the base of a branch, and the upstream on that branch itself', async () => {
  using origin = createRepository({ folder: 'origin' });
  const first = origin.commit('First', { 'a.prompt': '1\n' });
  using clone = createRepository({ clone: origin.root });
  const versions = openVersions(clone);
  clone.commit('Ahead', { 'a.prompt': '2\n' });
  expect(await versions.history.mergeBase()).toEqual({ base: first, upstream: 'origin/main' });
  clone.git('checkout', '-q', '-b', 'feature');
  clone.commit('Further', { 'a.prompt': '3\n' });
  expect(await versions.history.mergeBase()).toEqual({ base: first, upstream: 'origin/main' });
  clone.git('checkout', '-q', '--orphan', 'alone');
  clone.commit('Alone', { 'a.prompt': '4\n' });
  expect(await versions.history.mergeBase()).toBeUndefined();
});

it('reports an unknown revision', async () => {
  using repository = createRepository();
  repository.commit('Base', { 'a.prompt': '1\n' });
  await expect(openVersions(repository).history.changesBetween('nowhere', 'HEAD')).rejects.toMatchObject({
    code: 'unknown-version',
    message: 'Unknown version nowhere.',
  });
});

it('shows who wrote each line of the editor’s text, across a rename', async () => {
  using repository = createRepository();
  const first = repository.commit('First lines', { 'old "quoted".prompt': LINES });
  repository.git('mv', 'old "quoted".prompt', 'new.prompt');
  repository.commit('Rename');
  const second = repository.commit('One more', { 'new.prompt': `${LINES}more\n` });
  const versions = openVersions(repository);
  const file = `${repository.root}/new.prompt`;
  const lines = await versions.history.blame(file, `typed\n${LINES}more\n`);
  expect(lines).toHaveLength(22);
  expect(lines[0]).toMatchObject({ line: 1, uncommitted: true, subject: '', author: { name: '' } });
  expect(lines[1]).toMatchObject({
    line: 2,
    commit: first,
    subject: 'First lines',
    path: 'old "quoted".prompt',
    originalLine: 1,
  });
  expect(lines[21]).toMatchObject({
    line: 22,
    commit: second,
    author: { name: 'Ada Lovelace', email: 'ada@example.org' },
  });
  expect(
    (await versions.history.blame(`${repository.root}/not-there.prompt`, 'a\nb\n')).map((line) => line.uncommitted),
  ).toEqual([true, true]);
});

it('reports progress if a partial is used by many prompts, and returns both sides of each', async () => {
  using repository = createRepository();
  const prompts = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`team-${n % 3}/p${n}.prompt`, `{{> outer}} ${n}\n`]),
  );
  repository.commit('Base', {
    ...prompts,
    '_outer.prompt': '{{> inner}}\n',
    '_inner.prompt': '1\n',
    'alone.prompt': '1\n',
  });
  repository.commit('Feature', { '_inner.prompt': '2\n' });
  repository.write('team-0/_inner.prompt', 'nearer\n');
  const versions = openVersions(repository);
  for (const head of ['HEAD', undefined]) {
    const calls: [number, number][] = [];
    const changes = await versions.history.changesBetween('HEAD~1', head, undefined, (...counts) => calls.push(counts));
    expect(changes.map(({ path }) => path)).toEqual(Object.keys(prompts).sort());
    expect(calls.at(0)).toEqual([0, 61]);
    expect(calls.at(-1)).toEqual([61, 61]);
    expect(calls.length).toBeGreaterThan(2);
    const read = await versions.history.readChanges('HEAD~1', head);
    expect(read.map(({ change }) => change)).toEqual(changes);
    for (const { change, base, head: after } of read) {
      expect([base?.hash, after?.hash]).toEqual([change.base?.contentHash, change.head?.contentHash]);
      const isNearer = head === undefined && change.path.startsWith('team-0/');
      expect(after?.partials.map(({ text }) => text)).toEqual([isNearer ? 'nearer\n' : '2\n', '{{> inner}}\n']);
    }
  }
  const stopped = new AbortController();
  const late = versions.history.changesBetween('HEAD~1', 'HEAD', stopped.signal, () => stopped.abort());
  await expect(late).rejects.toThrow();
});
