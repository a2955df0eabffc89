import { expect, test } from 'vitest';
import type { EvalSpec, TargetSpec } from '../../../src/core/evals/file/eval-spec.ts';
import type { ColumnSource } from '../../../src/core/evals/plan/column-source.ts';
import { filesOfPlan } from '../../../src/core/evals/plan/files-of-plan.ts';

const metric = (id: string, parameters: Record<string, string>) => ({ id, parameters });
const target = (command: string[]): TargetSpec => ({ name: 'app', timeoutMs: 1, command, folder: '/work', env: {} });

function filesOf(spec: object, sources: object[] = []) {
  const whole = { path: '/work/a.eval.yaml', datasets: [], metrics: [], targets: [], ...spec } as unknown as EvalSpec;
  return filesOfPlan({ spec: whole, stored: { spec: whole, cases: undefined, sources: sources as ColumnSource[] } });
}

test('the evaluation, its datasets and prompts of the working copy with their partials are sources', () => {
  const prompt = { kind: 'prompt', file: '/work/p.prompt', files: { '/work/_tone.prompt': '' } };
  const { texts } = filesOf({ datasets: [{ file: '/work/d.jsonl' }, { rows: [] }] }, [
    { ...prompt, revision: undefined },
    { ...prompt, file: '/work/old.prompt', revision: 'abc' },
  ]);
  expect(texts).toEqual(['/work/a.eval.yaml', '/work/d.jsonl', '/work/p.prompt', '/work/_tone.prompt']);
});

test('the code of metrics is a program, other metrics have no files', () => {
  const metrics = [metric('python', { file: 'checks/tone.py' }), metric('regex', { file: 'x.py' })];
  expect(filesOf({ metrics }).programs).toEqual(['/work/checks/tone.py']);
});

test('a command depends on its program, not on files that it may write', () => {
  const targets = [
    target(['python', 'app.py', '--log', 'app.log', '--state', 'state.json']),
    target(['./run']),
    target(['node', '--flag', 'lib/app.mjs']),
    { name: 'server', timeoutMs: 1, http: { url: 'http://localhost/app.py', method: 'POST' } },
  ];
  expect(filesOf({ targets }).programs).toEqual(['/work/app.py', '/work/run', '/work/lib/app.mjs']);
});
