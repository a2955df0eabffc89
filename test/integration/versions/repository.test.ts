import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { openVersions } from './open-versions.ts';
import { createRepository, type TemporaryRepository } from './temporary-repository.ts';

/** A program in place of git, written in shell. */
function fakeGit({ root }: TemporaryRepository, script: string): string {
  const file = path.join(root, '..', 'fake-git');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

it('reports a missing repository, creates one on request, and starts with an unborn branch', async () => {
  using repository = createRepository();
  const folder = path.join(repository.root, '..', 'elsewhere');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'a.prompt'), 'a\n');
  const versions = openVersions(repository, { folder });
  expect(await versions.state()).toEqual({ kind: 'none' });
  await expect(versions.history.list(`${folder}/a.prompt`)).rejects.toMatchObject({ code: 'no-repository' });
  await versions.createRepository();
  expect(await versions.state()).toMatchObject({
    kind: 'ready',
    repository: { root: folder, branch: 'main', head: undefined, shallow: false, sparse: false, operation: undefined },
  });
  expect(await versions.history.list(`${folder}/a.prompt`)).toEqual({
    versions: [],
    next: undefined,
    truncatedByShallowClone: false,
    broken: [],
  });
  expect(await versions.saves.workingState(`${folder}/a.prompt`)).toMatchObject({ kind: 'untracked', head: undefined });
  expect([...(await versions.saves.changedFiles()).values()]).toEqual(['untracked']);
  expect(await versions.history.blame(`${folder}/a.prompt`)).toMatchObject([{ uncommitted: true }]);
  expect(await versions.history.mergeBase()).toBeUndefined();
  await expect(versions.names.resolve('a@HEAD')).rejects.toMatchObject({ code: 'unknown-version' });
});

it('starts no process in an untrusted workspace, even if it was trusted before', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': 'a\n' });
  const record = path.join(repository.root, '..', 'started');
  const binary = fakeGit(repository, `echo "$@" >> '${record}'\nexec git "$@"`);
  let trusted = false;
  const versions = openVersions(repository, { trusted: () => trusted, gitPath: () => binary });
  const file = `${repository.root}/a.prompt`;
  const attempts = [
    () => versions.history.list(file),
    () => versions.labels.list(),
    () => versions.saves.tags(),
    () => versions.saves.changedFiles(),
    () => versions.saves.workingState(file),
    () => versions.names.resolve('a@HEAD'),
    () => versions.history.read('HEAD', file),
    async () => (await versions.history.filesAt('HEAD')).exists(file),
    () => versions.history.blame(file),
    () => versions.names.nameOf(file),
    () => versions.history.changesBetween('HEAD', undefined),
    () => versions.history.mergeBase(),
    () => versions.createRepository(),
  ];
  expect(await versions.state()).toEqual({ kind: 'untrusted' });
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'untrusted' });
  expect(existsSync(record)).toBe(false);
  trusted = true;
  expect((await versions.history.list(file)).versions).toHaveLength(1);
  trusted = false;
  const before = readFileSync(record, 'utf8');
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'untrusted' });
  expect(readFileSync(record, 'utf8')).toBe(before);
});

it('reports a missing git, one older than 2.30 and a program that is not git', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': 'a\n' });
  const missing = openVersions(repository, { gitPath: () => path.join(repository.root, 'no-git-here') });
  expect(await missing.state()).toEqual({ kind: 'no-git' });
  await expect(missing.labels.list()).rejects.toMatchObject({ code: 'git-missing' });
  const old = openVersions(repository, { gitPath: () => fakeGit(repository, 'echo git version 2.29.9') });
  expect(await old.state()).toEqual({ kind: 'old-git', version: '2.29.9' });
  await expect(old.labels.list()).rejects.toMatchObject({
    code: 'git-old',
    message: 'git is 2.29.9, but versions need 2.30 or newer.',
  });
  const other = openVersions(repository, { gitPath: () => fakeGit(repository, 'echo hello') });
  expect(await other.state()).toEqual({ kind: 'no-git' });
  const floor = fakeGit(repository, '[ "$*" = "${*%version}" ] || { echo git version 2.30.0; exit; }\nexec git "$@"');
  expect(await openVersions(repository, { gitPath: () => floor }).state()).toMatchObject({
    kind: 'ready',
    repository: { gitVersion: '2.30.0' },
  });
});

it('reports no folder, a deleted folder and a bare repository', async () => {
  using repository = createRepository({ bare: true });
  expect(await openVersions(repository).state()).toEqual({ kind: 'bare', gitDir: repository.root });
  expect(await openVersions(repository, { folder: undefined }).state()).toEqual({ kind: 'no-folder' });
  const gone = openVersions(repository, { folder: path.join(repository.root, 'gone') });
  expect(await gone.state()).toEqual({ kind: 'no-folder' });
  await expect(gone.labels.list()).rejects.toMatchObject({ code: 'no-folder' });
});

it('reports a repository that git rejects because of its owner', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': 'a\n' });
  const env = { ...repository.env, GIT_CONFIG_GLOBAL: '/dev/null' };
  const binary = fakeGit(repository, 'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"');
  const versions = openVersions(repository, { env, gitPath: () => binary });
  expect(await versions.state()).toEqual({
    kind: 'unsafe',
    folder: repository.root,
    message: `git refuses the repository ${repository.root}: it belongs to another user.`,
  });
  await expect(versions.labels.list()).rejects.toMatchObject({ code: 'unsafe-repository' });
});

it('is not affected by a pager, an editor, passwords or another repository in the environment', async () => {
  using repository = createRepository();
  using other = createRepository();
  other.commit('Other', { 'a.prompt': 'other\n' });
  const commit = repository.commit('Write', { 'a.prompt': 'a\n' });
  const started = path.join(repository.root, '..', 'started');
  const trap = fakeGit(repository, `echo "$@" >> '${started}'`);
  const env = {
    ...repository.env,
    ...{
      PAGER: trap,
      EDITOR: trap,
      VISUAL: trap,
      GIT_PAGER: trap,
      GIT_EDITOR: trap,
      GIT_ASKPASS: trap,
      SSH_ASKPASS: trap,
    },
    ...{ GIT_DIR: `${other.root}/.git`, GIT_WORK_TREE: other.root, GIT_INDEX_FILE: `${other.root}/.git/index` },
    ...{ GIT_EXTERNAL_DIFF: trap, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', GIT_LITERAL_PATHSPECS: '0' },
  };
  const versions = openVersions(repository, { env });
  const file = `${repository.root}/a.prompt`;
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { root: repository.root } });
  expect((await versions.history.list(file)).versions).toMatchObject([{ commit }]);
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('a\n');
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'clean' });
  expect(await versions.history.blame(file)).toMatchObject([{ commit }]);
  expect(existsSync(started)).toBe(false);
});

it('reads the same with any user settings for logs, diffs, colors and paths', async () => {
  using repository = createRepository();
  const settings = {
    'log.showRoot': 'false',
    'log.follow': 'true',
    'log.decorate': 'full',
    'log.showSignature': 'true',
    'log.abbrevCommit': 'true',
    'log.date': 'relative',
    'diff.renames': 'false',
    'diff.noprefix': 'true',
    'diff.external': '/nowhere',
    'core.quotePath': 'true',
    'core.abbrev': '12',
    'color.ui': 'always',
    'format.pretty': 'fuller',
    'i18n.logOutputEncoding': 'ISO-8859-1',
    'status.relativePaths': 'true',
    'status.showUntrackedFiles': 'no',
    'blame.showEmail': 'true',
    'blame.blankBoundary': 'true',
    'grep.patternType': 'perl',
  };
  for (const [key, value] of Object.entries(settings)) repository.git('config', key, value);
  const first = repository.commit('Grüße', { 'ä.prompt': '1\n'.repeat(9) });
  repository.git('mv', 'ä.prompt', 'ö.prompt');
  const second = repository.commit('Umbenannt', { 'ö.prompt': `${'1\n'.repeat(9)}2\n` });
  repository.write('ü.prompt', 'new\n');
  const versions = openVersions(repository);
  const file = `${repository.root}/ö.prompt`;
  expect((await versions.history.list(file)).versions).toMatchObject([
    { commit: second, shortCommit: second.slice(0, 12), path: 'ö.prompt', changed: { renamedFrom: 'ä.prompt' } },
    { commit: first, subject: 'Grüße', path: 'ä.prompt' },
  ]);
  expect([...(await versions.saves.changedFiles())]).toEqual([[`${repository.root}/ü.prompt`, 'untracked']]);
  expect((await versions.history.blame(file)).map(({ commit }) => commit)).toEqual([...Array(9).fill(first), second]);
  expect(await versions.history.changesBetween(first, second)).toMatchObject([
    { kind: 'renamed', oldPath: 'ä.prompt' },
  ]);
});

it('works in a shallow clone, and says so at its end', async () => {
  using origin = createRepository({ folder: 'origin' });
  for (const n of [1, 2, 3]) origin.commit(`Change ${n}`, { 'a.prompt': `${n}\n` });
  using clone = createRepository();
  clone.git('remote', 'add', 'origin', `file://${origin.root}`);
  clone.git('fetch', '-q', '--depth=2', 'origin', 'main');
  clone.git('reset', '-q', '--hard', 'FETCH_HEAD');
  const versions = openVersions(clone);
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { shallow: true } });
  const file = `${clone.root}/a.prompt`;
  const page = await versions.history.list(file);
  expect(page.versions.map(({ subject }) => subject)).toEqual(['Change 3', 'Change 2']);
  expect(page).toMatchObject({ next: undefined, truncatedByShallowClone: true });
  expect(await versions.history.list(file, { limit: 1 })).toMatchObject({ truncatedByShallowClone: false });
});

it('works on a detached HEAD, in a separate worktree and in a submodule', async () => {
  using repository = createRepository();
  const first = repository.commit('One', { 'a.prompt': '1\n' });
  repository.commit('Two', { 'a.prompt': '2\n' });
  repository.git('checkout', '-q', '--detach', first);
  const versions = openVersions(repository);
  const subjects = async (file: string, of = versions) =>
    (await of.history.list(file)).versions.map(({ subject }) => subject);
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { branch: undefined, head: first } });
  expect(await subjects(`${repository.root}/a.prompt`)).toEqual(['One']);

  const tree = path.join(repository.root, '..', 'tree');
  repository.git('worktree', 'add', '-q', tree, 'main');
  const inTree = openVersions(repository, { folder: tree });
  const state = await inTree.state();
  expect(state).toMatchObject({ kind: 'ready', repository: { root: tree, branch: 'main' } });
  expect(state).toMatchObject({ repository: { commonDir: `${repository.root}/.git` } });
  expect(await subjects(`${tree}/a.prompt`, inTree)).toEqual(['Two', 'One']);

  using parent = createRepository();
  parent.git('submodule', '--quiet', 'add', repository.root, 'sub');
  parent.commit('Add', { 'own.prompt': '1\n' });
  const inSub = openVersions(parent, { folder: `${parent.root}/sub` });
  expect(await inSub.state()).toMatchObject({ kind: 'ready', repository: { root: `${parent.root}/sub` } });
  expect(await subjects(`${parent.root}/sub/a.prompt`, inSub)).toEqual(['One']);
  const outside = openVersions(parent);
  await expect(outside.saves.workingState(`${parent.root}/sub/a.prompt`)).rejects.toMatchObject({
    code: 'no-repository',
    message: 'sub/a.prompt is in the repository sub inside this one, which has its own history.',
  });
  await expect(outside.history.list(`${parent.root}/sub/a.prompt`)).rejects.toMatchObject({ code: 'no-repository' });
});

it('reports the operation in progress in the repository', async () => {
  using repository = createRepository();
  repository.commit('One', { 'a.prompt': '1\n' });
  repository.git('checkout', '-q', '-b', 'side');
  const side = repository.commit('Side', { 'a.prompt': '2\n' });
  repository.git('checkout', '-q', 'main');
  const main = repository.commit('Main', { 'a.prompt': '3\n' });
  const versions = openVersions(repository);
  const stops = [
    ['cherry-pick', side],
    ['rebase', 'side'],
    ['revert', `${side}`],
  ] as const;
  for (const [operation, argument] of stops) {
    expect(() => repository.git(operation, argument)).toThrow();
    expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { operation } });
    repository.git(operation, '--abort');
  }
  repository.git('bisect', 'start');
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { operation: 'bisect', head: main } });
});

it('detects a commit, a switch of branches and a new repository made by other tools', async () => {
  using repository = createRepository();
  repository.commit('One', { 'a.prompt': '1\n' });
  const versions = openVersions(repository);
  const file = `${repository.root}/a.prompt`;
  const newest = async () => (await versions.history.list(file)).versions[0]?.subject;
  expect(await newest()).toBe('One');
  repository.git('checkout', '-q', '-b', 'side');
  repository.commit('Two', { 'a.prompt': '2\n' });
  expect(await newest()).toBe('Two');
  repository.git('checkout', '-q', 'main');
  expect(await newest()).toBe('One');
});

it('finds files through a symbolic link to the workspace’s folder, and returns paths as the workspace has them', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'app/p/a.prompt': '{{> x}}\n', 'app/_x.prompt': 'x\n' });
  const link = path.join(repository.root, '..', 'link');
  symlinkSync(path.join(repository.root, 'app'), link);
  const versions = openVersions(repository, { folder: link });
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { folderPath: 'app/' } });
  expect((await versions.history.list(`${link}/p/a.prompt`)).versions).toMatchObject([{ path: 'app/p/a.prompt' }]);
  const found = await versions.names.resolve('p/a.prompt@HEAD');
  expect(found).toMatchObject({
    absolutePath: `${link}/p/a.prompt`,
    content: { partials: [{ path: 'app/_x.prompt' }] },
  });
  repository.write('app/_x.prompt', 'y\n');
  expect([...(await versions.saves.changedFiles()).keys()]).toEqual([`${link}/_x.prompt`]);
});

it('follows no link out of the repository', async () => {
  using repository = createRepository();
  const secret = path.join(repository.root, '..', 'secret');
  writeFileSync(secret, 'secret\n');
  symlinkSync(secret, path.join(repository.root, '_s.prompt'));
  symlinkSync(secret, path.join(repository.root, 's.prompt'));
  repository.commit('Write', { 'a.prompt': '{{> s}}\n' });
  const versions = openVersions(repository);
  for (const name of ['a', 's']) {
    // git has the name of the target, which is not a prompt: this is reported, but not the contents of the target
    await expect(versions.names.resolve(`${name}@HEAD`)).rejects.toThrow(
      /s\.prompt is a symbolic link to .*\/secret in \w+:/,
    );
    const read = await versions.history.read('HEAD', `${repository.root}/${name}.prompt`);
    expect(JSON.stringify(read)).not.toContain('secret\\n');
  }
  expect((await versions.saves.workingContent(`${repository.root}/a.prompt`)).partials).toEqual([]);
});

it('reads unsaved text of the editor instead of the file', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '{{> p}}\n', '_p.prompt': 'p\n' });
  const typed = path.join(repository.root, '_p.prompt');
  const files = {
    ...diskFiles,
    readText: async (file: string) => (file === typed ? 'typed\n' : diskFiles.readText(file)),
  };
  const versions = openVersions(repository, { files });
  expect(await versions.saves.workingState(`${repository.root}/a.prompt`)).toMatchObject({
    kind: 'changed',
    changed: ['_p.prompt'],
  });
});

it('stops a git that is silent for too long, and one whose caller was cancelled', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': 'a\n' });
  const pids = path.join(repository.root, '..', 'pids');
  const slow = fakeGit(
    repository,
    `case " $* " in *" log "*) echo $$ >> '${pids}'; exec sleep 60;; esac\nexec git "$@"`,
  );
  const file = `${repository.root}/a.prompt`;
  const impatient = openVersions(repository, { gitPath: () => slow, gitTimeoutMs: 1000 });
  await expect(impatient.history.list(file)).rejects.toMatchObject({ code: 'git-timeout' });
  const control = new AbortController();
  const reading = openVersions(repository, { gitPath: () => slow }).history.list(file, { signal: control.signal });
  const first = readFileSync(pids, 'utf8').trim().split('\n').length;
  await expect.poll(() => readFileSync(pids, 'utf8').trim().split('\n').length).toBeGreaterThan(first);
  control.abort();
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  const isRunning = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  await expect.poll(() => started.filter(isRunning)).toEqual([]);
});
