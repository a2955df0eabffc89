import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { FILE, readResult, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const evaluate = (...args: string[]) => llmops(['eval', ...args], { cwd: workspace.folder });
async function run(metrics: string, more: Parameters<typeof writeEvaluation>[1] = {}): Promise<string> {
  writeEvaluation(workspace, { metrics, ...more });
  return readResult((await evaluate(FILE, '--json')).stdout).id;
}

it('names the metrics that have changed or that only one of two results has', async () => {
  const a = await run('[equals, { metric: contains, value: Gold }, wordCount]');
  const b = await run('[equals, { metric: contains, value: Basic }, rougeL]');
  const all = await evaluate('compare', a, b);
  expect(all.code).toBe(0);
  expect(all.stdout).toContain('Mean equals of ');
  expect(all.stderr).toMatch(
    /^Not compared: contains has changed in between\. Only the first one has wordCount\. Only the second one has rougeL\. llmops eval --rescore /,
  );
  expect((await evaluate('compare', a, b, '--metric', 'equals')).stderr).toBe('');
  const changed = await evaluate('compare', a, b, '--metric', 'contains');
  expect(changed).toMatchObject({ code: 2, stdout: '' });
  expect(changed.stderr).toContain('The metric contains has changed between the two results');
  expect((await evaluate('compare', a, b, '--metric', 'rougeL')).stderr).toContain('Only the second result has');
  expect((await evaluate('compare', a, b, '--metric', 'bleu')).stderr).toContain('Both have equals.');
});

it('says what two results that cannot be compared lack', async () => {
  const a = await run('[wordCount]');
  const b = await run('[rougeL]');
  const other = await run('[rougeL]', { cases: [{ id: 'x', plan: 'Gold', expected: 'y' }] });
  const changed = await run('[rougeL]', { cases: [{ id: 'x', plan: 'Gold', expected: 'z' }] });
  const metrics = await evaluate('compare', a, b);
  expect(metrics).toMatchObject({ code: 2, stdout: '' });
  expect(metrics.stderr).toContain('have no metric in common. Only the first one has wordCount. Only the second one');
  expect((await evaluate('compare', a, b, '--metric', 'bleu')).stderr).toContain('They have none in common.');
  expect((await evaluate('compare', b, other)).stderr).toMatch(/ have no case in common\.\n/);
  expect((await evaluate('compare', other, changed)).stderr).toContain(
    'have no case in common. The rows of 1 case with the same id differ.',
  );
});

it('shows a failure by its row if it has no ID, with its threshold and all of its reason', async () => {
  const long = 'It is not what was asked for. '.repeat(9);
  workspace.write(
    'evals/own.mjs',
    `export default () => ({ value: 0, reason: ${JSON.stringify(`${long}Ask again.`)} });\n`,
  );
  await run('[{ metric: rougeL, threshold: 0.9 }, { metric: javascript, name: own, file: own.mjs, threshold: 0.5 }]', {
    cases: [
      { id: 'written', plan: 'Gold', expected: 'The plan' },
      { plan: 'Silver', expected: 'The plan' },
    ],
  });
  const { stdout } = await evaluate('show');
  const [first, second] = stdout.split('\n').filter((line) => line.startsWith('✗'));
  expect(first).toMatch(
    /^✗ written · plan · demo\/echo: rougeL 0\.667 \(at least 0\.9 passes\), own 0 \(at least 0\.5 /,
  );
  expect(first).toMatch(/ passes; It is not what was asked for\. .* Ask again\.\)$/);
  expect(second).toMatch(/^✗ row 2 of \.\.\/data\/plans\.jsonl · plan Silver · plan · demo\/echo: rougeL /);
});

it('says that a metric which was changed is not used by a resume', async () => {
  const id = await run('[{ metric: wordCount, threshold: 3 }]');
  const database = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'));
  database.prepare(`UPDATE evaluations SET state = 'stopped'`).run();
  database.close();
  writeEvaluation(workspace, { metrics: '[{ metric: wordCount, threshold: 9 }]' });
  const { code, stdout, stderr } = await evaluate(FILE, '--resume', id, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('--rescore applies the new ones.') });
  expect(readResult(stdout)).toMatchObject({ id, state: 'done', metrics: [{ metric: 'wordCount' }] });
});

it('says of a metric of other tools that it is not there yet', async () => {
  writeEvaluation(workspace, { metrics: '[faithfulness]' });
  const { code, stdout, stderr } = await evaluate(FILE);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('unknown metric "faithfulness". Metrics that need a model are not available yet.');
});

it('names a mistake in the prices, and a mapped column once', async () => {
  workspace.write('llmops/connections.yaml', 'local: { type: openai-compatible, baseUrl: "http://127.0.0.1:9" }\n');
  workspace.write('llmops/prices.yaml', 'local/*: { input: 2, outputUsd: 8 }\n');
  writeEvaluation(workspace, { model: 'local/paid' });
  const priced = await evaluate(FILE, '--max-cost', '1');
  expect(priced.code).toBe(2);
  expect(priced.stderr).toMatch(/The price of local\/paid is unknown.*\n.*prices\.yaml: .*input/);
  workspace.write(
    FILE,
    'prompts: [../prompts/plan.prompt]\ndataset: { path: ../data/plans.jsonl, columns: { inputs: { plan: p } } }\nmetrics: [wordCount]\n',
  );
  const mapped = await evaluate(FILE);
  expect(mapped.code).toBe(2);
  expect(mapped.stderr).toContain('../data/plans.jsonl: no row has the column `p`.');
  expect(mapped.stderr).not.toContain('row 1');
});
