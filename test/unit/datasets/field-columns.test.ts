import { expect, it } from 'vitest';
import { fieldColumns } from '../../../src/core/datasets/field-columns.ts';

const text = { name: 'text', required: true };
const tone = { name: 'tone', required: false };
const question = { name: 'question', required: true };

it.each([
  ['the column with its name', { text: 'x', input: 'y' }, [text], { text: 'text' }],
  ['the question, for the only field', { input: 'y', label: 'z' }, [tone], { tone: 'input' }],
  ['the question, for the only required field', { user_input: 'y' }, [text, tone], { text: 'user_input' }],
  ['the question, for a field with another of its names', { input: 'y' }, [text, question], { question: 'input' }],
  ['no question that has a field of its own', { question: 'y' }, [text, question], { question: 'question' }],
  ['no conversation as a question', { input: [{ role: 'user', content: 'y' }] }, [text], {}],
  ['no question if several fields could ask it', { input: 'y' }, [text, { ...tone, required: true }], {}],
])('a field gets %s', (_, row, fields, expected) => {
  expect(Object.fromEntries(fieldColumns(row, fields))).toEqual(expected);
});

it('a field gets only the column of a mapping, if there is one', () => {
  const row = { text: 'x', body: 'y' };
  expect(Object.fromEntries(fieldColumns(row, [text, tone], { text: 'body', tone: 'none' }))).toEqual({ text: 'body' });
});
