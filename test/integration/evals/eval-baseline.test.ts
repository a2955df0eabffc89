import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel, rowsOf } from './eval-folder.ts';

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];

function createRepository(evaluation: string) {
  const folder = createEvalFolder({
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(10),
    'quality.eval.yaml': evaluation,
    '.gitignore': '.llmops/\n',
  });
  const git = (...args: string[]) => {
    return execFileSync('git', [...IDENTITY, ...args], { cwd: folder.folder, encoding: 'utf8' }).trim();
  };
  git('init', '-q', '-b', 'main', '.');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('tag', 'before');
  return { folder, git, file: path.join(folder.folder, 'quality.eval.yaml') };
}

const REST = 'dataset: cases.jsonl\nmetrics: [equals]\n';

it('compares the working copy with a revision on the same cases and models', async () => {
  const { folder, file } = createRepository(
    `prompts: [ask.prompt]\n${REST}gates: [{ metric: equals, margin: 0.1 }]\nbaseline: before\n`,
  );
  await using _ = folder;
  folder.write('ask.prompt', ASK.replace('{{question}}', '{{question}}!'));
  const workbench = folder.open({ env: { ...process.env } });

  const { record } = await evaluate(workbench, file);

  expect(record.columns).toMatchObject([
    { prompt: 'ask', version: undefined, model: 'demo/echo', isBaseline: false, baselineColumn: 1 },
    { prompt: 'ask', version: { label: expect.any(String) }, model: 'demo/echo', isBaseline: true },
  ]);
  expect(record.summary).toMatchObject({
    metrics: [
      { column: 0, mean: 0, baseline: { mean: 1, difference: -1, verdict: 'worse', n: 10 } },
      { column: 1, mean: 1, baseline: undefined },
    ],
    gates: [
      {
        gate: 'equals: margin 0.1',
        passed: false,
        reason: expect.stringContaining('from 100% to 0% (p 0.002); it may be worse by at most 10 points'),
      },
    ],
  });
  await expect(evaluate(workbench, file, { baseline: { ref: 'nowhere' } })).rejects.toMatchObject({
    code: 'unknown-version',
  });
});

it('uses the listed version as the baseline, and shows no change where there is none', async () => {
  const { folder, file } = createRepository(`prompts: [ask@before, ask.prompt]\n${REST}baseline: before\n`);
  await using _ = folder;
  folder.write(
    'cases.jsonl',
    rowsOf(10, (index) => ({ id: `c${index}`, question: 'q', expected: index < 5 ? 'q' : 'x' })),
  );
  const workbench = folder.open({ env: { ...process.env } });

  const { record } = await evaluate(workbench, file);

  expect(record.columns).toMatchObject([{ isBaseline: true }, { isBaseline: false, baselineColumn: 0 }]);
  expect(record.summary?.metrics[1]).toMatchObject({
    mean: 0.5,
    baseline: { difference: 0, verdict: 'no-change-shown', smallestDetectable: undefined },
  });
  // equal requests: the second column costs nothing
  expect(record.counts).toMatchObject({ cells: 20 });
});

it('compares costs by what answers cost when they were made, not by which of them were reused', async () => {
  await using server = await startChatServer();
  const metrics = 'metrics: [costUsd]\ndataset: cases.jsonl\n';
  const models = 'models: [{ model: local/m, config: { maxOutputTokens: 50 } }]\n';
  await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(10) });
  const file = folder.write('a.eval.yaml', `prompts: [ask.prompt]\n${models}${metrics}`);
  const workbench = folder.open();
  const { record: paid } = await evaluate(workbench, file);

  const { record } = await evaluate(workbench, file, { baseline: { result: paid.id } });

  const cost = paid.summary?.metrics[0]?.mean ?? Number.NaN;
  expect(cost).toBeGreaterThan(0);
  expect(record.counts).toMatchObject({ cached: 10 });
  expect(record.summary?.metrics).toMatchObject([
    { metric: 'costUsd', mean: 0, baseline: { mean: cost, difference: 0, verdict: 'no-change-shown' } },
  ]);
});

it('is scored again after its prompt was deleted, with the version at the revision', async () => {
  const { folder, git, file } = createRepository(`prompts: [ask.prompt]\n${REST}baseline: before\n`);
  await using _ = folder;
  const workbench = folder.open({ env: { ...process.env } });
  const { record: first } = await evaluate(workbench, file);
  git('rm', '-qf', 'ask.prompt');
  git('commit', '-qm', 'remove');
  folder.write('quality.eval.yaml', `prompts: [ask.prompt]\n${REST.replace('[equals]', '[equals, wordCount]')}`);

  const { record: scored } = await endOf(await workbench.evals.rescore(first.id));
  const { record: again } = await endOf(await workbench.evals.rerun(first.id, { cases: [0] }));

  expect(scored).toMatchObject({ state: 'done', error: undefined, counts: { passed: 20 } });
  expect(scored.metrics.map(({ name }) => name)).toEqual(['equals', 'wordCount']);
  expect(again).toMatchObject({ state: 'done', error: undefined, counts: { passed: 20, errors: 0 } });
});
