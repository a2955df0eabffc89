import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { contentHash } from '../../../src/core/prompts/content-hash.ts';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import type { ContentSummary } from '../../../src/core/store/runs/run-record.ts';
import { openVersions } from '../../integration/versions/open-versions.ts';
import {
  createRepository,
  createResultStore,
  type TemporaryRepository,
} from '../../integration/versions/temporary-repository.ts';

const PROMPT = '---\nmodel: demo/a\n---\nSummarise {{text}}\n';
const HASH = contentHash(PROMPT, new Map());

function ran(done: number, changes: Partial<ContentSummary> = {}): ContentSummary {
  return { ...emptySummary(HASH), done, models: ['demo/a'], firstAt: 1000, lastAt: 2000, ...changes };
}

/** A remote with one saved prompt, and two clones of it. */
async function createClones(): Promise<
  Disposable & { remote: TemporaryRepository; ada: TemporaryRepository; ben: TemporaryRepository; file: string }
> {
  const remote = createRepository({ bare: true, folder: 'remote.git' });
  const ada = createRepository({ clone: remote.root });
  const file = ada.write('churn.prompt', PROMPT);
  await openVersions(ada).saves.save(file, { message: 'Begin', label: { label: 'production', why: 'first' } });
  ada.git('push', '-q', 'origin', 'main');
  const versions = openVersions(ada);
  await versions.sync.push(await versions.sync.planPush());
  const ben = createRepository({ clone: remote.root });
  ben.git('config', 'user.name', 'Ben');
  await openVersions(ben).sync.fetch();
  const dispose = () => {
    for (const repo of [remote, ada, ben]) repo[Symbol.dispose]();
  };
  return { remote, ada, ben, file, [Symbol.dispose]: dispose };
}

async function move(repo: TemporaryRepository, why: string): Promise<string> {
  const commit = repo.commit(why, { 'churn.prompt': `${PROMPT}${why}\n` });
  await openVersions(repo).labels.move(path.join(repo.root, 'churn.prompt'), { label: 'production', commit, why });
  return commit;
}

const PRODUCTION = 'refs/llmops/labels/churn/production';

it('shows what a push would send, sends it, and then has nothing left', async () => {
  using remote = createRepository({ bare: true, folder: 'remote.git' });
  using repo = createRepository({ clone: remote.root });
  const store = createResultStore([ran(3)]);
  const versions = openVersions(repo, { store });
  const file = repo.write('churn.prompt', PROMPT);
  await versions.saves.save(file, { message: 'Begin', label: { label: 'production', why: 'first' } });
  repo.git('tag', 'prompt/churn/v9');
  const plan = await versions.sync.planPush();
  expect(plan).toMatchObject({ remote: 'origin', url: remote.root, conflicts: [] });
  expect(plan.items.map(({ kind, description }) => [kind, description])).toEqual([
    ['tag', 'churn v1 (with 1 commit that origin may not have)'],
    ['label', 'churn: production → v1 (with 1 commit that origin may not have)'],
    ['results', '1 result'],
  ]);
  expect(remote.git('for-each-ref')).toBe('');
  const result = await versions.sync.push(plan);
  expect(result).toEqual({ sent: plan.items, rejected: [] });
  expect(remote.git('for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    PRODUCTION,
    'refs/notes/llmops',
    'refs/tags/prompt/churn/v1',
  ]);
  expect((await versions.sync.planPush()).items).toEqual([]);
});

it('fetches a colleague’s label, saved version and results', async () => {
  using clones = await createClones();
  const { ada, ben } = clones;
  const store = createResultStore([ran(4, { schema: { checked: 4, valid: 3 } })]);
  const versions = openVersions(ada, { store });
  await versions.saves.save(clones.file, { message: 'x', label: { label: 'staging', why: '' } });
  await versions.sync.push(await versions.sync.planPush());
  const theirs = openVersions(ben, { store: createResultStore([ran(2)]) });
  const fetched = await theirs.sync.fetch();
  expect(fetched).toMatchObject({
    remote: 'origin',
    labelsMoved: [{ prompt: 'churn', label: 'staging', from: undefined, by: { name: 'Ada Lovelace' } }],
    resultsAdded: 1,
    conflicts: [],
  });
  const results = (await theirs.results.read([HASH])).get(HASH);
  expect(results).toMatchObject({
    recorders: 2,
    pending: true,
    summary: { done: 6, schema: { checked: 4, valid: 3 } },
  });
  expect(await theirs.sync.fetch()).toMatchObject({ labelsMoved: [], tagsAdded: [], resultsAdded: 0 });
});

it('keeps results when moving, merging, rebasing and cherry-picking, since they belong to the content', async () => {
  using repo = createRepository();
  const store = createResultStore([ran(5)]);
  const file = repo.write('churn.prompt', PROMPT);
  await openVersions(repo, { store }).saves.save(file, { message: 'Begin' });
  repo.git('checkout', '-q', '--orphan', 'other');
  repo.git('rm', '-rqf', '.');
  repo.commit('elsewhere', { 'x.txt': 'x' });
  repo.git('cherry-pick', 'main');
  repo.git('mv', 'churn.prompt', 'moved.prompt');
  const moved = repo.commit('move');
  repo.git('merge', '-q', '--allow-unrelated-histories', '--no-edit', 'main');
  repo.git('checkout', '-q', '-b', 'rebased', moved);
  repo.git('rebase', '-q', '--onto', 'main', 'other~1');
  const blob = repo.git('rev-parse', `${moved}:moved.prompt`);
  expect(repo.git('notes', '--ref=llmops', 'show', blob)).toContain(`"content":"${HASH}"`);
  expect((await openVersions(repo).results.read([HASH])).get(HASH)?.summary.done).toBe(5);
});

it('reports a label that was moved on both sides, and resolves it with both histories kept', async () => {
  using clones = await createClones();
  const { ada, ben, remote } = clones;
  const mine = await move(ben, 'better for Ben');
  const theirs = await move(ada, 'better for Ada');
  await openVersions(ada).sync.push(await openVersions(ada).sync.planPush());
  const versions = openVersions(ben);
  const tip = ben.git('rev-parse', PRODUCTION);
  const { conflicts, labelsMoved } = await versions.sync.fetch();
  expect(labelsMoved).toEqual([]);
  expect(ben.git('rev-parse', PRODUCTION)).toBe(tip);
  expect(conflicts).toMatchObject([
    {
      ref: PRODUCTION,
      description: `churn: production is on ${mine.slice(0, 10)} here, on ${theirs.slice(0, 10)} there (Ada Lovelace)`,
    },
  ]);
  expect(await versions.sync.planPush()).toMatchObject({ conflicts, items: [] });
  const [conflict] = conflicts;
  if (!conflict) throw new Error('no conflict');
  await versions.sync.resolveConflict(conflict, 'mine');
  expect(ben.git('rev-parse', `${PRODUCTION}^3`)).toBe(mine);
  const subjects = ben.git('log', '--format=%(trailers:key=Why,valueonly,separator=)', PRODUCTION, '^main');
  expect(subjects).toContain('better for Ben');
  expect(subjects).toContain('better for Ada');
  await expect(versions.sync.resolveConflict(conflict, 'theirs')).rejects.toMatchObject({ code: 'label-moved' });
  const plan = await versions.sync.planPush();
  expect((await versions.sync.push(plan)).rejected).toEqual([]);
  expect(remote.git('rev-parse', PRODUCTION)).toBe(ben.git('rev-parse', PRODUCTION));
  expect((await openVersions(ada).sync.fetch()).labelsMoved).toMatchObject([
    { from: theirs, to: mine, by: { name: 'Ben' } },
  ]);
});

it('resolves in favor of the other side too, and both sides see a removed label', async () => {
  using clones = await createClones();
  const { ada, ben } = clones;
  const file = path.join(ben.root, 'churn.prompt');
  await move(ben, 'Ben');
  await openVersions(ada).labels.remove(clones.file, { label: 'production', why: 'withdrawn' });
  const plan = await openVersions(ada).sync.planPush();
  expect(plan.items.map(({ description }) => description)).toEqual(['churn: production removed']);
  await openVersions(ada).sync.push(plan);
  const versions = openVersions(ben);
  const { conflicts } = await versions.sync.fetch();
  expect(conflicts[0]?.description).toMatch(/is on [0-9a-f]{10} here, removed there \(Ada Lovelace\)$/);
  for (const conflict of conflicts) await versions.sync.resolveConflict(conflict, 'theirs');
  expect(await versions.labels.list()).toEqual([]);
  expect((await versions.labels.history(file, 'production')).map(({ why }) => why).sort()).toEqual(
    ['Ben', 'first', 'keeps the move of Ada Lovelace', 'withdrawn'].sort(),
  );
  await versions.sync.push(await versions.sync.planPush());
  expect(await openVersions(ada).sync.fetch()).toMatchObject({ conflicts: [], labelsMoved: [] });
  expect(await openVersions(ada).labels.list()).toEqual([]);
});

it('rejects a push with an older label, and keeps the remote’s', async () => {
  using clones = await createClones();
  const { ada, ben, remote } = clones;
  await move(ada, 'Ada');
  await openVersions(ada).sync.push(await openVersions(ada).sync.planPush());
  await move(ben, 'Ben');
  const versions = openVersions(ben);
  const { sent, rejected } = await versions.sync.push(await versions.sync.planPush());
  expect(sent).toEqual([]);
  expect(rejected).toMatchObject([{ item: { ref: PRODUCTION }, reason: expect.stringContaining('rejected') }]);
  expect(remote.git('rev-parse', PRODUCTION)).toBe(ada.git('rev-parse', PRODUCTION));
});

it('sends what the remote accepts, and shows why its hook rejected the rest', async () => {
  using clones = await createClones();
  const { ada, remote } = clones;
  const hook = path.join(remote.root, 'hooks/update');
  writeFileSync(
    hook,
    '#!/bin/sh\ncase $1 in *production) echo "only the release team moves production"; exit 1;; esac\n',
  );
  chmodSync(hook, 0o755);
  await move(ada, 'Ada');
  const versions = openVersions(ada, { store: createResultStore([ran(1)]) });
  await versions.saves.save(clones.file, { message: 'x', label: { label: 'staging', why: '' } });
  const { sent, rejected } = await versions.sync.push(await versions.sync.planPush());
  expect(sent.map(({ kind }) => kind)).toEqual(['tag', 'label']);
  expect(rejected).toHaveLength(1);
  expect(rejected[0]?.reason).toContain('only the release team moves production');
  expect((await versions.sync.planPush()).items.map(({ ref }) => ref)).toEqual([PRODUCTION]);
});

it('joins results that two clones noted on one prompt, and neither loses any', async () => {
  using clones = await createClones();
  const { ada, ben } = clones;
  const sides = [ada, ben].map((repo, index) => {
    const store = createResultStore([ran(index + 1)]);
    return { repo, versions: openVersions(repo, { store }) };
  });
  for (const { repo, versions } of sides) {
    const file = path.join(repo.root, 'churn.prompt');
    await versions.saves.save(file, { message: 'x', label: { label: 'noted', why: '' } });
  }
  const [first, second] = sides;
  if (!first || !second) throw new Error('two sides');
  await first.versions.sync.push(await first.versions.sync.planPush());
  expect(await second.versions.sync.fetch()).toMatchObject({ resultsAdded: 1 });
  const plan = await second.versions.sync.planPush();
  expect(plan.items.map(({ kind }) => kind)).toContain('results');
  await second.versions.sync.push(plan);
  await first.versions.sync.fetch();
  for (const { versions } of sides) {
    expect((await versions.results.read([HASH])).get(HASH)).toMatchObject({ recorders: 2, summary: { done: 3 } });
  }
});

it('keeps its own tag if someone created another one with that name', async () => {
  using clones = await createClones();
  const { ada, ben } = clones;
  for (const repo of [ada, ben]) {
    const file = repo.write('churn.prompt', `${PROMPT}${repo.root}\n`);
    await openVersions(repo).saves.save(file, { message: 'Second' });
  }
  await openVersions(ada).sync.push(await openVersions(ada).sync.planPush());
  const own = ben.git('rev-parse', 'prompt/churn/v2');
  const fetched = await openVersions(ben).sync.fetch();
  expect(fetched).toMatchObject({ tagsAdded: [], tagsClashing: ['prompt/churn/v2'] });
  expect(ben.git('rev-parse', 'prompt/churn/v2')).toBe(own);
});

it('does not fetch refs that only look like a label or a version', async () => {
  using clones = await createClones();
  const { remote, ben } = clones;
  remote.git('update-ref', 'refs/llmops/labels/churn/v3', 'main');
  remote.git('update-ref', 'refs/llmops/labels/churn/staging', 'main');
  remote.git('update-ref', 'refs/llmops/labels/a/b/c', 'main');
  remote.git('update-ref', 'refs/tags/prompt/churn/x', 'main');
  const fetched = await openVersions(ben).sync.fetch();
  expect(fetched).toMatchObject({ labelsMoved: [], tagsAdded: [] });
  expect(ben.git('for-each-ref', '--format=%(refname)', 'refs/llmops', 'refs/tags').split('\n')).toEqual([
    PRODUCTION,
    'refs/tags/prompt/churn/v1',
  ]);
});

it('shows no credentials, whatever fails', async () => {
  using repo = createRepository();
  repo.commit('start', { 'a.prompt': PROMPT });
  repo.git('remote', 'add', 'origin', 'http://ada:s3cret-token@127.0.0.1:9/x.git');
  const versions = openVersions(repo);
  const saved = await versions.saves.save(path.join(repo.root, 'a.prompt'), { message: 'x' });
  const plan = await versions.sync.planPush();
  expect(plan.url).toBe('http://127.0.0.1:9/x.git');
  for (const fail of [() => versions.sync.fetch(), () => versions.sync.push(plan)]) {
    const error = await fail().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'remote' });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain('s3cret');
  }
  expect(saved.tag.number).toBe(1);
});

it('lists the existing remotes if the named one does not exist', async () => {
  using repo = createRepository();
  repo.commit('start');
  await expect(openVersions(repo).sync.fetch()).rejects.toMatchObject({ code: 'remote', message: /It has none/ });
  repo.git('remote', 'add', 'up', repo.root);
  for (const name of ['--upload-pack=touch x', '/tmp', 'origin']) {
    await expect(openVersions(repo).sync.fetch(name)).rejects.toMatchObject({ code: 'remote' });
  }
  expect((await openVersions(repo).sync.fetch()).remote).toBe('up');
});

it('sends only the product’s own refs from a plan', async () => {
  using clones = await createClones();
  const { ada, remote } = clones;
  const commit = ada.commit('private', { 'secret.txt': 's' });
  const item = { kind: 'label' as const, description: '', expected: undefined };
  const items = [
    { ...item, ref: 'refs/heads/main', commit },
    { ...item, ref: PRODUCTION, commit: '+main' },
  ];
  const result = await openVersions(ada).sync.push({ remote: 'origin', url: '', items, conflicts: [], notices: [] });
  expect(result).toEqual({ sent: [], rejected: [] });
  expect(remote.git('log', '--all', '--format=%s')).not.toContain('private');
});

it('shows the output of a pre-push hook', async () => {
  using clones = await createClones();
  const { ada } = clones;
  await move(ada, 'Ada');
  const hook = ada.write('.git/hooks/pre-push', '#!/bin/sh\necho "run the tests first" >&2\nexit 1\n');
  chmodSync(hook, 0o755);
  const { sent, rejected } = await openVersions(ada).sync.push(await openVersions(ada).sync.planPush());
  expect(sent).toEqual([]);
  expect(rejected[0]?.reason).toContain('run the tests first');
});

it('notes new runs since the last save before it shows what would be sent', async () => {
  using clones = await createClones();
  const store = createResultStore([ran(2)], clones.file);
  const versions = openVersions(clones.ada, { store, now: () => 2000 });
  expect((await versions.sync.planPush()).items.map(({ description }) => description)).toEqual(['1 result']);
});

it('fetches the rest while one label is being written, and that one with the next fetch', async () => {
  using clones = await createClones();
  const { ada, ben } = clones;
  for (const label of ['first', 'second']) {
    await openVersions(ada).labels.move(clones.file, { label, commit: 'HEAD', why: '' });
  }
  await openVersions(ada).sync.push(await openVersions(ada).sync.planPush());
  const lock = ben.write('.git/refs/llmops/labels/churn/first.lock', '');
  const versions = openVersions(ben);
  expect((await versions.sync.fetch()).labelsMoved.map(({ label }) => label)).toEqual(['second']);
  rmSync(lock);
  expect((await versions.sync.fetch()).labelsMoved.map(({ label }) => label)).toEqual(['first']);
});

it('stops if the remote does not respond', async () => {
  using repo = createRepository();
  repo.commit('start');
  const ssh = repo.write('../bin/ssh', '#!/bin/sh\ntouch asked.txt\nexec sleep 60\n');
  chmodSync(ssh, 0o755);
  repo.git('remote', 'add', 'origin', 'ssh://git@host.invalid/x.git');
  const control = new AbortController();
  const versions = openVersions(repo, { env: { ...repo.env, GIT_SSH_COMMAND: ssh } });
  const ended = expect(versions.sync.fetch(undefined, control.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => existsSync(path.join(repo.root, 'asked.txt')), { timeout: 10_000 }).toBe(true);
  control.abort();
  await ended;
});

it('stops a fetch that is cancelled', async () => {
  using clones = await createClones();
  const control = new AbortController();
  const fetching = openVersions(clones.ben).sync.fetch(undefined, control.signal);
  control.abort();
  await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
});

it('reaches a remote with the user’s own ssh, which may not prompt', async () => {
  using repo = createRepository();
  repo.commit('start');
  const ssh = repo.write(
    '../bin/ssh',
    '#!/bin/sh\necho "$@" > asked.txt\necho "git@host: Permission denied (publickey)." >&2\nexit 255\n',
  );
  chmodSync(ssh, 0o755);
  repo.git('remote', 'add', 'origin', 'ssh://git@host.invalid/x.git');
  const env = { ...repo.env, GIT_SSH_COMMAND: `${ssh} -i key`, GIT_ASKPASS: 'echo' };
  const error = await openVersions(repo, { env })
    .sync.fetch()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'remote', message: expect.stringContaining('Permission denied (publickey)') });
  expect(repo.read('asked.txt')).toMatch(/^-i key -o BatchMode=yes .*git@host\.invalid/);
});

it('reports which ref a fetch could not move, and fetches the others', async () => {
  using remote = createRepository({ bare: true });
  using ada = createRepository();
  ada.git('remote', 'add', 'origin', remote.root);
  const file = ada.write('a.prompt', 'one\n');
  const versions = openVersions(ada);
  const { commit } = await versions.saves.save(file, { message: 'One', label: { label: 'production', why: '' } });
  await versions.labels.move(file, { label: 'staging', why: '', commit });
  ada.git('push', '-q', 'origin', 'main');
  await versions.sync.push(await versions.sync.planPush());
  using bob = createRepository({ clone: remote.root });
  bob.write('.git/refs/llmops/labels/a/production.lock', '');
  const fetched = await openVersions(bob).sync.fetch();
  expect(fetched.labelsMoved).toMatchObject([{ label: 'staging' }]);
  expect(fetched.notices).toEqual([
    expect.stringMatching(
      /^refs\/llmops\/labels\/a\/production was not changed: .*production\.lock, or a process that crashed/,
    ),
  ]);
});
