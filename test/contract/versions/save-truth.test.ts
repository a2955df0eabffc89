import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { openVersions } from '../../integration/versions/open-versions.ts';
import { createRepository, type TemporaryRepository } from '../../integration/versions/temporary-repository.ts';
import { savePorts } from './save-ports.ts';

// Save Version reports exactly what it did and did not do.

const PRODUCTION = 'refs/llmops/labels/a/production';
const LABEL = { label: 'production', why: '' };

function program(repo: TemporaryRepository, name: string, script: string): string {
  const file = repo.write(`../${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function writeHook(repo: TemporaryRepository, name: string, script: string): void {
  chmodSync(repo.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

/** A git that does something else before its first call of one kind. */
function gitWith(repo: TemporaryRepository, verb: string, script: string): string {
  return program(
    repo,
    'git',
    `PATH=${JSON.stringify(process.env.PATH)}
case " $* " in *" ${verb} "*) [ -e ../done ] || { touch ../done; ${script}; };; esac
exec git "$@"`,
  );
}

function saveError(saving: Promise<unknown>): Promise<UserError> {
  return saving.then(
    () => {
      throw new Error('it was saved');
    },
    (error: unknown) => {
      if (error instanceof UserError) return error;
      throw error;
    },
  );
}

it('reports that the commit was created if its tag cannot be signed, and the next save keeps both messages apart', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const locked = repo.write('../locked', '');
  const signature = '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n';
  const script = `cat > /dev/null\n[ -e '${locked}' ] && exit 1\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf -- '${signature}'`;
  repo.git('config', 'gpg.program', program(repo, 'gpg', script));
  repo.git('config', 'tag.gpgSign', 'true');
  repo.git('config', 'user.signingKey', 'x');
  const file = repo.write('a.prompt', 'two\n');
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'Two', label: LABEL }));
  const commit = repo.git('rev-parse', 'HEAD');
  expect(failed.code).toBe('sign-failed');
  expect(failed.message).toBe(
    `a.prompt is committed (${commit.slice(0, 10)}), but has no version tag yet. ` +
      'The tag could not be signed, and your git configuration requires a signature.',
  );
  expect(failed.hint).toMatch(/^Unlock the key .* The next save of any prompt completes this one/);
  expect(failed.hint).not.toContain('Nothing');
  expect(repo.git('log', '-1', '--format=%s')).toBe('Two');
  rmSync(locked);
  const saved = await openVersions(repo).saves.save(file, { message: 'Other words' });
  expect(saved).toMatchObject({ commit, message: 'Two', tag: { number: 1 } });
  expect(saved.notices).toEqual([
    'An earlier save of a.prompt was interrupted; it is now complete as v1.',
    `Nothing has changed since the commit ${commit.slice(0, 10)}, so it keeps its message "Two": yours was not used.`,
  ]);
  expect(repo.git('rev-parse', `${PRODUCTION}^1`)).toBe(commit);
  const next = repo.write('a.prompt', 'three\n');
  expect(await openVersions(repo).saves.save(next, { message: 'Three' })).toMatchObject({
    message: 'Three',
    notices: [],
  });
});

it('reports what was done if the tag was created and a later step fails or is cancelled', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  const control = new AbortController();
  const binary = gitWith(repo, 'commit-tree', 'sleep 0');
  const versions = openVersions(repo, { gitPath: () => binary });
  writeHook(repo, 'reference-transaction', `[ "$1" = committed ] && grep -q refs/tags && touch ../tagged\nexit 0`);
  const watching = setInterval(() => existsSync(path.join(repo.root, '../tagged')) && control.abort(), 1);
  const failed = await saveError(versions.saves.save(file, { message: 'One', label: LABEL, signal: control.signal }));
  clearInterval(watching);
  const commit = repo.git('rev-parse', 'HEAD').slice(0, 10);
  expect(failed.code).toBe('cancelled');
  expect(failed.message).toMatch(
    new RegExp(`^a.prompt is committed \\(${commit}\\), (?:and tagged as v1, but|but has no version tag)`),
  );
  rmSync(path.join(repo.root, '.git/hooks/reference-transaction'));
  const saved = await openVersions(repo).saves.save(file, { message: 'One', label: LABEL });
  expect(saved).toMatchObject({ label: 'production', tag: { number: 1 } });
});

it('keeps a label that a colleague moved after the interrupted save had set it, and reports it', async () => {
  using repo = createRepository();
  const first = repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  // the save is killed where it would note results, with everything else done
  const ports = savePorts(repo.root, 'r', repo.env);
  const control = new AbortController();
  writeHook(repo, 'reference-transaction', `[ "$1" = committed ] && grep -q refs/notes && touch ../noted\nexit 0`);
  const binary = gitWith(repo, 'notes', 'touch ../noted; sleep 2');
  const watching = setInterval(() => existsSync(path.join(repo.root, '../noted')) && control.abort(), 1);
  const options = { message: 'Two', label: LABEL, signal: control.signal };
  const failed = await saveError(openVersions(repo, { ...ports, gitPath: () => binary }).saves.save(file, options));
  clearInterval(watching);
  expect(failed.message).toMatch(/and tagged as v1, but the save is not complete\. It was cancelled\.$/);
  await openVersions(repo).labels.move(file, { ...LABEL, commit: first });
  repo.write('b.prompt', 'b\n');
  const saved = await openVersions(repo, ports).saves.save(path.join(repo.root, 'b.prompt'), { message: 'B' });
  expect(saved.notices).toEqual([
    'An earlier save of a.prompt was interrupted; it is now complete as v1.',
    `The label production was set on v1, and Ada Lovelace moved it to ${first.slice(0, 10)} since.`,
  ]);
  expect(repo.git('rev-parse', `${PRODUCTION}^2`)).toBe(first);
});

it('reports plainly that another save was faster', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  const same = gitWith(repo, 'commit', 'env -u GIT_REFLOG_ACTION git commit -q -m Theirs -- a.prompt');
  const failed = await saveError(openVersions(repo, { gitPath: () => same }).saves.save(file, { message: 'Mine' }));
  const theirs = repo.git('rev-parse', 'HEAD').slice(0, 10);
  expect(failed.code).toBe('nothing-to-save');
  expect(failed.message).toBe(`Another save came first: a.prompt is now committed as ${theirs}.`);
  expect(failed.hint).toMatch(/^This save committed nothing, and your message was not used\./);
  // the next save does not treat the commit as its own
  expect(await openVersions(repo).saves.save(file, { message: 'Theirs' })).toMatchObject({
    notices: [],
    tag: { number: 1 },
  });
});

it('reports plainly that the branch moved while the commit was created', async () => {
  using repo = createRepository();
  const first = repo.commit('start', { 'a.prompt': 'one\n' });
  repo.commit('second', { 'b.prompt': 'b\n' });
  const file = repo.write('a.prompt', 'two\n');
  writeHook(repo, 'pre-commit', `git update-ref HEAD ${first}`);
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'Mine' }));
  expect(failed.code).toBe('index-locked');
  expect(failed.message).toMatch(/^Another git process changed HEAD while git commit was running/);
  expect(failed.message).not.toMatch(/fatal|cannot lock/);
  expect(failed.hint).toMatch(/Nothing was committed\.$/);
  expect(repo.git('log', '-1', '--format=%s')).toBe('start');
});

it.each([
  ['long ago', 3_600_000, 1500],
  ['just now', 0, 6000],
])('reports a lock of the notes that was left %s, instead of waiting for it', async (_when, age, longest) => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  const versions = openVersions(repo, savePorts(repo.root, 'r', repo.env));
  const lock = repo.write('.git/refs/notes/llmops.lock', '');
  const time = new Date(Date.now() - age);
  utimesSync(lock, time, time);
  const [began, cpu] = [performance.now(), repo.git('version')];
  const saved = await versions.saves.save(file, { message: 'One' });
  expect(cpu).toContain('git');
  expect(performance.now() - began).toBeLessThan(longest + 3000);
  expect(saved.notices).toEqual([
    `Its results could not be added to the git notes: Another git process holds ${lock}, or a process that crashed left it behind.`,
  ]);
  await expect(versions.results.note(file)).resolves.toBe(0);
  rmSync(lock);
});

it('waits for a lock of the notes that is in use', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  const versions = openVersions(repo, savePorts(repo.root, 'r', repo.env));
  const lock = repo.write('.git/refs/notes/llmops.lock', '');
  const holding = setTimeout(() => rmSync(lock), 800);
  expect((await versions.saves.save(file, { message: 'One' })).notices).toEqual([]);
  clearTimeout(holding);
  expect(repo.git('notes', '--ref=llmops', 'list')).not.toBe('');
});

it('reports a leftover lock of the tag or of the label, and what was done until then', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  const old = (lock: string) => utimesSync(lock, new Date(0), new Date(0));
  const lock = repo.write('.git/refs/tags/prompt/a/v1.lock', '');
  old(lock);
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'One' }));
  const commit = repo.git('rev-parse', 'HEAD').slice(0, 10);
  expect(failed).toMatchObject({ code: 'index-locked' });
  expect(failed.message).toBe(
    `a.prompt is committed (${commit}), but has no version tag yet. Another git process holds ${lock}, or a process that crashed left it behind.`,
  );
  rmSync(lock);
  old(repo.write(`.git/${PRODUCTION}.lock`, ''));
  const saved = await openVersions(repo).saves.save(file, { message: 'One', label: LABEL });
  expect(saved).toMatchObject({ label: undefined, tag: { number: 1 } });
  expect(saved.notices.at(-1)).toMatch(
    new RegExp(`^v1 of a is saved \\(${commit}\\), but without the label production\\. .*production\\.lock`),
  );
});

// The kernel's own response for a full disk, for one of git's files at a time.
it('reports that nothing was committed if the disk is full at the branch', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  const log = path.join(repo.root, '.git/logs/refs/heads/main');
  rmSync(log);
  symlinkSync('/dev/full', log);
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'Two' }));
  expect(failed.code).toBe('output');
  expect(failed.message).toBe(`git commit could not write in ${repo.root}: No space left on device.`);
  expect(failed.hint).toMatch(/^Free some space.* Nothing was committed\.$/);
  rmSync(log);
  expect(repo.git('log', '-1', '--format=%s')).toBe('start');
  expect(repo.git('status', '--porcelain')).toBe(' M a.prompt');
  expect(await openVersions(repo).saves.save(file, { message: 'Two' })).toMatchObject({
    notices: [],
    tag: { number: 1 },
  });
});

// Other messages of git for the same, as on a file system that was full at another byte.
it.each([
  ["sha1 file '.git/index.lock' write error. Out of diskspace", 'No space left on device'],
  ["cannot update ref 'refs/heads/main': couldn't write '.git/refs/heads/main.lock'", "couldn't write '.git/refs"],
  ['unable to write new_index file. Check that disk is not full and quota is', 'No space left on device'],
])('detects a full disk by %s', async (words, said) => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  const binary = gitWith(repo, 'commit', `echo "fatal: ${words}" >&2; exit 128`);
  const failed = await saveError(openVersions(repo, { gitPath: () => binary }).saves.save(file, { message: 'Two' }));
  expect(failed.code).toBe('output');
  expect(failed.message).toContain(`git commit could not write in ${repo.root}: ${said}`);
});

it('reports that the commit was created and the tag was not if the disk is full at the tag', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  repo.git('config', 'core.logAllRefUpdates', 'always');
  const log = path.join(repo.root, '.git/logs/refs/tags/prompt/a/v1');
  mkdirSync(path.dirname(log), { recursive: true });
  symlinkSync('/dev/full', log);
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'One' }));
  expect(failed.code).toBe('output');
  expect(failed.message).toMatch(
    /^a\.prompt is committed \(\w{10}\), but has no version tag yet\. git tag could not write .*: No space left on device\.$/,
  );
  rmSync(log);
  const saved = await openVersions(repo).saves.save(file, { message: 'One' });
  expect(saved.notices).toEqual(['An earlier save of a.prompt was interrupted; it is now complete as v1.']);
});

it('reports that the version is saved and its label is not if the disk is full at the label', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  const log = path.join(repo.root, '.git/logs', PRODUCTION);
  mkdirSync(path.dirname(log), { recursive: true });
  symlinkSync('/dev/full', log);
  const saved = await openVersions(repo).saves.save(file, { message: 'One', label: LABEL });
  expect(saved).toMatchObject({ label: undefined, tag: { number: 1 } });
  expect(saved.notices).toEqual([
    expect.stringMatching(/^v1 of a is saved \(\w{10}\), but without the label production\..*No space left on device/),
  ]);
});

it('reports if a save cannot even write its plan', async () => {
  using repo = createRepository();
  repo.commit('start', { 'b.prompt': 'b\n' });
  const file = repo.write('a.prompt', 'one\n');
  // a file in place of the folder: every write in it fails
  writeFileSync(path.join(repo.root, '.git/llmops'), '');
  const failed = await openVersions(repo)
    .saves.save(file, { message: 'One' })
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(repo.git('log', '-1', '--format=%s')).toBe('start');
});

it('does not wait an hour for a save whose process id was reused by another process', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  writeHook(repo, 'post-commit', 'git tag prompt/a');
  const failed = await saveError(openVersions(repo).saves.save(file, { message: 'One' }));
  expect(failed.message).toContain('but has no version tag yet');
  rmSync(path.join(repo.root, '.git/hooks/post-commit'));
  repo.git('tag', '-d', 'prompt/a');
  const folder = path.join(repo.root, '.git/llmops');
  const [name = ''] = execFileSync('ls', [folder], { encoding: 'utf8' }).split('\n');
  const pending = JSON.parse(repo.read(`.git/llmops/${name}`));
  // this process' parent is running, and started long after the save's recorded start
  writeFileSync(
    path.join(folder, name),
    JSON.stringify({ ...pending, pid: process.ppid, startedAt: Date.now() - 3e6 }),
  );
  writeFileSync(path.join(folder, `draft-x.${2 ** 22}.${encodeURIComponent(pending.host)}`), 'half');
  const saved = await openVersions(repo).saves.save(file, { message: 'One' });
  expect(saved.notices).toEqual(['An earlier save of a.prompt was interrupted; it is now complete as v1.']);
  expect(execFileSync('ls', [folder], { encoding: 'utf8' })).toBe('');
});
