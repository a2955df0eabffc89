import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

const PROMPT = '---\nmodel: demo/a\n---\nSummarise {{text}}\n';

it('commits, tags and labels a new prompt on an unborn branch, and nothing else that is staged', async () => {
  using repo = createRepository();
  const file = repo.write('churn.prompt', PROMPT);
  repo.write('other.txt', 'staged\n');
  repo.git('add', 'other.txt');
  const saved = await openVersions(repo).saves.save(file, {
    message: 'Begin',
    label: { label: 'production', why: 'first' },
  });
  expect(saved).toMatchObject({ committed: ['churn.prompt'], label: 'production', notices: [], output: '' });
  expect(saved.tag).toEqual({ tag: 'prompt/churn/v1', number: 1, commit: repo.git('rev-parse', 'HEAD') });
  expect(repo.git('status', '--porcelain')).toBe('A  other.txt');
  expect(repo.git('log', '--format=%s %an')).toBe('Begin Ada Lovelace');
  expect(repo.git('cat-file', '-t', 'prompt/churn/v1')).toBe('tag');
  expect(repo.git('rev-parse', 'refs/llmops/labels/churn/production^1')).toBe(saved.commit);
});

it('saves only the prompt with its changed partials, and leaves staged, changed and new files as they were', async () => {
  using repo = createRepository();
  repo.commit('start', {
    'p/a.prompt': '{{>x}} {{>y}}\n',
    'p/_x.prompt': 'x\n',
    '_y.prompt': 'y\n',
    'p/_z.prompt': 'z\n',
    'staged.txt': '1\n',
    'changed.txt': '1\n',
    'both.txt': '1\n',
  });
  repo.write('p/a.prompt', 'New {{>x}} {{>y}}\n');
  for (const file of ['_y.prompt', 'p/_z.prompt', 'staged.txt', 'both.txt', 'changed.txt']) repo.write(file, '2\n');
  repo.git('add', 'staged.txt', 'both.txt');
  repo.write('both.txt', '3\n');
  repo.write('new file.txt', 'new\n');
  const before = { cached: repo.git('diff', '--cached'), status: repo.git('status', '--porcelain') };
  const saved = await openVersions(repo).saves.save(path.join(repo.root, 'p/a.prompt'), { message: 'Change' });
  expect(saved.committed).toEqual(['_y.prompt', 'p/a.prompt']);
  expect(repo.git('diff', '--cached')).toBe(before.cached);
  expect(repo.git('status', '--porcelain').split('\n')).toEqual(
    before.status.split('\n').filter((line) => !/ (_y|p\/a)\.prompt$/.test(line)),
  );
});

it('saves the second version as v2, and reports if nothing has changed since', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', PROMPT);
  const versions = openVersions(repo);
  await versions.saves.save(file, { message: 'One' });
  repo.write('a.prompt', `${PROMPT}More\n`);
  expect((await versions.saves.save(file, { message: 'Two' })).tag.tag).toBe('prompt/a/v2');
  await expect(versions.saves.save(file, { message: 'Three' })).rejects.toMatchObject({
    code: 'nothing-to-save',
    message: 'a.prompt has not changed since v2.',
  });
  const labelled = await versions.saves.save(file, { message: 'Three', label: { label: 'staging', why: '' } });
  expect(labelled).toMatchObject({ committed: [], tag: { number: 2 }, label: 'staging' });
});

it('adds only the missing tag to a version that was committed manually', async () => {
  using repo = createRepository();
  const commit = repo.commit('by hand', { 'a.prompt': PROMPT });
  repo.commit('later', { 'b.txt': 'b' });
  const saved = await openVersions(repo).saves.save(path.join(repo.root, 'a.prompt'), { message: 'unused' });
  expect(saved).toMatchObject({ committed: [], commit, tag: { tag: 'prompt/a/v1', commit } });
  expect(repo.git('rev-list', '--count', 'HEAD')).toBe('2');
});
