import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from '../open-versions.ts';
import { createRepository, type TemporaryRepository } from '../temporary-repository.ts';

const GONE = '1234567890'.repeat(4);
const LABELS = 'refs/llmops/labels/a';

/** Removes an object from the repository, like a failing disk. */
function lose(repo: TemporaryRepository, object: string): void {
  rmSync(path.join(repo.root, '.git/objects', object.slice(0, 2), object.slice(2)));
}

/** A saved prompt with a label, with a second tag and a second label that refer to missing objects. */
async function createBroken() {
  const repo = createRepository();
  const first = repo.commit('One', { 'a.prompt': 'one\n', 'b.prompt': 'b\n' });
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  await versions.saves.save(file, { message: 'One', label: { label: 'production', why: '' } });
  repo.write(`.git/refs/tags/prompt/a/v2`, `${GONE}\n`);
  repo.write(`.git/${LABELS}/broken`, `${GONE}\n`);
  return { repo, file, first, versions };
}

it('leaves out a tag and a label on a missing object, lists them, and continues with all others', {
  timeout: 120_000,
}, async () => {
  const { repo, file, first, versions } = await createBroken();
  using _ = repo;
  expect(await versions.history.brokenRefs(file)).toEqual([
    {
      ref: `${LABELS}/broken`,
      kind: 'label',
      prompt: 'a',
      name: 'broken',
      object: GONE,
      message: 'broken of a points to the object 1234567890, which is missing from this repository.',
      hint: `Fetch it from a clone that has it, or remove the label here: git update-ref -d ${LABELS}/broken`,
    },
    expect.objectContaining({ kind: 'tag', name: 'v2', hint: expect.stringContaining('git tag -d prompt/a/v2') }),
  ]);
  expect(await versions.history.brokenRefs(path.join(repo.root, 'b.prompt'))).toEqual([]);
  expect((await versions.history.list(file)).versions).toMatchObject([
    { savedAs: [{ number: 1 }], labels: ['production'] },
  ]);
  expect((await versions.history.list(file, { scope: 'all' })).versions).toHaveLength(1);
  expect((await versions.labels.list()).map(({ label }) => label)).toEqual(['production']);
  expect((await versions.saves.tags()).get('a')).toMatchObject([{ number: 1 }]);
  expect((await versions.names.resolve('a@production')).commit).toBe(first);
  await expect(versions.names.resolve('a@v2')).rejects.toMatchObject({ code: 'unknown-version' });
  expect((await versions.history.read(first, file)).savedAs).toMatchObject([{ number: 1 }]);
  repo.write('a.prompt', 'two\n');
  expect((await versions.saves.save(file, { message: 'Two' })).tag).toMatchObject({ number: 3 });
  await expect(versions.labels.move(file, { label: 'broken', why: '', commit: first })).rejects.toThrow(
    `${LABELS}/broken points to the object 1234567890, which is missing from this repository.`,
  );
  // the suggested way out works
  repo.git('update-ref', '-d', `${LABELS}/broken`);
  repo.git('tag', '-d', 'prompt/a/v2');
  expect(await versions.history.brokenRefs(file)).toEqual([]);
  expect((await versions.labels.move(file, { label: 'broken', why: '', commit: first })).target).toBe(first);
});

it('finds a tag and a label whose own object exists but whose target is missing', async () => {
  using repo = createRepository();
  const file = repo.write('a.prompt', 'one\n');
  repo.commit('One');
  const versions = openVersions(repo);
  repo.git('checkout', '-q', '-b', 'side');
  repo.write('a.prompt', 'two\n');
  const { commit } = await versions.saves.save(file, { message: 'Two', label: { label: 'production', why: '' } });
  repo.git('checkout', '-q', 'main');
  repo.git('branch', '-q', '-D', 'side');
  lose(repo, commit);
  const fresh = openVersions(repo);
  expect((await fresh.history.brokenRefs(file)).map(({ kind, name, object }) => [kind, name, object])).toEqual([
    ['label', 'production', commit],
    ['tag', 'v1', expect.any(String)],
  ]);
  expect((await fresh.history.list(file)).versions).toHaveLength(1);
  expect((await fresh.saves.save(file, { message: 'x' })).tag.number).toBe(2);
});

it('distinguishes a version with missing text from one without the prompt', async () => {
  using repo = createRepository();
  repo.commit('Zero', { 'b.prompt': 'b\n' });
  repo.commit('One', { 'a.prompt': 'one\n' });
  repo.commit('Two', { 'a.prompt': 'two\n' });
  repo.commit('Three', { 'a.prompt': 'three\n' });
  const blob = repo.git('rev-parse', 'HEAD~1:a.prompt');
  lose(repo, blob);
  const versions = openVersions(repo);
  const two = repo.git('rev-parse', '--short=10', 'HEAD~1');
  await expect(versions.names.resolve('a@HEAD~1')).rejects.toMatchObject({
    code: 'git',
    message: `a.prompt is in the version ${two} as the object ${blob.slice(0, 10)}, which is missing from this repository.`,
  });
  await expect(versions.names.resolve('a@HEAD~3')).rejects.toMatchObject({ code: 'not-in-version' });
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('three\n');
});

it('plans a push without broken refs, and reports what is not sent', async () => {
  const { repo, versions } = await createBroken();
  using _ = repo;
  using remote = createRepository({ bare: true });
  repo.git('remote', 'add', 'origin', remote.root);
  const plan = await versions.sync.planPush();
  expect(plan.items.map(({ ref }) => ref)).toEqual(['refs/tags/prompt/a/v1', `${LABELS}/production`]);
  expect(plan.notices).toEqual([
    expect.stringMatching(/^Not sent: broken of a points to the object .* git update-ref -d/),
    expect.stringMatching(/^Not sent: v2 of a points to the object .* git tag -d prompt\/a\/v2$/),
  ]);
});

it('shows git’s own reason if an object of a partial clone cannot be fetched', async () => {
  using origin = createRepository({ folder: 'origin' });
  origin.git('config', 'uploadpack.allowFilter', 'true');
  origin.commit('One', { 'a.prompt': 'one\n' });
  origin.commit('Two', { 'a.prompt': 'two\n' });
  using clone = createRepository();
  const from = `file://${origin.root}`;
  rmSync(clone.root, { recursive: true });
  execFileSync('git', ['clone', '-q', '--filter=blob:none', from, clone.root], { env: clone.env });
  const file = path.join(clone.root, 'a.prompt');
  expect((await openVersions(clone).names.resolve('a@HEAD~1')).content.source).toBe('one\n');
  using offline = createRepository();
  rmSync(offline.root, { recursive: true });
  execFileSync('git', ['clone', '-q', '--filter=blob:none', from, offline.root], { env: offline.env });
  renameSync(origin.root, `${origin.root}-away`);
  const versions = openVersions(offline);
  const other = path.join(offline.root, path.basename(file));
  for (const attempt of [() => versions.names.resolve('a@HEAD~1'), () => versions.history.read('HEAD~1', other)]) {
    await expect(attempt()).rejects.toMatchObject({
      code: 'remote',
      message: expect.stringMatching(
        /^This is a partial clone, and the object \w{10} could not be fetched: '.*origin' does not appear to be a git repository Could not read from remote repository\./,
      ),
    });
  }
  // existing objects are read anyway
  expect((await versions.names.resolve('a@HEAD')).content.source).toBe('two\n');
  expect(readdirSync(offline.root)).toContain('a.prompt');
});

it('shows a version with missing text as a row of its own', async () => {
  using repo = createRepository();
  const file = path.join(repo.root, 'a.prompt');
  const versions = openVersions(repo);
  repo.commit('One', { 'a.prompt': 'one\n' });
  const second = repo.commit('Two', { 'a.prompt': 'two\n' });
  await versions.saves.save(file, { message: 'Two' });
  const third = repo.commit('Three', { 'a.prompt': 'three\n' });
  const blobs = [second, third].map((commit) => repo.git('rev-parse', `${commit}:a.prompt`).trim());
  repo.commit('Four', { 'a.prompt': 'four\n' });
  for (const blob of blobs) lose(repo, blob);
  const page = await openVersions(repo).history.list(file);
  expect(page.versions.map(({ subject }) => subject)).toEqual(['Four', 'One']);
  const row = { kind: 'version', prompt: 'a', hint: 'Fetch it from a clone that has it.' };
  expect(page.broken).toEqual([
    { ...row, ref: third, name: third.slice(0, 7), object: blobs[1], message: expect.stringContaining('a.prompt in') },
    {
      ...row,
      ref: second,
      name: 'v1',
      object: blobs[0],
      message: expect.stringContaining(blobs[0]?.slice(0, 10) ?? ''),
    },
  ]);
  const first = await openVersions(repo).history.list(file, { limit: 1 });
  expect(first.broken).toHaveLength(2);
  const cursor = first.next ?? '';
  expect((await openVersions(repo).history.list(file, { limit: 1, cursor })).broken).toEqual([]);
});
