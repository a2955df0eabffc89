import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ASK, createEvalFolder, type EvalFolder, evaluate, rowsOf } from './eval-folder.ts';

const FILE = 'name: quality\nprompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals, wordCount]\n';

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function createRepository(): EvalFolder {
  const folder = createEvalFolder({
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(8),
    'quality.eval.yaml': FILE,
    '.gitignore': '.llmops/\n',
  });
  git(folder.folder, 'init', '-q', '-b', 'main', '.');
  git(folder.folder, 'add', '.');
  git(folder.folder, 'commit', '-qm', 'one');
  return folder;
}

it('is noted for committed contents without any text, and travels by push and fetch', async () => {
  await using folder = createRepository();
  const workbench = folder.open({ env: { ...process.env } });
  const prompt = path.join(folder.folder, 'ask.prompt');
  const { record } = await evaluate(workbench, path.join(folder.folder, 'quality.eval.yaml'));
  const content = record.columns[0]?.contentHash ?? '';

  expect(await workbench.versions.results.note(prompt)).toBe(1);
  expect(await workbench.versions.results.note(prompt)).toBe(0);

  const lines = git(folder.folder, 'notes', '--ref=llmops', 'show', git(folder.folder, 'rev-parse', 'HEAD:ask.prompt'));
  expect(JSON.parse(lines)).toMatchObject({
    v: 1,
    content,
    evaluation: 'quality',
    by: expect.any(String),
    cases: 8,
    repeats: 1,
    models: [
      {
        model: 'demo/echo',
        simulated: true,
        score: 1,
        metrics: [
          { metric: 'equals', direction: 'higher', mean: 1, n: 8, change: null },
          { metric: 'wordCount', mean: 2 },
        ],
      },
    ],
  });
  expect(lines).not.toContain('Question');
  // runs are counted by a record of their own
  expect((await workbench.versions.results.read([content])).size).toBe(0);

  const clone = mkdtempSync(path.join(tmpdir(), 'llmops-clone-'));
  git(tmpdir(), 'clone', '-q', folder.folder, clone);
  git(clone, 'fetch', '-q', 'origin', 'refs/notes/llmops:refs/notes/llmops');
  const other = folder.open({ folder: clone, env: { ...process.env } });
  const found = await other.versions.results.readEvaluations([content]);
  expect(found.get(content)).toMatchObject([{ evaluation: 'quality', models: [{ model: 'demo/echo', score: 1 }] }]);
  await other.dispose();
  rmSync(clone, { recursive: true, force: true });
});

it('waits in the database while its prompt is a draft, and the newest result counts', async () => {
  await using folder = createRepository();
  const workbench = folder.open({ env: { ...process.env } });
  const prompt = folder.write('ask.prompt', ASK.replace('{{question}}', '{{question}}!'));
  const file = path.join(folder.folder, 'quality.eval.yaml');
  const { record } = await evaluate(workbench, file);
  const content = record.columns[0]?.contentHash ?? '';

  expect(await workbench.versions.results.note(prompt)).toBe(0);
  expect((await workbench.versions.results.readEvaluations([content])).get(content)).toMatchObject([
    { models: [{ score: 0 }] },
  ]);
  git(folder.folder, 'commit', '-qam', 'two');
  expect(await workbench.versions.results.note(prompt)).toBe(1);
  folder.write(
    'cases.jsonl',
    rowsOf(8, (index) => ({ id: `c${index}`, question: 'Q', expected: 'Q!' })),
  );
  await evaluate(workbench, file);
  expect(await workbench.versions.results.note(prompt)).toBe(1);
  expect((await workbench.versions.results.readEvaluations([content])).get(content)).toMatchObject([
    { evaluation: 'quality', models: [{ score: 1 }] },
  ]);
  const blob = git(folder.folder, 'rev-parse', 'HEAD:ask.prompt');
  expect(git(folder.folder, 'notes', '--ref=llmops', 'show', blob).split('\n')).toHaveLength(1);
});

it('is that of the prompt in the folder as long as its text is the same, also for a colleague without a database', async () => {
  await using folder = createRepository();
  const workbench = folder.open({ env: { ...process.env } });
  const prompt = path.join(folder.folder, 'ask.prompt');
  const other = folder.write('other.prompt', 'Hello.\n');
  const scores = async (withStore = true) => {
    const found = await workbench.versions.results.readWorkingEvaluations([prompt, other], { withStore });
    return [...found].map(([file, notes]) => [path.basename(file), notes[0]?.models[0]?.score]);
  };
  expect(await scores()).toEqual([]);
  await evaluate(workbench, path.join(folder.folder, 'quality.eval.yaml'));
  expect(await scores()).toEqual([['ask.prompt', 1]]);
  expect(await scores(false)).toEqual([]);
  await workbench.versions.results.note(prompt);
  expect(await scores(false)).toEqual([['ask.prompt', 1]]);
  folder.write('ask.prompt', ASK.replace('{{question}}', '{{question}}?'));
  expect(await scores()).toEqual([]);
  folder.write('ask.prompt', ASK);
  expect(await scores()).toEqual([['ask.prompt', 1]]);
});

it('is kept beside those of a colleague for the same content, whoever pushes first', async () => {
  await using folder = createRepository();
  const remote = mkdtempSync(path.join(tmpdir(), 'llmops-remote-'));
  git(tmpdir(), 'clone', '-q', '--bare', folder.folder, remote);
  const clones = ['Ada', 'Ben'].map((name) => {
    const clone = mkdtempSync(path.join(tmpdir(), 'llmops-clone-'));
    git(tmpdir(), 'clone', '-q', remote, clone);
    git(clone, 'config', 'user.name', name);
    git(clone, 'config', 'user.email', `${name.toLowerCase()}@example.org`);
    // both measure the same prompt, by another metric of their own
    const metric = name === 'Ada' ? 'wordCount' : 'levenshtein';
    writeFileSync(
      path.join(clone, 'quality.eval.yaml'),
      FILE.replace('name: quality', `name: ${name}`).replace('wordCount', metric),
    );
    return { clone, workbench: folder.open({ folder: clone, env: { ...process.env } }) };
  });
  let content = '';
  for (const { clone, workbench } of clones) {
    const { record } = await evaluate(workbench, path.join(clone, 'quality.eval.yaml'));
    content = record.columns[0]?.contentHash ?? '';
    expect(await workbench.versions.results.note(path.join(clone, 'ask.prompt'))).toBe(1);
  }
  const [ada, ben] = clones.map(({ workbench }) => workbench);
  await ada?.versions.sync.push(await ada.versions.sync.planPush());
  // Ben has to take Ada's over before his are accepted
  expect(await ben?.versions.sync.fetch()).toMatchObject({ resultsAdded: 1, conflicts: [] });
  await ben?.versions.sync.push(await ben.versions.sync.planPush());
  expect(await ada?.versions.sync.fetch()).toMatchObject({ resultsAdded: 1, conflicts: [] });

  for (const { clone, workbench } of clones) {
    const found = (await workbench.versions.results.readEvaluations([content])).get(content) ?? [];
    expect(
      found.map(({ evaluation, models }) => [evaluation, models[0]?.metrics.map(({ metric }) => metric)]).sort(),
    ).toEqual([
      ['Ada', ['equals', 'wordCount']],
      ['Ben', ['equals', 'levenshtein']],
    ]);
    const blob = git(clone, 'rev-parse', 'HEAD:ask.prompt');
    expect(git(clone, 'notes', '--ref=llmops', 'show', blob).split('\n')).toHaveLength(2);
    // a later result replaces one's own record only
    await evaluate(workbench, path.join(clone, 'quality.eval.yaml'));
    await workbench.versions.results.note(path.join(clone, 'ask.prompt'));
    expect(git(clone, 'notes', '--ref=llmops', 'show', blob).split('\n')).toHaveLength(2);
  }
  for (const { clone, workbench } of clones) {
    await workbench.dispose();
    rmSync(clone, { recursive: true, force: true, maxRetries: 3 });
  }
  rmSync(remote, { recursive: true, force: true });
});
