import { expect, test } from 'vitest';
import type { CellWithAnswer } from '../../../../src/core/store/evals/eval-record.ts';
import { toCaseRow } from '../../../../src/panels/evaluation/cell-row.ts';
import { storedCase, storedCell } from './stored.ts';

function cellOf(cells: CellWithAnswer[], baseline: CellWithAnswer[] = []) {
  const row = toCaseRow(0, storedCase(), { cells: [cells], baselines: [baseline], paths: [] });
  return row.kind === 'case' ? row.cells[0] : undefined;
}

test('repeats are one cell: the worst state, the mean score, its spread, and how many answers differ', () => {
  const cell = cellOf([
    storedCell({ repeat: 1, score: 1 }),
    storedCell({ repeat: 2, score: 0.5, state: 'failed' }, { output: 'No idea.' }),
    storedCell({ repeat: 3, score: 0.75 }),
  ]);
  expect(cell).toMatchObject({ state: 'failed', score: 0.75, spread: [0.5, 1], repeats: 3, passed: 2, distinct: 2 });
});

test('without a score the cell has none, and one that has not finished is no cell', () => {
  expect(cellOf([storedCell({ score: undefined })])).toMatchObject({ score: undefined, spread: undefined });
  expect(cellOf([])).toBeUndefined();
});

test.for<[string, CellWithAnswer[], CellWithAnswer[], string]>([
  ['passes less often', [storedCell({ state: 'failed', score: 1 })], [storedCell({ score: 0.2 })], 'regressed'],
  [
    'an error after a failure is no change',
    [storedCell({ state: 'error' })],
    [storedCell({ state: 'failed' })],
    'same',
  ],
  ['a lower score in the same state', [storedCell({ score: 0.8 })], [storedCell({ score: 0.9 })], 'regressed'],
  ['a higher score', [storedCell({ score: 0.9 })], [storedCell({ score: 0.8 })], 'improved'],
  ['a difference by rounding', [storedCell({ score: 0.3 })], [storedCell({ score: 0.1 + 0.2 })], 'same'],
  ['another text', [storedCell({}, { output: 'So.' })], [storedCell()], 'changed'],
])('against the baseline: %s', ([, cells, baseline, change]) => {
  expect(cellOf(cells, baseline)?.change).toBe(change);
});

test('an error says why, whether the answer or a metric has it', () => {
  const broken = storedCell({ state: 'error' }, { error: { code: 'timeout', message: 'No answer within 60 s.' } });
  expect(cellOf([broken])?.error).toBe('No answer within 60 s.');
  const scored = storedCell({
    state: 'error',
    scores: [{ value: null, passed: null, reason: 'The reference is empty.' }],
  });
  expect(cellOf([scored])?.error).toBe('The reference is empty.');
});

test('a case is titled by its inputs on one line, however long they are', () => {
  const titleOf = (changes: Parameters<typeof storedCase>[0]) => {
    const row = toCaseRow(0, storedCase(changes), { cells: [], baselines: [], paths: [] });
    return row.kind === 'case' ? row.title : undefined;
  };
  expect(titleOf({ inputs: { question: 'Why\n  not?' } })).toBe('Why not?');
  expect(titleOf({ inputs: { age: 42, plan: 'Gold' } })).toBe('age: 42 · plan: Gold');
  expect(titleOf({ inputs: { text: 'x'.repeat(100_000) } })).toHaveLength(161);
  expect(titleOf({ inputs: {}, messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }] })).toBe('Hello');
  expect(titleOf({ inputs: {} })).toBe('a');
});

test('of a JSON answer, the values that metrics look at come first', () => {
  const textOf = (output: string, paths: string[]) => {
    const cells = [[storedCell({}, { output })]];
    const row = toCaseRow(0, storedCase(), { cells, baselines: [[]], paths });
    return row.kind === 'case' ? row.cells[0]?.text : undefined;
  };
  const answer = '{ "risk_level": "high",\n  "factors": [{ "name": "price" }] }';
  const line = '{ "risk_level": "high", "factors": [{ "name": "price" }] }';
  expect(textOf(answer, ['risk_level', 'factors[0].name', 'missing'])).toBe(`high · price · ${line}`);
  expect(textOf(answer, [])).toBe(line);
  expect(textOf('no JSON', ['risk_level'])).toBe('no JSON');
});

test('an id is shown if it was written, not the hash that takes its place', () => {
  const idOf = (id: string) => toCaseRow(0, storedCase({ id }), { cells: [], baselines: [], paths: [] });
  expect(idOf('customer-05')).toMatchObject({ writtenId: 'customer-05' });
  expect(idOf('8092716f91f9b1cd')).toMatchObject({ writtenId: undefined });
  expect(idOf('8092716f91f9b1cd#2')).toMatchObject({ writtenId: undefined });
});
