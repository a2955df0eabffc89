import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from '../../integration/versions/open-versions.ts';
import { createRepository, type TemporaryRepository } from '../../integration/versions/temporary-repository.ts';

const PROMPT = '---\nmodel: demo/a\n---\nSummarise {{text}}\n';

function writeHook(repo: TemporaryRepository, name: string, lines: string): void {
  const file = path.join(repo.root, '.git/hooks', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

function stateOf(repo: TemporaryRepository): string[] {
  return [repo.git('status', '--porcelain'), repo.git('diff', '--cached'), repo.git('rev-parse', 'HEAD')];
}

it('saves on a detached HEAD and reports that only the tag keeps it', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': PROMPT });
  repo.git('checkout', '-q', '--detach');
  const file = repo.write('a.prompt', 'Other\n');
  const saved = await openVersions(repo).saves.save(file, { message: 'Detached' });
  expect(saved.notices).toEqual(['HEAD is detached, so the commit is on no branch. The tag prompt/a/v1 keeps it.']);
  expect(repo.git('rev-parse', 'HEAD')).toBe(saved.commit);
});

it('asks for an author if git has none, and uses the answer for this commit only', async () => {
  using repo = createRepository({ identity: false });
  const file = repo.write('a.prompt', PROMPT);
  const versions = openVersions(repo);
  await expect(versions.saves.save(file, { message: 'One' })).rejects.toMatchObject({ code: 'no-identity' });
  expect(repo.git('status', '--porcelain')).toBe('?? a.prompt');
  const author = { name: 'Grace Hopper', email: 'grace@example.org' };
  const saved = await versions.saves.save(file, { message: 'One', author, label: { label: 'production', why: '' } });
  expect(repo.git('log', '-1', '--format=%an %ae %cn %ce')).toBe(
    'Grace Hopper grace@example.org Grace Hopper grace@example.org',
  );
  expect(repo.git('for-each-ref', '--format=%(taggername)', `refs/tags/${saved.tag.tag}`)).toBe('Grace Hopper');
  expect(repo.git('config', '--list')).not.toMatch(/user\./);
});

it('takes the committer from the environment, like git', async () => {
  using repo = createRepository({ identity: false });
  const file = repo.write('a.prompt', PROMPT);
  const names = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@x' };
  await openVersions(repo, { env: { ...repo.env, ...names } }).saves.save(file, { message: 'One' });
  expect(repo.git('log', '-1', '--format=%an %cn')).toBe('A C');
});

it('keeps the machine’s environment for configuration and remotes', async () => {
  using repo = createRepository({ identity: false });
  const file = repo.write('a.prompt', PROMPT);
  const global = repo.write('../global', '[user]\n\tname = From Global\n\temail = g@x\n');
  const ways = { GIT_SSH: 'ssh', GIT_SSH_COMMAND: 'ssh -v', GIT_SSH_VARIANT: 'ssh', GIT_SSL_CAINFO: '/nowhere' };
  const env = { ...repo.env, ...ways, GIT_CONFIG_GLOBAL: global, GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: '/elsewhere' };
  await openVersions(repo, { env: { ...env, PAGER: 'less', EDITOR: 'vi' } }).saves.save(file, { message: 'x' });
  expect(repo.git('log', '-1', '--format=%an')).toBe('From Global');
});

it('rejects an author that would break the commit, a missing message and an invalid label', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  const versions = openVersions(repo);
  const author = { name: 'x', email: 'a>b\n' };
  await expect(versions.saves.save(file, { message: 'One', author })).rejects.toMatchObject({ code: 'usage' });
  await expect(versions.saves.save(file, { message: ' ' })).rejects.toMatchObject({ code: 'usage' });
  await expect(versions.saves.save(file, { message: 'x', label: { label: 'v3', why: '' } })).rejects.toMatchObject({
    code: 'usage',
  });
  expect(repo.git('status', '--porcelain')).toBe('?? a.prompt');
});

it('asks before other staged content is replaced, and keeps it until then', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  repo.git('add', 'a.prompt');
  repo.write('a.prompt', 'three\n');
  const versions = openVersions(repo);
  const before = [repo.git('diff', '--cached'), repo.git('status', '--porcelain')];
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'staged-differs' });
  expect([repo.git('diff', '--cached'), repo.git('status', '--porcelain')]).toEqual(before);
  await versions.saves.save(file, { message: 'x', replaceStaged: true });
  expect(repo.git('show', 'HEAD:a.prompt')).toBe('three');
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('asks too if a deletion is staged of an existing file', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  repo.git('rm', '-q', '--cached', 'a.prompt');
  const file = repo.write('a.prompt', 'two\n');
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'staged-differs' });
  await openVersions(repo).saves.save(file, { message: 'x', replaceStaged: true });
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('saves a staged prompt without asking if its file is the same', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'one\n' });
  const file = repo.write('a.prompt', 'two\n');
  repo.git('add', 'a.prompt');
  await openVersions(repo).saves.save(file, { message: 'x' });
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('requires the editor’s text to be saved first', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  const { files } = repo.ports();
  const dirty = { ...files, readText: async () => 'newer' };
  const saving = openVersions(repo, { files: dirty }).saves.save(file, { message: 'x' });
  await expect(saving).rejects.toMatchObject({ code: 'not-saved' });
  await expect(openVersions(repo).saves.save(`${file}x`, { message: 'x' })).rejects.toMatchObject({
    code: 'not-saved',
  });
});

it('names the rule that ignores a prompt, and adds nothing by force', async () => {
  using repo = createRepository();
  repo.commit('start', { '.gitignore': 'x\n/drafts/\n' });
  const file = repo.write('drafts/a.prompt', PROMPT);
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({
    code: 'usage',
    message: 'git ignores drafts/a.prompt: .gitignore:2 says /drafts/.',
  });
  repo.git('add', '--force', 'drafts/a.prompt');
  expect((await openVersions(repo).saves.save(file, { message: 'x' })).committed).toEqual(['drafts/a.prompt']);
});

it('saves a renamed prompt with its previous path', async () => {
  using repo = createRepository();
  const text = `${PROMPT}${'A line that stays.\n'.repeat(10)}`;
  repo.commit('start', { 'old.prompt': text, 'gone.prompt': 'something else\n' });
  repo.git('mv', 'old.prompt', 'new.prompt');
  repo.git('rm', '-q', 'gone.prompt');
  const file = repo.write('new.prompt', `${text}More.\n`);
  await openVersions(repo).saves.save(file, { message: 'Rename', replaceStaged: true });
  expect(repo.git('show', '--format=', '--name-status', '-M').split('\t')[0]).toMatch(/^R/);
  expect(repo.git('status', '--porcelain')).toBe('D  gone.prompt');
});

it.each([
  'with space.prompt',
  'ünïcödé 例.prompt',
  '-leading.prompt',
  '--force.prompt',
  ':colon.prompt',
  'a*b[c].prompt',
])('saves %s and nothing that its name could match', async (name) => {
  using repo = createRepository();
  repo.commit('start', { 'axb.prompt': 'x', 'ac.prompt': 'x' });
  repo.write('axb.prompt', 'changed');
  const file = repo.write(`dir/${name}`, PROMPT);
  const top = repo.write(name, PROMPT);
  expect((await openVersions(repo).saves.save(file, { message: 'x' })).committed).toEqual([`dir/${name}`]);
  expect((await openVersions(repo).saves.save(top, { message: 'x' })).committed).toEqual([name]);
  expect(repo.git('status', '--porcelain')).toBe(' M axb.prompt');
});

it('does not save a file outside the repository', async () => {
  using repo = createRepository();
  using other = createRepository();
  const file = other.write('a.prompt', PROMPT);
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'usage' });
  const above = path.join(repo.root, '..', 'a.prompt');
  await expect(openVersions(repo).saves.save(above, { message: 'x' })).rejects.toMatchObject({ code: 'usage' });
});

it('keeps the mode of a file', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  chmodSync(file, 0o755);
  await openVersions(repo).saves.save(file, { message: 'x' });
  expect(repo.git('ls-tree', 'HEAD')).toMatch(/^100755/);
});

it('saves differences in content, not in line endings alone', async () => {
  using repo = createRepository();
  repo.git('config', 'core.autocrlf', 'true');
  const file = repo.write('a.prompt', 'one\r\ntwo\r\n');
  const versions = openVersions(repo);
  const first = await versions.saves.save(file, { message: 'x' });
  expect(first.output).toBe('');
  expect(repo.git('cat-file', 'blob', 'HEAD:a.prompt')).toBe('one\ntwo');
  repo.write('a.prompt', 'one\ntwo\n');
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'nothing-to-save' });
  repo.write('a.prompt', 'one\r\nthree\r\n');
  const second = await versions.saves.save(file, { message: 'x' });
  expect(second.tag.number).toBe(2);
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('saves in a worktree and in a submodule, each separately', async () => {
  using library = createRepository();
  library.commit('lib', { 'sub.prompt': PROMPT });
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': PROMPT });
  repo.git('submodule', '--quiet', 'add', library.root, 'lib');
  repo.git('commit', '-qm', 'lib');
  repo.git('worktree', 'add', '-q', '../tree', '-b', 'other');
  const tree = path.join(repo.root, '../tree');
  writeFileSync(path.join(tree, 'a.prompt'), 'In the tree\n');
  const saved = await openVersions(repo, { folder: tree }).saves.save(path.join(tree, 'a.prompt'), { message: 'x' });
  expect(repo.git('rev-parse', 'other')).toBe(saved.commit);
  expect(repo.git('status', '--porcelain')).toBe('');
  const inside = repo.write('lib/sub.prompt', 'Changed\n');
  const folder = path.join(repo.root, 'lib');
  const sub = await openVersions(repo, { folder }).saves.save(inside, { message: 'x' });
  expect(repo.git('-C', 'lib', 'rev-parse', 'HEAD')).toBe(sub.commit);
  expect(repo.git('status', '--porcelain')).toBe(' M lib');
});

it.each([
  ['merge', ['merge', 'other']],
  ['rebase', ['rebase', 'other']],
  ['cherry-pick', ['cherry-pick', 'other']],
  ['revert', ['revert', '--no-edit', 'HEAD~1']],
])('saves nothing during a %s', async (kind, args) => {
  using repo = createRepository();
  repo.commit('start', { 'a.txt': 'start' });
  repo.git('branch', 'other');
  repo.commit('one', { 'a.txt': 'one' });
  repo.commit('two', { 'a.txt': 'two' });
  repo.git('checkout', '-q', 'other');
  repo.commit('other', { 'a.txt': 'other' });
  repo.git('checkout', '-q', 'main');
  expect(() => repo.git(...args)).toThrow();
  const file = repo.write('p.prompt', PROMPT);
  const before = stateOf(repo);
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({
    code: 'operation-under-way',
    hint: `Finish it (git ${kind} --continue) or abort it (git ${kind} --abort), then save.`,
  });
  expect(stateOf(repo)).toEqual(before);
});

it('saves no prompt with an unresolved conflict', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'start\n' });
  repo.write('a.prompt', 'stashed\n');
  repo.git('stash');
  repo.commit('two', { 'a.prompt': 'two\n' });
  expect(() => repo.git('stash', 'pop')).toThrow();
  await expect(openVersions(repo).saves.save(path.join(repo.root, 'a.prompt'), { message: 'x' })).rejects.toMatchObject(
    {
      code: 'operation-under-way',
      message: 'a.prompt has an unresolved conflict.',
    },
  );
});

it('reports a held lock and never removes it', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  const lock = repo.write('.git/index.lock', '');
  const versions = openVersions(repo);
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toMatchObject({
    code: 'index-locked',
    message: expect.stringContaining(lock),
  });
  expect(existsSync(lock)).toBe(true);
  expect(readdirSync(path.join(repo.root, '.git/llmops'))).toEqual([]);
  rmSync(lock);
  expect((await versions.saves.save(file, { message: 'x' })).tag.number).toBe(1);
});

it.each(['pre-commit', 'commit-msg', 'prepare-commit-msg'])('shows what a failing %s hook says', async (hook) => {
  using repo = createRepository();
  repo.commit('start');
  writeHook(repo, hook, 'echo "prompts must name an owner"; echo more >&2; exit 1');
  const file = repo.write('a.prompt', PROMPT);
  const before = stateOf(repo);
  const error = await openVersions(repo)
    .saves.save(file, { message: 'x' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'hook-failed', message: expect.stringContaining(`(${hook})`) });
  expect(String(error)).toContain('prompts must name an owner\nmore');
  expect(stateOf(repo)).toEqual(before);
});

it('keeps index and commit equal if a hook reformats the prompt, and tags what was committed', async () => {
  using repo = createRepository();
  repo.commit('start', { 'other.txt': '1', 'staged.txt': '1' });
  writeHook(repo, 'pre-commit', 'tr a-z A-Z < a.prompt > t && mv t a.prompt && git add a.prompt && echo reformatted');
  repo.write('staged.txt', '2');
  repo.git('add', 'staged.txt');
  const file = repo.write('a.prompt', 'hello\n');
  const versions = openVersions(repo);
  const saved = await versions.saves.save(file, { message: 'x' });
  expect(saved.output).toBe('reformatted');
  expect(repo.git('show', 'HEAD:a.prompt')).toBe('HELLO');
  expect(repo.git('status', '--porcelain')).toBe('M  staged.txt');
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'nothing-to-save' });
});

it('updates the index with what a hook added to the commit, but not over staged content', async () => {
  using repo = createRepository();
  repo.commit('start', { 'index.txt': '1', 'staged.txt': '1' });
  writeHook(repo, 'pre-commit', 'echo 2 > index.txt && git add index.txt');
  repo.write('staged.txt', '2');
  repo.git('add', 'staged.txt');
  const file = repo.write('a.prompt', PROMPT);
  const saved = await openVersions(repo).saves.save(file, { message: 'x' });
  expect(saved.committed).toEqual(['a.prompt', 'index.txt']);
  expect(repo.git('status', '--porcelain')).toBe('M  staged.txt');
});

it('reports that a signature is required if the key or the program is missing', async () => {
  using repo = createRepository();
  repo.commit('start');
  repo.git('config', 'commit.gpgSign', 'true');
  repo.git('config', 'gpg.program', '/nowhere/gpg');
  const file = repo.write('a.prompt', PROMPT);
  const before = stateOf(repo);
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'sign-failed' });
  expect(stateOf(repo)).toEqual(before);
});

it('signs commit, tag and label with an SSH key if the configuration requires it', async () => {
  using repo = createRepository();
  const key = path.join(repo.root, '../key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  for (const [name, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingKey', `${key}.pub`],
    ['commit.gpgSign', 'true'],
    ['tag.gpgSign', 'true'],
  ] as const) {
    repo.git('config', name, value);
  }
  const file = repo.write('a.prompt', PROMPT);
  const saved = await openVersions(repo).saves.save(file, { message: 'x', label: { label: 'production', why: '' } });
  expect(repo.git('cat-file', 'commit', 'HEAD')).toContain('BEGIN SSH SIGNATURE');
  expect(repo.git('cat-file', 'tag', saved.tag.tag)).toContain('BEGIN SSH SIGNATURE');
  expect(repo.git('cat-file', 'commit', 'refs/llmops/labels/a/production')).toContain('BEGIN SSH SIGNATURE');
  // The trailers are read although a signature follows them.
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({
    code: 'nothing-to-save',
  });
});

it('skips a tag name that someone else used, and reports it', async () => {
  using repo = createRepository();
  repo.commit('start');
  repo.git('tag', 'prompt/a/v1');
  repo.git('tag', '-a', '-m', 'by hand', 'prompt/a/v2');
  const before = repo.git('show-ref', '--tags');
  const file = repo.write('a.prompt', PROMPT);
  const saved = await openVersions(repo).saves.save(file, { message: 'x' });
  expect(saved.tag.tag).toBe('prompt/a/v3');
  expect(saved.notices).toHaveLength(2);
  expect(saved.notices[0]).toContain('prompt/a/v1');
  expect(repo.git('show-ref', '--tags')).toContain(before);
});

it('stops if it is cancelled while a hook runs, and leaves everything unchanged', async () => {
  using repo = createRepository();
  repo.commit('start', { 'staged.txt': '1' });
  repo.write('staged.txt', '2');
  repo.git('add', 'staged.txt');
  writeHook(repo, 'pre-commit', 'touch .git/began; exec sleep 20');
  const file = repo.write('a.prompt', PROMPT);
  const before = stateOf(repo);
  const control = new AbortController();
  const saving = openVersions(repo).saves.save(file, { message: 'x', signal: control.signal });
  const ended = expect(saving).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => existsSync(path.join(repo.root, '.git/began')), { timeout: 10_000 }).toBe(true);
  control.abort();
  await ended;
  expect(stateOf(repo)).toEqual(before);
  expect(existsSync(path.join(repo.root, '.git/index.lock'))).toBe(false);
});

it('does not start if it was cancelled before', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  const signal = AbortSignal.abort();
  await expect(openVersions(repo).saves.save(file, { message: 'x', signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

it('compares what git stores if a filter changes the file', async () => {
  using repo = createRepository();
  repo.commit('start', { '.gitattributes': '*.prompt filter=pointer\n' });
  repo.git('config', 'filter.pointer.clean', 'echo pointer; wc -c');
  const file = repo.write('a.prompt', PROMPT);
  const versions = openVersions(repo);
  expect((await versions.saves.save(file, { message: 'x' })).tag.number).toBe(1);
  await expect(versions.saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'nothing-to-save' });
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('saves in a shallow clone and in a sparse checkout, and leaves out missing files', async () => {
  using origin = createRepository();
  origin.commit('one', { 'p/a.prompt': 'one\n', 'q/b.prompt': 'b\n' });
  origin.commit('two', { 'p/a.prompt': 'two\n' });
  using repo = createRepository({ clone: `file://${origin.root}` });
  repo.git('fetch', '-q', '--depth=1', 'origin', 'main');
  repo.git('sparse-checkout', 'set', '--no-cone', '/p/');
  const file = repo.write('p/a.prompt', 'three\n');
  const saved = await openVersions(repo).saves.save(file, { message: 'x' });
  expect(saved.committed).toEqual(['p/a.prompt']);
  expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['p/a.prompt', 'q/b.prompt']);
  expect(repo.git('status', '--porcelain')).toBe('');
});

it('saves no prompt with the name of another one', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': '---\nname: same\n---\nA\n' });
  const file = repo.write('b.prompt', '---\nname: Same\n---\nB\n');
  await expect(openVersions(repo).saves.save(file, { message: 'x' })).rejects.toMatchObject({ code: 'name-clash' });
  expect(repo.git('status', '--porcelain')).toBe('?? b.prompt');
});

it('continues counting under a new name, even if the file was only moved manually', async () => {
  using repo = createRepository();
  const text = `---\nname: kept\n---\n${'A line that stays.\n'.repeat(10)}`;
  const versions = openVersions(repo);
  await versions.saves.save(repo.write('a.prompt', text), { message: 'One' });
  rmSync(path.join(repo.root, 'a.prompt'));
  const moved = repo.write('dir/b.prompt', `${text}More\n`);
  expect((await versions.saves.save(moved, { message: 'Two' })).tag.tag).toBe('prompt/kept/v2');
  expect(repo.git('status', '--porcelain')).toBe('');
  repo.write('dir/b.prompt', `${text.replace('kept', 'renamed')}More\n`);
  expect((await versions.saves.save(moved, { message: 'Three' })).tag.tag).toBe('prompt/renamed/v3');
});

it('commits the deletion of a partial that the prompt used, and no other', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': 'A {{>x}}\n', '_x.prompt': 'x\n', '_y.prompt': 'y\n' });
  for (const one of ['_x.prompt', '_y.prompt']) rmSync(path.join(repo.root, one));
  const file = repo.write('a.prompt', 'A\n');
  expect((await openVersions(repo).saves.save(file, { message: 'x' })).committed).toEqual(['_x.prompt', 'a.prompt']);
  expect(repo.git('status', '--porcelain')).toBe(' D _y.prompt');
});

it('saves a restored content as the next version', async () => {
  using repo = createRepository();
  const versions = openVersions(repo);
  const file = repo.write('a.prompt', 'one\n');
  for (const [at, text] of ['one\n', 'two\n', 'one\n'].entries()) {
    repo.write('a.prompt', text);
    expect((await versions.saves.save(file, { message: 'x' })).tag.number).toBe(at + 1);
  }
});
