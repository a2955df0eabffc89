import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from '../open-versions.ts';
import { createRepository, type TemporaryRepository } from '../temporary-repository.ts';

const PROMPT = '---\nmodel: demo/swift\n---\nHello {{>part}}\n';

function link(repo: TemporaryRepository, file: string, target: string): string {
  const full = path.join(repo.root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  rmSync(full, { force: true });
  symlinkSync(target, full);
  return full;
}

function createLinks(): TemporaryRepository {
  const repo = createRepository();
  repo.write('shared/a.prompt', PROMPT);
  repo.write('shared/_part.prompt', 'part\n');
  link(repo, 'prompts/a.prompt', '../shared/a.prompt');
  repo.write('prompts/_part.prompt', 'part\n');
  repo.write('prompts/b.prompt', PROMPT);
  link(repo, 'linked', 'shared');
  repo.commit('Start');
  return repo;
}

it('rejects a version of a prompt that is a link, and names the target', async () => {
  using repo = createLinks();
  const versions = openVersions(repo);
  const file = path.join(repo.root, 'prompts/a.prompt');
  const commit = repo.git('rev-parse', 'HEAD');
  const said = `prompts/a.prompt is a symbolic link to ../shared/a.prompt in ${commit.slice(0, 10)}`;
  for (const attempt of [
    () => versions.names.resolve('prompts/a@HEAD'),
    () => versions.names.resolve(`prompts/a.prompt@${commit}`),
    () => versions.history.restoredText('HEAD', file),
    () => versions.labels.move(file, { label: 'production', why: '', commit }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(said) });
  }
  await expect((await versions.history.filesAt('HEAD')).readText(file)).rejects.toThrow('../shared/a.prompt');
  await expect((await versions.history.filesAt('HEAD')).readBytes(file)).rejects.toThrow('../shared/a.prompt');
  await expect(versions.names.resolve('linked/a.prompt@HEAD')).rejects.toThrow('linked is a symbolic link to shared');
  // a history and a comparison show what git has
  expect((await versions.history.read('HEAD', file)).link).toEqual({
    path: 'prompts/a.prompt',
    target: '../shared/a.prompt',
  });
  expect((await versions.history.list(file)).versions).toHaveLength(1);
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'clean', changed: [] });
  expect((await versions.names.resolve('shared/a@HEAD')).content.source).toBe(PROMPT);
});

it('does not save a link, a partial that is one, or a file behind a linked folder', {
  timeout: 120_000,
}, async () => {
  using repo = createLinks();
  const versions = openVersions(repo);
  const head = repo.git('rev-parse', 'HEAD');
  const save = (file: string) => versions.saves.save(path.join(repo.root, file), { message: 'x' });
  repo.write('shared/a.prompt', `${PROMPT}more\n`);
  await expect(save('prompts/a.prompt')).rejects.toMatchObject({
    code: 'usage',
    message:
      'prompts/a.prompt is a symbolic link to ../shared/a.prompt: ' +
      'git keeps a link as the name of its target, so no version can be saved of it.',
  });
  await expect(save('linked/a.prompt')).rejects.toThrow(
    'linked is a symbolic link to shared (linked/a.prompt is reached through it)',
  );
  repo.write('prompts/b.prompt', `${PROMPT}more\n`);
  link(repo, 'prompts/_part.prompt', '../shared/_part.prompt');
  await expect(save('prompts/b.prompt')).rejects.toThrow('prompts/_part.prompt is a symbolic link');
  expect(repo.git('rev-parse', 'HEAD')).toBe(head);
  expect(repo.git('tag')).toBe('');
  expect(lstatSync(path.join(repo.root, 'prompts/a.prompt')).isSymbolicLink()).toBe(true);
});

it('loads no version with a partial that is a link', async () => {
  using repo = createLinks();
  link(repo, 'prompts/_part.prompt', '../shared/_part.prompt');
  repo.commit('Link the partial');
  const versions = openVersions(repo);
  await expect(versions.names.resolve('prompts/b@HEAD')).rejects.toThrow(
    /prompts\/_part\.prompt is a symbolic link to \.\.\/shared\/_part\.prompt/,
  );
  expect((await versions.names.resolve('prompts/b@HEAD~1')).content.partials).toMatchObject([{ text: 'part\n' }]);
});

it('does not restore an old text into a link, and does not change its target', {
  timeout: 120_000,
}, async () => {
  using repo = createLinks();
  const file = path.join(repo.root, 'prompts/b.prompt');
  writeFileSync(path.join(repo.root, '../outside.prompt'), 'outside\n');
  link(repo, 'prompts/b.prompt', '../../outside.prompt');
  await expect(openVersions(repo).history.restoredText('HEAD', file)).rejects.toThrow(
    'prompts/b.prompt is a symbolic link to ../../outside.prompt: a version restored into it would be written to that',
  );
  expect(readlinkSync(file)).toBe('../../outside.prompt');
});

it('does not mistake a short text without a final line break for a link', async () => {
  using repo = createRepository();
  repo.commit('Start', { 'a.prompt': 'Say hello', 'deep/er/b.prompt': '../a.prompt' });
  const versions = openVersions(repo);
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('Say hello');
  expect((await versions.names.resolve('deep/er/b@HEAD')).content.source).toBe('../a.prompt');
  const files = await versions.history.filesAt('HEAD');
  expect(await files.readText(path.join(repo.root, 'deep/er/b.prompt'))).toBe('../a.prompt');
});

it('compares, reads and lists a prompt with a line break in its name', async () => {
  using repo = createRepository();
  const name = 'in\nner/a\n b.prompt';
  const first = repo.commit('One', { [name]: 'one {{>part}}\n', 'in\nner/_part.prompt': 'part\n', 'c.prompt': 'c\n' });
  repo.commit('Two', { [name]: 'two {{>part}}\n' });
  const file = path.join(repo.root, name);
  const versions = openVersions(repo);
  expect(await versions.history.changesBetween(first, 'HEAD')).toMatchObject([{ kind: 'changed', path: name }]);
  repo.write(name, 'three {{>part}}\n');
  expect(await versions.history.changesBetween('HEAD', undefined)).toMatchObject([{ kind: 'changed', path: name }]);
  repo.write('in\nner/_part.prompt', 'other\n');
  expect(await versions.history.changesBetween('HEAD', undefined)).toMatchObject([
    { path: name, partials: ['in\nner/_part.prompt'] },
  ]);
  const { content } = await versions.history.read(first, file);
  expect(content).toMatchObject({ source: 'one {{>part}}\n', partials: [{ text: 'part\n' }] });
  expect((await versions.history.list(file)).versions.map(({ subject }) => subject)).toEqual(['Two', 'One']);
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'changed' });
  expect(await versions.history.blame(file, 'two {{>part}}\n')).toMatchObject([{ uncommitted: false }]);
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toThrow('has a line break in its name');
});

it('compares links as git stores them, and reads nothing outside', async () => {
  using repo = createLinks();
  const secret = path.join(repo.root, '../secret.prompt');
  writeFileSync(secret, 'secret {{>part}}\n');
  link(repo, 'prompts/out.prompt', '../../secret.prompt');
  link(repo, 'prompts/_far.prompt', '../../secret.prompt');
  link(repo, 'prompts/_near.prompt', '../shared/_part.prompt');
  repo.write('prompts/uses.prompt', '{{>near}} {{>far}} {{>part}}\n');
  repo.commit('More links');
  const versions = openVersions(repo);
  expect(await versions.history.changesBetween('HEAD', undefined)).toEqual([]);
  // every prompt is checked if a partial changed
  repo.write('prompts/_part.prompt', 'other\n');
  const changes = await versions.history.changesBetween('HEAD', undefined);
  expect(changes.map(({ path: file }) => file)).toEqual(['prompts/b.prompt', 'prompts/uses.prompt']);
  expect(changes[1]?.partials).toEqual(['prompts/_part.prompt']);
  link(repo, 'prompts/out.prompt', '../shared/a.prompt');
  const retargeted = await versions.history.changesBetween('HEAD', undefined);
  expect(retargeted.map(({ path: file }) => file)).toContain('prompts/out.prompt');
  expect(JSON.stringify([changes, retargeted])).not.toContain('secret {{');
  link(repo, 'prompts/out.prompt', '../../secret.prompt');
  const out = path.join(repo.root, 'prompts/out.prompt');
  expect(await versions.saves.workingState(out)).toMatchObject({ kind: 'clean' });
  await expect(versions.saves.workingContent(out)).rejects.toMatchObject({ code: 'outside-workspace' });
  await expect(versions.history.blame(out)).rejects.toMatchObject({ code: 'outside-workspace' });
  const uses = await versions.saves.workingContent(path.join(repo.root, 'prompts/uses.prompt'));
  expect(uses.partials.map(({ name }) => name)).toEqual(['near', 'part']);
});
