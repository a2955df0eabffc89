import { expect, it } from 'vitest';
import { createWorkspace, llmops } from './cli.ts';
import { createRepository } from './repository.ts';

it('check reports problems of connections and prices with their places, and each problem once', async () => {
  using workspace = createWorkspace();
  workspace.write('llmops/connections.yaml', 'own:\n  type: opnai\n  bseUrl: https://llm.example.com/v1\n');
  workspace.write('llmops/prices.yaml', 'own/x:\n  inputUsd: cheap\n');
  const { stdout, stderr, code } = await llmops(['check', 'llmops'], { cwd: workspace.folder });
  expect(stdout).toBe(
    [
      'llmops/connections.yaml:2:9  error  own: unknown type "opnai". Did you mean openai?  connection-file',
      'llmops/connections.yaml:3:3  warning  own: unknown field "bseUrl". Did you mean baseUrl?  connection-file',
      'llmops/prices.yaml:2:13  error  "own/x": "inputUsd" must be a number, 0 or more.  price-file',
      'llmops/connections.yaml and llmops/prices.yaml checked: 2 errors, 1 warning.\n',
    ].join('\n'),
  );
  expect(stderr).toBe('');
  expect(code).toBe(1);
});

it('check warns about missing fields of a connection, since the settings of the editor may have them', async () => {
  using workspace = createWorkspace();
  workspace.write('llmops/connections.yaml', 'own:\n  type: azure-openai\n');
  const { stdout, code } = await llmops(['check', 'llmops'], { cwd: workspace.folder });
  expect(stdout).toContain('warning  own: a connection of type azure-openai needs a "baseUrl".  connection-file\n');
  expect(code).toBe(0);
});

it('check reports problems of evaluations in any folder, and passes one without problems', async () => {
  using workspace = createWorkspace();
  workspace.write('evals/deep/a.csv', 'q\nx\n');
  const good = 'prompts: [a]\ndataset: a.csv\nmetrics: [schemaValid, { metric: equals, path: risk_level }]\n';
  workspace.write('evals/deep/good.eval.yaml', good);
  workspace.write('evals/other.eval.yaml', 'prompts: [b.prompt]\ndataset: [deep/a.csv, b.csv]\n');
  workspace.write('evals/bad.eval.yaml', 'prompts: [a]\ndataset: a.csv\nmetrics: [rogueL]\nrepeats: 0\n');
  const { stdout, code } = await llmops(['check', 'evals'], { cwd: workspace.folder });
  expect(stdout).toBe(
    [
      'evals/bad.eval.yaml:3:11  error  metrics: unknown metric "rogueL". Did you mean rougeL?  unknown-metric',
      'evals/bad.eval.yaml:4:10  error  "repeats" must be an integer from 1 to 1000.  evaluation-file',
      'evals/other.eval.yaml:1:11  warning  prompts: the prompt b.prompt does not exist. Paths are relative to this file.  missing-file',
      'evals/other.eval.yaml:2:23  warning  dataset: the dataset b.csv does not exist. Paths are relative to this file.  missing-file',
      '3 evaluations checked: 2 errors, 2 warnings.\n',
    ].join('\n'),
  );
  expect(code).toBe(1);
  const one = await llmops(['check', 'evals/deep/good.eval.yaml'], { cwd: workspace.folder });
  expect(one.stdout).toBe('1 evaluation checked: no problems.\n');
  expect(one.code).toBe(0);
});

it('check warns about prompts, versions and models of an evaluation that do not exist, as the editor does', async () => {
  using repository = createRepository();
  repository.write(
    'names.eval.yaml',
    'prompts:\n  - chrun\n  - churn@v99\n  - churn\nmodels:\n  - demo/swfit\n  - nowhere/x\n  - demo/echo\nrows: [{ id: a }]\nbaseline: gold\n',
  );
  const { stdout, code } = await repository.llmops('check', 'names.eval.yaml');
  const lines = stdout.trim().split('\n');
  const found = lines.map((line) =>
    /^names\.eval\.yaml:(\d+):\d+ {2}(\w+) .* {2}([\w-]+)$/.exec(line)?.slice(1, 4).join(' '),
  );
  expect(found.slice(0, -1)).toEqual([
    '2 warning unknown-prompt',
    '3 warning unknown-version',
    '10 warning unknown-version',
    '6 warning unknown-model',
    '7 warning unknown-connection',
  ]);
  expect(lines.at(-1)).toBe('1 evaluation checked: 5 warnings.');
  expect(code).toBe(0);
});

it('check refuses pass^k of a metric that never passes, and so does a run before its first request', async () => {
  using workspace = createWorkspace();
  workspace.write('a.prompt', '---\nmodel: demo/echo\n---\n{{q}}\n');
  workspace.write(
    'a.eval.yaml',
    'prompts: [a.prompt]\nrows: [{ q: x, expected: x }]\nmetrics: [rougeL]\nrepeats: 2\ngates:\n  - { metric: rougeL, pass^k: 0.9 }\n',
  );
  const cwd = workspace.folder;
  const checked = await llmops(['check', 'a.eval.yaml'], { cwd });
  expect(checked.stdout).toMatch(
    /^a\.eval\.yaml:6:\d+ {2}error {2}gates: "pass\^k" needs a metric that passes or fails\./,
  );
  expect(checked.code).toBe(1);
  const run = await llmops(['eval', 'a.eval.yaml'], { cwd });
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('a.eval.yaml:6: gates: "pass^k"') });
});
