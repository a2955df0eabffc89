import { expect, test } from 'vitest';
import { columnHeads, columnLabels } from '../../../../webview/evaluation/column-heads.ts';
import { column } from './result.ts';

const production = { version: { label: 'production', commit: 'c' }, isBaseline: true };
const balanced = { model: 'demo/balanced' };

test('columns of one prompt that differ in version and model have two lines, without the prompt', () => {
  const columns = [column(production), column({ ...production, ...balanced }), column(), column(balanced)];
  expect(columnHeads(columns)).toEqual([
    { first: 'production (baseline)', second: 'demo/swift' },
    { first: 'production (baseline)', second: 'demo/balanced' },
    { first: 'working copy', second: 'demo/swift' },
    { first: 'working copy', second: 'demo/balanced' },
  ]);
  expect(columnLabels(columns)).toEqual([
    'production · swift',
    'production · balanced',
    'working copy · swift',
    'working copy · balanced',
  ]);
});

test('what all columns have in common is left out', () => {
  expect(columnHeads([column(production), column()]).map(({ first }) => first)).toEqual([
    'production (baseline)',
    'working copy',
  ]);
  const models = [column(), column(balanced)];
  expect(columnHeads(models)).toEqual([
    { first: 'demo/swift', second: undefined },
    { first: 'demo/balanced', second: undefined },
  ]);
  expect(columnLabels(models)).toEqual(['swift', 'balanced']);
});

test('other prompts, targets, and models of several connections keep their names', () => {
  const columns = [column(), column({ prompt: 'reply', ...production }), column({ prompt: 'app', model: undefined })];
  expect(columnHeads(columns).map(({ first }) => first)).toEqual(['churn', 'reply@production (baseline)', 'app']);
  expect(columnHeads(columns).map(({ second }) => second)).toEqual(['demo/swift', 'demo/swift', '']);
  expect(columnLabels([column(), column({ model: 'local/a/b' })])).toEqual(['demo/swift', 'local/a/b']);
});

test('a single column has its whole title, and so has one of answers of the dataset', () => {
  expect(columnHeads([column(production)])[0]?.first).toBe('churn@production · demo/swift (baseline)');
  expect(columnHeads([column({ prompt: undefined, model: undefined })])[0]?.first).toBe('answers of the dataset');
});
