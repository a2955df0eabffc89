import { expect, it } from 'vitest';
import { pairColumns } from '../../../src/core/store/evals/compare/pair-columns.ts';
import type { EvalColumn } from '../../../src/core/store/evals/eval-record.ts';
import { makeColumn } from '../../integration/store/evals/make-result.ts';

const column = (changes: Partial<EvalColumn> = {}) => makeColumn({ baselineColumn: undefined, ...changes });
const [small, large] = [column({ model: 'a/small' }), column({ model: 'a/large' })];
const other = column({ prompt: 'triage', promptPath: 'prompts/triage.prompt', model: 'a/small' });
const version = (label: string) => ({ version: { label, commit: label } });

it('a column is compared with that of the same prompt on the same model, whatever the version', () => {
  expect(pairColumns([large, small], [small, large, other])).toEqual([1, 0]);
  expect(pairColumns([{ ...small, ...version('v9') }], [{ ...small, ...version('v8') }, large])).toEqual([0]);
});

it('among several of them, parameters decide, then the version', () => {
  const cold = { ...small, parameters: { temperature: 0 } };
  expect(pairColumns([cold, small], [small, cold])).toEqual([1, 0]);
  const versions = [version('v1'), version('v2')].map((of) => ({ ...small, ...of }));
  expect(pairColumns([versions[1]!], versions)).toEqual([1]);
  expect(pairColumns([{ ...small, ...version('v3') }], versions)).toEqual([undefined]);
});

it('without such a model it is the only one of the prompt, and else the only one at all', () => {
  expect(pairColumns([large], [small, other])).toEqual([0]);
  expect(pairColumns([large], [other])).toEqual([0]);
  expect(pairColumns([{ ...large, model: 'b/new' }], [small, large])).toEqual([undefined]);
  expect(pairColumns([large], [])).toEqual([undefined]);
});

it('a target is found by its name', () => {
  const target = (prompt: string) => column({ prompt, promptPath: undefined, model: undefined, version: undefined });
  expect(pairColumns([target('app')], [target('old app'), target('app')])).toEqual([1]);
});

it('baselines are compared with nothing, and are what others are compared with only if there is nothing else', () => {
  const baseline = { ...small, isBaseline: true };
  expect(pairColumns([baseline, small], [baseline, { ...small, ...version('v1') }])).toEqual([undefined, 1]);
  expect(pairColumns([small], [baseline])).toEqual([0]);
});
