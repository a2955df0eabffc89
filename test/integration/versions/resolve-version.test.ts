import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository, type TemporaryRepository } from './temporary-repository.ts';

function setLabel(
  repository: TemporaryRepository,
  ref: string,
  { target, path }: { target: string; path: string },
): void {
  const message = `Set\n\nLabel-Action: set\nPrompt-Path: ${path}`;
  repository.git(
    'update-ref',
    `refs/llmops/labels/${ref}`,
    repository.git('commit-tree', `${target}^{tree}`, '-p', target, '-m', message),
  );
}

function tag(repository: TemporaryRepository, name: string, { path, hash }: { path: string; hash: string }): void {
  repository.git('tag', '-a', name, '-m', `saved\n\nPrompt-Path: ${path}\nPrompt-Content: ${hash}`);
}

it('finds a prompt by path, by name and by the last part of its name, at a label, a version, a hash and HEAD~n', async () => {
  using repository = createRepository();
  const first = repository.commit('One', { 'prompts/churn.prompt': 'one {{> p}}\n', '_p.prompt': 'p1\n' });
  const versions = openVersions(repository);
  const one = await versions.names.resolve('churn@HEAD');
  tag(repository, 'prompt/prompts%2Fchurn/v1', { path: 'prompts/churn.prompt', hash: one.content.hash });
  setLabel(repository, 'prompts%2Fchurn/production', { target: first, path: 'prompts/churn.prompt' });
  repository.commit('Two', { '_p.prompt': 'p2\n' });
  const names = ['prompts/churn', 'prompts/churn.prompt', `${repository.root}/prompts/churn.prompt`];
  const refs = ['production', 'v1', first, first.slice(0, 7), 'HEAD~1', 'main~1'];
  for (const spec of [...names.map((name) => `${name}@v1`), ...refs.map((ref) => `churn@${ref}`)]) {
    const found = await versions.names.resolve(spec);
    expect(found.commit).toBe(first);
    expect(found.content.partials).toEqual([
      { name: 'p', path: '_p.prompt', text: 'p1\n', blob: repository.git('rev-parse', `${first}:_p.prompt`) },
    ]);
  }
  expect((await versions.names.resolve('churn@production')).label).toBe('production');
  expect((await versions.names.resolve(`churn@${first}`)).label).toBe('v1');
  expect((await versions.names.resolve('churn@HEAD')).label).toBe(repository.git('rev-parse', '--short', 'HEAD'));
  expect(await versions.names.locate('churn@production')).toEqual({
    file: `${repository.root}/prompts/churn.prompt`,
    ref: 'production',
  });
});

it('treats an existing file with @ in its path as that file, with a version after another @', async () => {
  using repository = createRepository();
  const first = repository.commit('One', { 'a@b.prompt': '1\n', 'a.prompt': 'other\n' });
  repository.commit('Two', { 'a@b.prompt': '2\n' });
  const versions = openVersions(repository);
  expect(await versions.names.locate('a@b.prompt')).toEqual({ file: `${repository.root}/a@b.prompt`, ref: undefined });
  expect((await versions.names.resolve('a@b.prompt@HEAD~1')).commit).toBe(first);
  expect((await versions.names.resolve('a@b@HEAD~1')).content.source).toBe('1\n');
});

it('finds versions and labels from before a rename, by the new and by the old name', async () => {
  using repository = createRepository();
  const text = 'a line\n'.repeat(9);
  const first = repository.commit('One', { 'old.prompt': text });
  const versions = openVersions(repository);
  tag(repository, 'prompt/old/v1', { path: 'old.prompt', hash: (await versions.names.resolve('old')).content.hash });
  setLabel(repository, 'old/production', { target: first, path: 'old.prompt' });
  repository.git('mv', 'old.prompt', 'new.prompt');
  repository.commit('Rename');
  for (const spec of ['new@v1', 'new@production', 'new@HEAD~1', 'old@v1', 'old@production']) {
    expect(await versions.names.resolve(spec)).toMatchObject({ commit: first, path: 'old.prompt' });
  }
  const { versions: history } = await versions.history.list(`${repository.root}/new.prompt`);
  expect(history).toMatchObject([{ commit: first, savedAs: [{ number: 1 }], labels: ['production'] }]);
});

it('lists the existing versions in order, including those saved under a former name', async () => {
  using repo = createRepository();
  repo.commit('one', { 'b.prompt': 'one\n' });
  const versions = openVersions(repo);
  await versions.saves.save(`${repo.root}/b.prompt`, { message: 'Save' });
  repo.git('mv', 'b.prompt', 'a.prompt');
  repo.commit('rename');
  const file = repo.write('a.prompt', 'two\n');
  await versions.saves.save(file, { message: 'Save' });
  await expect(versions.names.resolve('a@v9')).rejects.toMatchObject({
    hint: expect.stringContaining('Known versions: v1, v2.'),
  });
});

it('reports which prompts a short name may mean, and unknown versions', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a/x.prompt': '1\n', 'b/x.prompt': '2\n', 'c/y.prompt': '3\n' });
  const versions = openVersions(repository);
  await expect(versions.names.resolve('x@HEAD')).rejects.toMatchObject({
    code: 'usage',
    message: 'x is ambiguous: it may be any of a/x.prompt, b/x.prompt.',
  });
  await expect(versions.names.resolve('y@production')).rejects.toMatchObject({ code: 'unknown-version' });
  await expect(versions.names.resolve('nobody@HEAD')).rejects.toMatchObject({ code: 'usage' });
});

it('never lets a name, version or path become an option or leave the repository', async () => {
  using repository = createRepository();
  repository.commit('Write', { '-n.prompt': 'dash\n', 'a.prompt': 'a\n' });
  const versions = openVersions(repository);
  const file = `${repository.root}/-n.prompt`;
  expect((await versions.history.list(file)).versions).toHaveLength(1);
  expect((await versions.names.resolve('-n@HEAD')).content.source).toBe('dash\n');
  expect((await versions.saves.workingState(file)).kind).toBe('clean');
  expect(await versions.history.blame(file)).toHaveLength(1);
  for (const ref of ['--output=x', '-n', '--all', 'HEAD:a.prompt', 'HEAD\nHEAD']) {
    await expect(versions.names.resolve(`a@${ref}`)).rejects.toMatchObject({ code: 'unknown-version' });
  }
  for (const outside of ['../x.prompt', '/etc/passwd', `${repository.root}/../x.prompt`]) {
    await expect(versions.history.read('HEAD', outside)).rejects.toMatchObject({ code: 'usage' });
    const files = await versions.history.filesAt('HEAD');
    expect(await files.exists(outside.startsWith('/') ? outside : `${repository.root}/${outside}`)).toBe(false);
  }
});

it('reads names with spaces, Unicode, quotes and tabs', async () => {
  using repository = createRepository();
  const names = ['with space', 'grüße 日本', 'quo"te', 'tab\there', '%2F', ':(top)x'].map((name) => `p/${name}.prompt`);
  const commit = repository.commit('Write', Object.fromEntries(names.map((name) => [name, `{{> p}} ${name}\n`])));
  const versions = openVersions(repository);
  for (const name of names) {
    const file = `${repository.root}/${name}`;
    expect((await versions.history.list(file)).versions).toMatchObject([{ commit, path: name }]);
    expect((await versions.names.resolve(`${file}@${commit}`)).content.source).toBe(`{{> p}} ${name}\n`);
    repository.write(name, 'changed\n');
    expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'changed', changed: [name] });
  }
  const changed = [...(await versions.saves.changedFiles()).keys()].map((file) =>
    file.slice(repository.root.length + 1),
  );
  expect(changed.toSorted()).toEqual(names.toSorted());
  expect((await versions.names.list()).map(({ path }) => path).toSorted()).toEqual(names.toSorted());
});

it('reports that a version is a Git LFS pointer, and reads it as text', async () => {
  using repository = createRepository();
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12\n`;
  repository.commit('Write', { 'a.prompt': pointer });
  expect(await openVersions(repository).names.resolve('a')).toMatchObject({
    lfsPointer: true,
    content: { source: pointer },
  });
});

it('returns the text of a version with the line endings of the target file', async () => {
  using repository = createRepository();
  repository.commit('One', { 'a.prompt': 'one\ntwo\n' });
  repository.write('a.prompt', 'other\r\n');
  const versions = openVersions(repository);
  expect(await versions.history.restoredText('HEAD', `${repository.root}/a.prompt`)).toBe('one\r\ntwo\r\n');
});

it('rejects a name that two prompts have, or that differs only in case', async () => {
  using repository = createRepository();
  repository.commit('Write', {
    'a.prompt': '---\nname: churn\n---\n1\n',
    'b.prompt': '---\nname: churn\n---\n2\n',
    'c.short.prompt': '---\nname: churn\n---\n3\n',
    'sub/d.prompt': '4\n',
    'Sub/D.prompt': '5\n',
  });
  const versions = openVersions(repository);
  const name = (file: string) => versions.names.nameOf(`${repository.root}/${file}`);
  await expect(name('a.prompt')).rejects.toMatchObject({
    code: 'name-clash',
    message: 'a.prompt and b.prompt have the same name: "churn".',
  });
  await expect(name('sub/d.prompt')).rejects.toMatchObject({ code: 'name-clash' });
  expect(await name('c.short.prompt')).toBe('churn.short');
  expect(await versions.names.nameOf(`${repository.root}/a.prompt`, '---\nname: other\n---\n')).toBe('other');
});
