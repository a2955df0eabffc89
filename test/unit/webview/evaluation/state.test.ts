import { expect, test } from 'vitest';
import { type EvaluationState, reduce } from '../../../../webview/evaluation/state.ts';
import { toCaseFilter, withFilter } from '../../../../webview/evaluation/view-state.ts';
import { snapshot } from './result.ts';

const state = (changes = {}): EvaluationState => ({ ...snapshot(changes), isDeleted: false });

test('progress changes the counts and keeps the rest of the result', () => {
  const before = state({ state: 'running' });
  const counts = { ...before.result.counts, passed: 13 };
  const progress = { done: 1, total: 5, perSecond: 3, leftMs: 1000 };
  const after = reduce(before, { type: 'progress', counts, totals: before.result.totals, progress });
  expect(after.result.counts.passed).toBe(13);
  expect(after.progress).toEqual(progress);
  expect(after.result.columns).toBe(before.result.columns);
});

test('the end of the run removes the progress', () => {
  const before = { ...state({ state: 'running' }), progress: { done: 1, total: 5, perSecond: 3, leftMs: 1000 } };
  const after = reduce(before, { type: 'result', result: snapshot().result, control: 'none' });
  expect(after).toMatchObject({ progress: undefined, control: 'none', result: { state: 'done' } });
});

test('another baseline replaces the summary, and none removes it', () => {
  const before = { ...state(), summary: { metrics: [], gates: [], unmatched: undefined } };
  expect(reduce(before, { type: 'summary', summary: undefined, against: undefined }).summary).toBeUndefined();
});

test('a notice is shown once, and events about cells only are no change of the state', () => {
  const once = reduce(state(), { type: 'notice', message: 'Two rows are equal.' });
  expect(reduce(once, { type: 'notice', message: 'Two rows are equal.' })).toBe(once);
  expect(reduce(once, { type: 'cells' })).toBe(once);
});

test('a text between slashes is a regular expression', () => {
  expect(toCaseFilter({ filter: { state: 'failed' }, search: ' a+b ' })).toEqual({ state: 'failed', text: 'a+b' });
  expect(toCaseFilter({ filter: {}, search: '/a|b/' })).toEqual({ text: 'a|b', isRegex: true });
  expect(toCaseFilter({ filter: {}, search: '//' })).toEqual({ text: '//' });
  expect(toCaseFilter({ filter: {}, search: '' })).toEqual({});
});

test('a filter that is chosen off leaves no field', () => {
  expect(withFilter({ state: 'failed', tag: 'price' }, { state: undefined })).toEqual({ tag: 'price' });
});
