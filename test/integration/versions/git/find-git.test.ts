import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findGit } from '../../../../src/core/versions/git/find-git.ts';
import { openVersions } from '../open-versions.ts';
import { createRepository } from '../temporary-repository.ts';

const WINDOWS = { platform: 'win32', folder: 'C:\\work\\Clone' } as const;
const files = (...known: string[]) => ({ isFile: (file: string) => known.includes(file) });

it.each<[string, string | undefined, string]>([
  ['the first on PATH', 'C:\\Git\\cmd\\git.exe', 'C:\\Other;C:\\Git\\cmd;D:\\Git'],
  ['one in quotes', 'C:\\Git\\cmd\\git.exe', '"C:\\Git\\cmd"'],
  ['none of the repository, in any case', 'D:\\Git\\git.exe', 'c:\\WORK\\clone\\bin;D:\\Git'],
  ['one of a folder with the same beginning', 'C:\\work\\Clone2\\git.exe', 'C:\\work\\Clone2'],
  ['none of a relative entry', undefined, '.;bin;;\\bin'],
])('finds on Windows %s', (_what, found, PATH) => {
  const there = ['C:\\Git\\cmd\\git.exe', 'D:\\Git\\git.exe', 'C:\\work\\Clone2\\git.exe', '\\bin\\git.exe', 'git.exe'];
  const inside = ['C:\\work\\Clone\\bin\\git.exe', 'c:\\WORK\\clone\\bin\\git.exe', 'bin\\git.exe'];
  expect(findGit({ ...WINDOWS, binary: undefined, env: { Path: PATH }, ...files(...there, ...inside) })).toBe(found);
});

it('accepts an absolute path unchanged, but none that leads into the folder where git runs', () => {
  const search = { ...WINDOWS, env: { PATH: 'C:\\Git' }, ...files('C:\\Git\\git.exe', 'C:\\Git\\other.exe') };
  expect(findGit({ ...search, binary: 'E:\\git\\git.exe' })).toBe('E:\\git\\git.exe');
  expect(findGit({ ...search, binary: 'other' })).toBe('C:\\Git\\other.exe');
  expect(findGit({ ...search, binary: 'git.exe' })).toBe('C:\\Git\\git.exe');
  for (const binary of ['.\\git', 'bin/git.exe', '..\\git.exe']) expect(findGit({ ...search, binary })).toBeUndefined();
});

it.each([
  ['C:\\', 'C:\\Program Files\\Git\\cmd'],
  ['\\\\server\\share\\', '\\\\server\\share\\Git'],
])('finds on Windows the git of the drive %s when its version is read in the root', (folder, PATH) => {
  const git = `${PATH}\\git.exe`;
  expect(findGit({ ...WINDOWS, folder, binary: undefined, env: { PATH }, ...files(git) })).toBe(git);
});

it('starts no git inside the repository, even if PATH contains the current folder', {
  timeout: 120_000,
}, async () => {
  using repo = createRepository();
  const started = path.join(repo.root, '..', 'started');
  chmodSync(repo.write('git', `#!/bin/sh\ntouch '${started}'\nexit 1\n`), 0o755);
  chmodSync(repo.write('bin/git', `#!/bin/sh\ntouch '${started}'\nexit 1\n`), 0o755);
  repo.commit('One', { 'a.prompt': 'one\n' });
  const env = { ...repo.env, PATH: `.${path.delimiter}${path.delimiter}bin${path.delimiter}${repo.env.PATH}` };
  const versions = openVersions(repo, { env });
  expect((await versions.history.list(path.join(repo.root, 'a.prompt'))).versions).toHaveLength(1);
  const named = openVersions(repo, { env, gitPath: () => './git' });
  expect(await named.state()).toEqual({ kind: 'no-git' });
  expect(existsSync(started)).toBe(false);
});

it('finds the repository below a ceiling, and through links of the opened folder', {
  timeout: 120_000,
}, async () => {
  using repo = createRepository({ folder: 'w[1]*?a/work' });
  repo.commit('One', { 'a.prompt': 'one\n', 'in[1]*?/b.prompt': 'two\n', 'in1x/c.prompt': 'three\n' });
  const folder = path.join(repo.root, 'in[1]*?');
  repo.write('in[1]*?/b.prompt', 'changed\n');
  repo.write('in[1]*?/deeper/new.prompt', 'new\n');
  repo.write('in1x/c.prompt', 'changed\n');
  const link = path.join(repo.root, '..', 'link');
  symlinkSync(folder, link);
  for (const opened of [folder, link]) {
    const versions = openVersions(repo, { folder: opened });
    expect(await versions.state()).toMatchObject({ repository: { root: repo.root, folderPath: 'in[1]*?/' } });
    expect([...(await versions.saves.changedFiles())]).toEqual([
      [path.join(opened, 'b.prompt'), 'changed'],
      [path.join(opened, 'deeper/new.prompt'), 'untracked'],
    ]);
  }
  const below = { ...repo.env, GIT_CEILING_DIRECTORIES: repo.root };
  expect(await openVersions(repo, { folder, env: below }).state()).toEqual({ kind: 'none' });
  expect(await openVersions(repo, { env: below }).state()).toMatchObject({ kind: 'ready' });
  const inGit = openVersions(repo, { folder: path.join(repo.root, '.git/hooks') });
  expect(await inGit.state()).toEqual({ kind: 'none' });
});
