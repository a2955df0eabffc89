import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { FILE, readResult, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  workspace.write('evals/own.mjs', 'export function overlap() { return 0.5; }\n');
  workspace.write('evals/own.py', 'def overlap(case):\n    return 0.5\n');
});
afterEach(() => workspace[Symbol.dispose]());

const evaluate = (...args: string[]) => llmops(['eval', ...args], { cwd: workspace.folder });
const own = (id: string, file: string, name: string) =>
  writeEvaluation(workspace, { metrics: `[{ metric: ${id}, name: own, file: ${file}, function: ${name} }]` });
const list = async () => JSON.parse((await evaluate('list', '--json')).stdout) as unknown;

describe.each([
  ['javascript', 'own.mjs', 'it exports no function "three". Its exports: overlap.'],
  ['python', 'own.py', 'it has no function "three".'],
])('a metric in %s whose function does not exist', (id, file, reason) => {
  it('is found before the first request', async () => {
    own(id, file, 'three');
    const { code, stdout, stderr } = await evaluate(FILE);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`plan.eval.yaml: metric own: ${file} cannot be used as a metric: TypeError: ${reason}`);
    expect(await list()).toEqual([]);
  });

  it('leaves a result as it was when it is scored again', async () => {
    own(id, file, 'overlap');
    const done = readResult((await evaluate(FILE, '--json')).stdout);
    expect(done).toMatchObject({ state: 'done', metrics: [{ mean: 0.5 }] });
    own(id, file, 'three');
    const { code, stdout, stderr } = await evaluate(FILE, '--rescore');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
    const shown = readResult((await evaluate('show', '--json')).stdout);
    expect(shown).toEqual(done);
  });
});

it('a result with all answers is done after it is scored again, whatever ended it', async () => {
  own('javascript', 'own.mjs', 'overlap');
  await evaluate(FILE);
  const database = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'));
  const error = JSON.stringify({ code: 'invalid-evaluation', message: 'of an earlier attempt' });
  database.prepare(`UPDATE evaluations SET state = 'failed', error = ?`).run(error);
  database.close();
  const { code, stdout, stderr } = await evaluate(FILE, '--rescore', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readResult(stdout)).toMatchObject({ state: 'done', metrics: [{ mean: 0.5 }] });
});

it('a program that cannot answer is an error of each case at once, with its reason once', async () => {
  workspace.write('data/plans.jsonl', '{"id":"a","q":"x"}\n{"id":"b","q":"y"}\n{"id":"c","q":"z"}\n');
  const log = path.join(workspace.folder, 'calls');
  workspace.write(
    'evals/app.mjs',
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(log)}, 'called\\n');\nprocess.exit(2);\n`,
  );
  const target = `targets: [{ name: script, command: [${process.execPath}, app.mjs] }]`;
  workspace.write(FILE, `${target}\ndataset: ../data/plans.jsonl\nmetrics: [wordCount]\n`);
  const { code, stdout, stderr } = await evaluate(FILE, '--json');
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  const { state, totals, cases } = readResult(stdout);
  expect({ state, totals }).toMatchObject({ state: 'done', totals: { errors: 3 } });
  expect(cases.map(({ cells: [cell] }) => cell?.error?.message)).toEqual(
    Array(3).fill('script ended with exit code 2.'),
  );
  // nothing was repeated
  expect(readFileSync(log, 'utf8')).toBe('called\n'.repeat(3));
});
