import { expect, test } from 'vitest';
import type { StoredCase } from '../../../../src/protocol/evaluation.ts';
import { draftProblem, toChanges, toDraft } from '../../../../webview/evaluation/case-draft.ts';

const stored: StoredCase = {
  id: 'a',
  contentHash: 'x',
  dataset: 'cases.jsonl',
  number: 1,
  inputs: { question: 'Why?', age: 42, tags: ['a'] },
  others: {},
  output: undefined,
  expected: ['Because.'],
  contexts: undefined,
  messages: undefined,
  toolCalls: undefined,
  retrieval: undefined,
  tags: ['price'],
  weight: 1,
  group: undefined,
};

test('a draft that was not changed has no changes', () => {
  expect(toChanges(toDraft(stored), stored)).toBeUndefined();
});

test('only what differs is changed, and values keep their kind', () => {
  const draft = toDraft(stored);
  const changed = { ...draft, inputs: { ...draft.inputs, age: '43' }, tags: 'price,  new ' };
  expect(toChanges(changed, stored)).toEqual({ inputs: { age: 43 }, tags: ['price', 'new'] });
  expect(toChanges({ ...draft, expected: ['So.'] }, stored)).toEqual({ expected: ['So.'] });
  expect(toChanges({ ...draft, expected: [''] }, stored)).toEqual({ expected: [] });
});

test('a text that is no JSON where the value is no text is a problem, and nothing is saved', () => {
  const draft = toDraft(stored);
  expect(draftProblem('forty', 42)).toBe('This value is a number, so it must be valid JSON.');
  expect(draftProblem('anything', 'Why?')).toBeUndefined();
  expect(toChanges({ ...draft, inputs: { ...draft.inputs, tags: '[a' }, tags: 'x' }, stored)).toBeUndefined();
});

test('a case without an expected value gets one', () => {
  const none = { ...stored, expected: [] };
  expect(toDraft(none).expected).toEqual(['']);
  expect(toChanges({ ...toDraft(none), expected: ['So.'] }, none)).toEqual({ expected: ['So.'] });
});
