import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Versions } from '../../../../src/core/versions/versions.ts';
import { openVersions } from '../open-versions.ts';
import { createRepository, type TemporaryRepository } from '../temporary-repository.ts';
import { createAttackRepository, EVIL, proveAttack } from './attack-repository.ts';

/** A git without `safe.bareRepository`, as before 2.38, that records where it was started. */
function oldGit({ root }: TemporaryRepository): { binary: string; places: string } {
  const [binary, places] = ['old-git', 'places'].map((name) => path.join(root, '..', name)) as [string, string];
  const script = `#!/bin/bash
pwd >> '${places}'
args=()
for arg in "$@"; do
  if [ "$arg" = safe.bareRepository=explicit ]; then arg=safe.bareRepository=all; fi
  args+=("$arg")
done
if [ "\${args[-1]}" = version ]; then echo git version 2.30.2; exit; fi
exec git "\${args[@]}"
`;
  writeFileSync(binary, script);
  chmodSync(binary, 0o755);
  return { binary, places };
}

/** Calls every method once for one prompt: the results do not matter here, only what runs. */
async function useAll(versions: Versions, file: string): Promise<unknown[]> {
  const head = 'HEAD';
  const attempts: (() => unknown)[] = [
    () => versions.state(),
    () => versions.names.nameOf(file),
    () => versions.names.list(),
    () => versions.history.list(file),
    () => versions.history.list(file, { scope: 'all' }),
    () => versions.saves.workingState(file),
    () => versions.saves.workingContent(file),
    () => versions.saves.changedFiles(),
    () => versions.names.resolve(`${file}@${head}`),
    () => versions.names.locate(`${file}@${head}`),
    () => versions.history.read(head, file),
    async () => (await versions.history.filesAt(head)).readText(file),
    async () => (await versions.history.filesAt(head)).readBytes(file),
    async () => (await versions.history.filesAt(head)).exists(file),
    () => versions.saves.proposeMessage(file),
    () => versions.history.restoredText(head, file),
    () => versions.labels.list(),
    () => versions.saves.tags(),
    () => versions.history.changesBetween('HEAD~1', head),
    () => versions.history.changesBetween(head, undefined),
    () => versions.history.mergeBase(),
    () => versions.history.blame(file),
    () => versions.results.note(file),
    () => versions.saves.save(file, { message: 'Save', label: { label: 'production', why: '' } }),
    () => versions.labels.move(file, { label: 'staging', why: '', commit: head }),
    () => versions.labels.history(file, 'staging'),
    () => versions.labels.remove(file, { label: 'staging', why: '' }),
    async () => versions.sync.push(await versions.sync.planPush()),
    () => versions.sync.fetch(),
    () => versions.createRepository(),
  ];
  const failures: unknown[] = [];
  for (const attempt of attempts) await Promise.resolve(attempt()).catch((error: unknown) => failures.push(error));
  return failures;
}

it.each([
  ['the folder that is a git directory', EVIL],
  ['a folder in it', `${EVIL}/llmops`],
  ['its objects', `${EVIL}/objects`],
  ['the root of the clone', ''],
])('runs nothing that a commit contains, opened in %s', async (_what, opened) => {
  using attack = createAttackRepository();
  const { clone } = attack;
  proveAttack(attack);
  const folder = path.join(clone.root, opened);
  const versions = openVersions(clone, { folder });
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { root: clone.root } });
  expect(await useAll(versions, path.join(clone.root, EVIL, 'a.prompt'))).toEqual([]);
  expect(attack.ran()).toEqual([]);
  // the saved version is in the clone's own repository, of which the folder is only a part
  expect(clone.git('tag', '--list', 'prompt/*')).toBe('prompt/prompts%2Fevil%2Fa/v1');
});

it('runs nothing with a git that is older than safe.bareRepository', async () => {
  using attack = createAttackRepository();
  const { clone } = attack;
  proveAttack(attack);
  const { binary, places } = oldGit(clone);
  const versions = openVersions(clone, { folder: path.join(clone.root, EVIL), gitPath: () => binary });
  const state = await versions.state();
  expect(state).toMatchObject({ kind: 'ready', repository: { root: clone.root, gitVersion: '2.30.2' } });
  expect(await useAll(versions, path.join(clone.root, EVIL, 'a.prompt'))).toEqual([]);
  expect(attack.ran()).toEqual([]);
  expect(new Set(readFileSync(places, 'utf8').trim().split('\n'))).toEqual(new Set([clone.root]));
});

it('works in a linked work tree inside its bare repository', async () => {
  using repo = createRepository();
  repo.commit('One', { 'a.prompt': 'one\n' });
  const bare = path.join(repo.root, '..', 'project.git');
  repo.git('clone', '-q', '--bare', repo.root, bare);
  const folder = path.join(bare, 'main');
  repo.git('-C', bare, 'worktree', 'add', '-q', folder, 'main');
  const versions = openVersions(repo, { folder });
  expect(await versions.state()).toMatchObject({ kind: 'ready', repository: { root: folder, commonDir: bare } });
  expect((await versions.history.list(path.join(folder, 'a.prompt'))).versions).toHaveLength(1);
  expect(await openVersions(repo, { folder: path.join(bare, 'hooks') }).state()).toEqual({
    kind: 'bare',
    gitDir: bare,
  });
});

it('starts git in no folder that is a git directory, even without a repository around it', {
  timeout: 120_000,
}, async () => {
  using attack = createAttackRepository();
  using empty = createRepository();
  const { binary, places } = oldGit(attack.clone);
  const folder = path.join(empty.root, '..', 'unpacked');
  cpSync(path.join(attack.clone.root, EVIL), folder, { recursive: true });
  for (const opened of [folder, path.join(folder, 'llmops')]) {
    const versions = openVersions(attack.clone, { folder: opened, gitPath: () => binary });
    expect(await versions.state()).toEqual({ kind: 'bare', gitDir: folder });
    const failures = await useAll(versions, path.join(folder, 'a.prompt'));
    expect(failures.length).toBeGreaterThan(20);
  }
  expect(attack.ran()).toEqual([]);
  expect(existsSync(path.join(folder, '.git'))).toBe(false);
  const started = [...new Set(readFileSync(places, 'utf8').trim().split('\n'))];
  expect(started).toEqual([path.parse(folder).root]);
});

it('ignores an old git’s result if the entry that it was started for was removed', async () => {
  using attack = createAttackRepository();
  const { clone } = attack;
  const { binary } = oldGit(clone);
  // between the check and the start: an entry that git ignores, in a folder that is a git directory itself
  const folder = path.join(clone.root, EVIL);
  writeFileSync(path.join(folder, '.git'), 'no entry of git\n');
  const versions = openVersions(clone, { folder, gitPath: () => binary });
  const found = await versions.state().catch((error: unknown) => error);
  expect(found).not.toMatchObject({ kind: 'ready' });
  expect(attack.ran()).toEqual([]);
});

it('starts nothing in an untrusted workspace', async () => {
  using attack = createAttackRepository();
  const { binary, places } = oldGit(attack.clone);
  const folder = path.join(attack.clone.root, EVIL);
  const versions = openVersions(attack.clone, { folder, gitPath: () => binary, trusted: () => false });
  const failures = await useAll(versions, path.join(folder, 'a.prompt'));
  expect(new Set(failures.map((error) => (error as { code?: string }).code))).toEqual(new Set(['untrusted']));
  expect(existsSync(places)).toBe(false);
  expect(attack.ran()).toEqual([]);
});

it('does not use the user’s textconv or diff programs for reading, but keeps their filters and hooks', {
  timeout: 120_000,
}, async () => {
  using repo = createRepository();
  const ran = path.join(repo.root, '..', 'ran');
  const program = (name: string, end = '') => {
    const file = repo.write(`../${name}`, `#!/bin/sh\necho ${name} >> '${ran}'\n${end}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  repo.write('.gitattributes', '*.prompt diff=own filter=own\n');
  const first = repo.commit('One', { 'a.prompt': 'one\n', 'b.prompt': 'same\n' });
  repo.git('config', 'diff.own.textconv', program('textconv', 'cat "$1"'));
  repo.git('config', 'diff.own.command', program('command'));
  repo.git('config', 'diff.external', program('external'));
  repo.git('config', 'filter.own.clean', program('clean', 'cat'));
  repo.git('config', 'core.fsmonitor', program('monitor', 'printf "x\\0/\\0"'));
  const versions = openVersions(repo);
  const file = repo.write('a.prompt', 'two\n');
  const seen = () => {
    const names = existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : [];
    rmSync(ran, { force: true });
    return [...new Set(names)].sort();
  };
  await versions.history.list(file);
  await versions.names.resolve('a@HEAD');
  await versions.history.read('HEAD', file);
  await versions.labels.list();
  await versions.names.list();
  expect(seen()).toEqual([]);
  await versions.history.blame(file);
  expect(seen()).toEqual(['clean']);
  expect(await versions.saves.workingState(file)).toMatchObject({ kind: 'changed' });
  expect(seen()).toContain('clean');
  expect(await versions.history.changesBetween(first, undefined)).toMatchObject([{ path: 'a.prompt' }]);
  expect(seen()).not.toEqual(expect.arrayContaining(['textconv']));
  chmodSync(repo.write('.git/hooks/pre-commit', `#!/bin/sh\necho hook >> '${ran}'\n`), 0o755);
  await versions.saves.save(file, { message: 'Two' });
  expect(seen()).toEqual(expect.arrayContaining(['clean', 'hook']));
});
