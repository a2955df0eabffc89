import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { PromptVersion } from '../../../src/core/versions/history/prompt-version.ts';
import type { HistoryOptions } from '../../../src/core/versions/history/read-history.ts';
import type { Versions } from '../../../src/core/versions/versions.ts';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

async function readAll(versions: Versions, file: string, options: HistoryOptions = {}): Promise<PromptVersion[]> {
  const all: PromptVersion[] = [];
  let cursor: string | undefined;
  do {
    const page = await versions.history.list(file, { ...options, ...(cursor ? { cursor } : {}) });
    all.push(...page.versions);
    cursor = page.next;
  } while (cursor);
  return all;
}

const SAME_SECOND = { GIT_AUTHOR_DATE: '1767268800 +0000', GIT_COMMITTER_DATE: '1767268800 +0000' };
const subjects = (versions: readonly PromptVersion[]) => versions.map(({ subject }) => subject);

it('lists the distinct contents of a prompt, newest first, with author and date', async () => {
  using repository = createRepository();
  const first = repository.commit('Write it', { 'prompts/a.prompt': 'one\n' });
  repository.commit('Something else', { 'README.md': 'x' });
  const second = repository.commit('Change it', { 'prompts/a.prompt': 'two\n' });
  const file = `${repository.root}/prompts/a.prompt`;
  const { versions, next } = await openVersions(repository).history.list(file);
  expect(next).toBeUndefined();
  expect(versions.map(({ commit }) => commit)).toEqual([second, first]);
  expect(versions[0]).toMatchObject({
    path: 'prompts/a.prompt',
    subject: 'Change it',
    shortCommit: second.slice(0, 7),
    author: { name: 'Ada Lovelace', email: 'ada@example.org' },
    blob: repository.git('rev-parse', 'HEAD:prompts/a.prompt'),
    changed: { prompt: true, partials: [], renamedFrom: undefined },
  });
  expect(versions[0]!.authoredAt).toBeGreaterThan(versions[1]!.authoredAt);
});

it('counts a change of a partial as a version of every prompt that uses it, and of no other', async () => {
  using repository = createRepository();
  repository.commit('Write them', {
    'prompts/a.prompt': '{{> tone}} a\n',
    'prompts/b.prompt': 'b\n',
    'prompts/_tone.prompt': 'kind {{> deep}}\n',
    '_deep.prompt': 'deep\n',
  });
  repository.commit('Change the tone', { 'prompts/_tone.prompt': 'terse {{> deep}}\n' });
  repository.commit('Change the depth', { '_deep.prompt': 'deeper\n' });
  repository.commit('Shadow the depth', { 'prompts/_deep.prompt': 'nearer\n' });
  const versions = openVersions(repository);
  const a = await readAll(versions, `${repository.root}/prompts/a.prompt`);
  expect(subjects(a)).toEqual(['Shadow the depth', 'Change the depth', 'Change the tone', 'Write them']);
  expect(a.map(({ changed }) => [changed.prompt, changed.partials])).toEqual([
    [false, ['prompts/_deep.prompt']],
    [false, ['_deep.prompt']],
    [false, ['prompts/_tone.prompt']],
    [true, ['_deep.prompt', 'prompts/_tone.prompt']],
  ]);
  expect(new Set(a.map(({ contentHash }) => contentHash)).size).toBe(4);
  expect(subjects(await readAll(versions, `${repository.root}/prompts/b.prompt`))).toEqual(['Write them']);
});

it('finds changes of partials that only older versions used', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '{{> old}}\n', '_old.prompt': '1\n' });
  repository.commit('Change the old partial', { '_old.prompt': '2\n' });
  repository.commit('Use another', { 'a.prompt': '{{> new}}\n', '_new.prompt': '1\n' });
  repository.commit('Change what nobody uses', { '_old.prompt': '3\n' });
  expect(subjects(await readAll(openVersions(repository), `${repository.root}/a.prompt`))).toEqual([
    'Use another',
    'Change the old partial',
    'Write',
  ]);
});

it('follows renames; a rename alone is not a version', async () => {
  using repository = createRepository();
  const text = 'a line\n'.repeat(20);
  repository.commit('Write', { 'old.prompt': text });
  repository.git('mv', 'old.prompt', 'new.prompt');
  repository.commit('Rename');
  repository.commit('Edit', { 'new.prompt': `${text}more\n` });
  repository.write('sub/newer.prompt', `${text}more\nand more\n`);
  repository.git('rm', '-q', 'new.prompt');
  repository.commit('Rename and edit');
  const versions = await readAll(openVersions(repository), `${repository.root}/sub/newer.prompt`);
  expect(versions.map(({ subject, path, changed }) => [subject, path, changed.renamedFrom])).toEqual([
    ['Rename and edit', 'sub/newer.prompt', 'new.prompt'],
    ['Edit', 'new.prompt', undefined],
    ['Write', 'old.prompt', undefined],
  ]);
});

it('pages without gaps or duplicates, even if a commit is added meanwhile', async () => {
  using repository = createRepository();
  for (let n = 1; n <= 6; n += 1)
    repository.commit(`Change ${n}`, { 'a.prompt': `{{> p}}${n >> 1}\n`, '_p.prompt': `${n % 3}\n` });
  const versions = openVersions(repository);
  const file = `${repository.root}/a.prompt`;
  const whole = await readAll(versions, file);
  expect(whole).toHaveLength(6);
  const first = await versions.history.list(file, { limit: 4 });
  repository.commit('Come between', { 'a.prompt': 'other\n' });
  const rest = await readAll(versions, file, { limit: 4, cursor: first.next! });
  expect(subjects([...first.versions, ...rest])).toEqual(subjects(whole));
  for (const limit of [1, 3, 10]) {
    expect(subjects(await readAll(versions, file, { limit }))).toEqual(['Come between', ...subjects(whole)]);
  }
});

it('has a version for a merge that combines a prompt and a partial differently from both sides', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '{{> p}} 1\n', '_p.prompt': '1\n' });
  repository.git('checkout', '-q', '-b', 'side');
  repository.commit('Partial on the side', { '_p.prompt': '2\n' });
  repository.git('checkout', '-q', 'main');
  repository.commit('Prompt on main', { 'a.prompt': '{{> p}} 2\n' });
  repository.git('merge', '-q', '--no-edit', '-m', 'Join', 'side');
  const versions = await readAll(openVersions(repository), `${repository.root}/a.prompt`);
  expect(subjects(versions)).toEqual(['Join', 'Prompt on main', 'Partial on the side', 'Write']);
});

it('shows other branches on request, and never the tool’s own commits', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '1\n' });
  repository.git('checkout', '-q', '-b', 'side');
  const side = repository.commit('On the side', { 'a.prompt': '2\n' });
  repository.git('checkout', '-q', 'main');
  const move = repository.git(
    'commit-tree',
    `${side}^{tree}`,
    '-p',
    side,
    '-m',
    'Move\n\nLabel-Action: set\nPrompt-Path: a.prompt',
  );
  repository.git('update-ref', 'refs/llmops/labels/a/production', move);
  const versions = openVersions(repository);
  const file = `${repository.root}/a.prompt`;
  expect(subjects(await readAll(versions, file))).toEqual(['Write']);
  const all = await readAll(versions, file, { scope: 'all', limit: 1 });
  expect(all.map(({ subject, labels }) => [subject, labels])).toEqual([
    ['On the side', ['production']],
    ['Write', []],
  ]);
});

it('orders commits with the same time by ancestry', async () => {
  using repository = createRepository();
  let head: string | undefined;
  const commit = (message: string, files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) repository.write(file, text);
    repository.git('add', '--all');
    const tree = repository.git('write-tree');
    const parents = head === undefined ? [] : ['-p', head];
    const env = { ...repository.env, ...SAME_SECOND };
    head = execFileSync('git', ['commit-tree', tree, ...parents, '-m', message], { cwd: repository.root, env })
      .toString()
      .trim();
    repository.git('update-ref', 'HEAD', head);
  };
  commit('1', { 'a.prompt': '{{> p}} 1\n', '_p.prompt': '1\n' });
  commit('2', { '_p.prompt': '2\n' });
  commit('3', { 'a.prompt': '{{> p}} 2\n' });
  commit('4', { '_p.prompt': '3\n' });
  commit('5', { '_p.prompt': '4\n' });
  commit('6', { 'a.prompt': '{{> p}} 3\n' });
  expect(subjects(await readAll(openVersions(repository), `${repository.root}/a.prompt`))).toEqual([
    '6',
    '5',
    '4',
    '3',
    '2',
    '1',
  ]);
});

it('shows a saved version’s tag on its commit, even if a content is restored later', async () => {
  using repository = createRepository();
  const tag = async (number: number) => {
    const [newest] = (await openVersions(repository).history.list(`${repository.root}/a.prompt`)).versions;
    const message = `a v${number}\n\nPrompt-Path: a.prompt\nPrompt-Content: ${newest!.contentHash}`;
    repository.git('tag', '-a', `prompt/a/v${number}`, '-m', message);
  };
  repository.commit('One', { 'a.prompt': '1\n' });
  repository.commit('Unrelated', { 'b.txt': '1\n' });
  await tag(1);
  repository.commit('Two', { 'a.prompt': '2\n' });
  await tag(2);
  repository.commit('One again', { 'a.prompt': '1\n' });
  await tag(3);
  repository.git('tag', '-a', 'prompt/a/v9', '-m', 'of someone else');
  const versions = openVersions(repository);
  const history = await readAll(versions, `${repository.root}/a.prompt`);
  expect(history.map(({ savedAs }) => savedAs.map(({ number }) => number))).toEqual([[3], [2], [1], []]);
  expect(subjects(history)).toEqual(['One again', 'Two', 'Unrelated', 'One']);
  expect([...(await versions.saves.tags()).get('a')!].map(({ tag }) => tag)).toEqual([
    'prompt/a/v1',
    'prompt/a/v2',
    'prompt/a/v3',
  ]);
});

it('does not search partials above the workspace’s folder, like a run', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'app/a.prompt': '{{> p}}\n', '_p.prompt': 'outside\n' });
  repository.commit('Change what is outside', { '_p.prompt': 'still outside\n' });
  const { versions } = await openVersions(repository, { folder: `${repository.root}/app` }).history.list(
    `${repository.root}/app/a.prompt`,
  );
  expect(subjects(versions)).toEqual(['Write']);
});

it('starts where the prompt was written, even if it resembles another one', async () => {
  using repository = createRepository();
  const head = '---\nmodel: demo/swift\nconfig:\n  temperature: 0.2\n---\n';
  repository.commit('Reply', { 'prompts/reply.prompt': `${head}Answer the customer.\n` });
  repository.commit('Refuse', { 'prompts/refuse.prompt': `${head}Answer no customer.\n` });
  const [first, ...more] = await readAll(openVersions(repository), `${repository.root}/prompts/refuse.prompt`);
  expect(first).toMatchObject({ subject: 'Refuse', changed: { renamedFrom: undefined } });
  expect(more).toEqual([]);
});

const LONG = 'a line that stays\n'.repeat(20);

it('keeps what a branch changed in a file that another branch renamed', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'old.prompt': `${LONG}1\n{{> tone}}\n`, '_tone.prompt': '1\n' });
  repository.git('checkout', '-q', '-b', 'side');
  repository.commit('Edit on the side', { 'old.prompt': `${LONG}2\n{{> tone}}\n` });
  repository.commit('Tone on the side', { '_tone.prompt': '2\n' });
  repository.git('checkout', '-q', 'main');
  repository.git('mv', 'old.prompt', 'new.prompt');
  repository.commit('Rename on main');
  repository.git('merge', '-q', '--no-edit', '-m', 'Join', 'side');
  const versions = await readAll(openVersions(repository), `${repository.root}/new.prompt`);
  expect(versions.map(({ subject, path, changed }) => [subject, path, changed.prompt, changed.partials])).toEqual([
    ['Tone on the side', 'old.prompt', false, ['_tone.prompt']],
    ['Edit on the side', 'old.prompt', true, []],
    ['Write', 'old.prompt', true, ['_tone.prompt']],
  ]);
});

it('follows each side if both renamed the file', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'old.prompt': `${LONG}1\n` });
  repository.git('checkout', '-q', '-b', 'side');
  repository.git('mv', 'old.prompt', 'theirs.prompt');
  repository.commit('Theirs', { 'theirs.prompt': `${LONG}2\n` });
  repository.git('checkout', '-q', 'main');
  repository.git('mv', 'old.prompt', 'ours.prompt');
  repository.commit('Ours', { 'ours.prompt': `${LONG}3\n` });
  const merge = repository.git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-p', 'side', '-m', 'Join');
  repository.git('reset', '-q', '--hard', merge);
  const all = await readAll(openVersions(repository), `${repository.root}/ours.prompt`);
  expect(all.map(({ subject, path, changed }) => [subject, path, changed.renamedFrom])).toEqual([
    ['Ours', 'ours.prompt', 'old.prompt'],
    ['Theirs', 'theirs.prompt', 'old.prompt'],
    ['Write', 'old.prompt', undefined],
  ]);
  const versions = openVersions(repository);
  const theirs = await versions.history.read(all[1]!.commit, `${repository.root}/ours.prompt`);
  expect(theirs).toMatchObject({ path: 'theirs.prompt', content: { source: `${LONG}2\n` } });
});

it('has no version for a commit whose content one of its parents has', async () => {
  using repository = createRepository();
  repository.commit('Write', {
    'prompts/a.prompt': '{{> tone}}\n',
    'prompts/_tone.prompt': '1\n',
    '_tone.prompt': '1\n',
  });
  repository.commit('Change what is hidden', { '_tone.prompt': '2\n' });
  repository.git('update-index', '--chmod=+x', 'prompts/a.prompt');
  repository.git('commit', '-q', '-m', 'Change the mode');
  repository.git('checkout', '-q', '-f', '-b', 'side');
  repository.commit('Change', { 'prompts/a.prompt': 'changed {{> tone}}\n' });
  repository.git('checkout', '-q', '-b', 'other', 'main');
  repository.commit('Elsewhere', { 'notes.txt': '1\n' });
  repository.git('merge', '-q', '--no-ff', '--no-edit', '-m', 'Join', 'side');
  const versions = await readAll(openVersions(repository), `${repository.root}/prompts/a.prompt`);
  expect(subjects(versions)).toEqual(['Change', 'Write']);
});

it('has a version for a labeled commit, even if nothing changed there', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '1\n' });
  const target = repository.commit('Elsewhere', { 'notes.txt': '1\n' });
  repository.commit('Further', { 'notes.txt': '2\n' });
  repository.commit('Change', { 'a.prompt': '2\n' });
  const message = 'Move\n\nLabel-Action: set\nPrompt-Path: a.prompt';
  const move = repository.git('commit-tree', `${target}^{tree}`, '-p', target, '-m', message);
  repository.git('update-ref', 'refs/llmops/labels/a/production', move);
  const versions = openVersions(repository);
  for (const limit of [1, 2, 10]) {
    const all = await readAll(versions, `${repository.root}/a.prompt`, { limit });
    expect(all.map(({ subject, labels }) => [subject, labels])).toEqual([
      ['Change', []],
      ['Elsewhere', ['production']],
      ['Write', ['production']],
    ]);
  }
});

it('names a commit that only a label points to like git does', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': '1\n' });
  const titles = ['Zwei Zeilen\nals Titel\n\nUnd ein Text', 'Größe', 'x'];
  const commits = titles.map((title, n) => {
    repository.write('notes.txt', `${n}\n`);
    repository.git('add', '--all');
    const encoding = n === 1 ? ['-c', 'i18n.commitEncoding=ISO-8859-1'] : [];
    repository.git(...encoding, 'commit', '-q', '-m', title, `--author=Łukasz Ż <l${n}@example.org>`);
    return repository.git('rev-parse', 'HEAD');
  });
  for (const [n, commit] of commits.entries()) {
    const message = 'Move\n\nLabel-Action: set\nPrompt-Path: a.prompt';
    const move = repository.git('commit-tree', `${commit}^{tree}`, '-p', commit, '-m', message);
    repository.git('update-ref', `refs/llmops/labels/a/l${n}`, move);
  }
  const all = await readAll(openVersions(repository), `${repository.root}/a.prompt`);
  const shown = all.map((row) => [row.shortCommit, row.author.name, row.author.email, row.subject]);
  expect(shown).toEqual(
    [...commits.toReversed(), all.at(-1)!.commit].map((commit) => {
      return repository.git('log', '-1', '--format=%h%x00%an%x00%ae%x00%s', commit).split('\0');
    }),
  );
  expect(all.map(({ authoredAt }) => authoredAt)).toEqual(
    [...commits.toReversed(), all.at(-1)!.commit].map(
      (commit) => Number(repository.git('log', '-1', '--format=%at', commit)) * 1000,
    ),
  );
});

it('continues before a file was deleted and restored', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'a.prompt': `${LONG}1\n` });
  repository.git('rm', '-q', 'a.prompt');
  const removal = repository.commit('Delete');
  repository.git('revert', '--no-edit', removal);
  repository.commit('Change', { 'a.prompt': `${LONG}2\n` });
  const versions = await readAll(openVersions(repository), `${repository.root}/a.prompt`);
  expect(subjects(versions)).toEqual(['Change', 'Revert "Delete"', 'Write']);
});

it('finds changes on a branch that still has the old name, if all branches are requested', async () => {
  using repository = createRepository();
  repository.commit('Write', { 'old.prompt': `${LONG}1\n` });
  repository.git('branch', 'side');
  repository.git('mv', 'old.prompt', 'new.prompt');
  repository.commit('Rename');
  repository.git('checkout', '-q', 'side');
  repository.commit('On the side', { 'old.prompt': `${LONG}2\n` });
  repository.git('checkout', '-q', 'main');
  const versions = openVersions(repository);
  const all = await readAll(versions, `${repository.root}/new.prompt`, { scope: 'all', limit: 1 });
  expect(subjects(all)).toEqual(['On the side', 'Write']);
});
