import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

it('distinguishes clean from changed by the effective content, including unsaved text', async () => {
  using repository = createRepository();
  const head = repository.commit('Write', { 'a.prompt': '{{> p}}\n', '_p.prompt': 'p\n' });
  const file = `${repository.root}/a.prompt`;
  const versions = openVersions(repository);
  const clean = await versions.saves.workingState(file);
  expect(clean).toMatchObject({ kind: 'clean', changed: [], stagedDifferently: [], head: { commit: head } });
  expect(clean.contentHash).toBe(clean.head?.contentHash);
  expect(await versions.saves.workingState(file, 'typed\n')).toMatchObject({
    kind: 'changed',
    changed: ['a.prompt', '_p.prompt'],
  });
  repository.write('_p.prompt', 'other\n');
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'changed', changed: ['_p.prompt'] });
  expect((await versions.saves.workingContent(file)).partials).toMatchObject([{ name: 'p', text: 'other\n' }]);
});

it('ignores line endings that git converts', async () => {
  using repository = createRepository();
  repository.git('config', 'core.autocrlf', 'true');
  repository.commit('Write', { 'a.prompt': 'one\r\ntwo\r\n' });
  const versions = openVersions(repository);
  const file = `${repository.root}/a.prompt`;
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'clean', changed: [] });
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('one\ntwo\n');
  expect([...(await versions.saves.changedFiles())]).toEqual([]);
  expect((await versions.history.blame(file)).map(({ uncommitted }) => uncommitted)).toEqual([false, false]);
});

it('detects untracked, ignored, deleted and staged prompts', async () => {
  using repository = createRepository();
  repository.commit('Write', {
    'gone.prompt': '1\n',
    'staged.prompt': '1\n',
    'unstaged.prompt': '1\n',
    '.gitignore': 'ignored/\n',
  });
  repository.write('new folder/new.prompt', '{{> p}}\n');
  repository.write('ignored/x.prompt', '1\n');
  rmSync(`${repository.root}/gone.prompt`);
  repository.write('staged.prompt', '2\n');
  repository.git('add', 'staged.prompt');
  repository.write('staged.prompt', '3\n');
  repository.git('rm', '-q', '--cached', 'unstaged.prompt');
  repository.write('added.prompt', '1\n');
  repository.git('add', 'added.prompt');
  const versions = openVersions(repository);
  const state = (file: string) => versions.saves.workingState(`${repository.root}/${file}`);
  expect(await state('new folder/new.prompt')).toMatchObject({ kind: 'untracked', head: undefined });
  expect(await state('ignored/x.prompt')).toMatchObject({ kind: 'ignored' });
  expect(await state('gone.prompt')).toMatchObject({ kind: 'deleted', changed: ['gone.prompt'] });
  expect(await state('staged.prompt')).toMatchObject({ kind: 'changed', stagedDifferently: ['staged.prompt'] });
  expect(await state('unstaged.prompt')).toMatchObject({ kind: 'clean', stagedDifferently: ['unstaged.prompt'] });
  expect(await state('added.prompt')).toMatchObject({ kind: 'changed', stagedDifferently: [] });
  const changed = await versions.saves.changedFiles();
  expect(
    Object.fromEntries([...changed].map(([file, kind]) => [file.slice(repository.root.length + 1), kind])),
  ).toEqual({
    'added.prompt': 'changed',
    'gone.prompt': 'deleted',
    'new folder/new.prompt': 'untracked',
    'staged.prompt': 'changed',
    'unstaged.prompt': 'changed',
  });
  expect((await versions.history.list(`${repository.root}/ignored/x.prompt`)).versions).toEqual([]);
});

it('detects a conflicted prompt', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '1\n' });
  repository.git('checkout', '-q', '-b', 'side');
  repository.commit('Side', { 'a.prompt': '2\n' });
  repository.git('checkout', '-q', 'main');
  repository.commit('Main', { 'a.prompt': '3\n' });
  expect(() => repository.git('merge', 'side')).toThrow();
  const versions = openVersions(repository);
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { operation: 'merge' } });
  expect((await versions.saves.workingState(`${repository.root}/a.prompt`)).kind).toBe('conflicted');
  expect([...(await versions.saves.changedFiles()).values()]).toEqual(['conflicted']);
});

it('treats a prompt that a sparse checkout left out as in HEAD', async () => {
  using repository = createRepository();
  repository.commit('Write', {
    'in/a.prompt': '{{> p}}\n',
    'out/b.prompt': '{{> p}}\n',
    'out/_p.prompt': 'p\n',
    'in/_p.prompt': 'p\n',
  });
  repository.git('sparse-checkout', 'set', 'in');
  const versions = openVersions(repository);
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { sparse: true } });
  const file = `${repository.root}/out/b.prompt`;
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'clean', changed: [] });
  expect((await versions.history.list(file)).versions).toHaveLength(1);
  expect((await versions.names.resolve('out/b')).content.partials).toMatchObject([{ text: 'p\n' }]);
  expect([...(await versions.saves.changedFiles())]).toEqual([]);
});
