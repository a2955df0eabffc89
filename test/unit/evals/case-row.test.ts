import { describe, expect, it } from 'vitest';
import { appendRows, editRow } from '../../../src/core/datasets/edit/edit-rows.ts';
import { applyEdits } from '../../../src/core/datasets/edit/text-edit.ts';
import { readPastedRows } from '../../../src/core/datasets/pasted-rows.ts';
import { caseRow } from '../../../src/core/evals/cases/case-row.ts';

describe('the row of a case', () => {
  it('has the names that the dataset uses', () => {
    const changes = { inputs: { question: 'Why?' }, expected: ['a'], tags: ['new'] };
    expect(caseRow(changes, { columns: ['q', 'ground_truth'], mapping: { inputs: { question: 'q' } } })).toEqual({
      q: 'Why?',
      ground_truth: 'a',
      tags: ['new'],
    });
    expect(caseRow(changes, { columns: [], mapping: {} })).toEqual({ question: 'Why?', expected: 'a', tags: ['new'] });
    expect(caseRow({ expected: ['a', 'b'] }, { columns: [], mapping: {} })).toEqual({ expected: ['a', 'b'] });
    expect(caseRow({ expected: ['a'] }, { columns: [], mapping: { expected: ['x', 'y'] } })).toEqual({ x: 'a', y: '' });
  });

  it('is added to a table, and changed in it', () => {
    const text = 'question,label\nA?,yes\n';
    const row = caseRow(
      { inputs: { question: 'B?' }, expected: ['no'] },
      { columns: ['question', 'label'], mapping: {} },
    );
    expect(applyEdits(text, appendRows('a.csv', text, [row]))).toBe(`${text}B?,no\n`);
    expect(applyEdits(text, editRow('a.csv', text, { row: 1, values: row }))).toBe('question,label\nB?,no\n');
  });
});

describe('rows of the clipboard', () => {
  it.each([
    ['cells of a spreadsheet', 'q\ta\r\nWhy?\t"x, ""y"""\r\n'],
    ['CSV', 'q,a\nWhy?,"x, ""y"""'],
    ['JSON Lines', '{"q":"Why?","a":"x, \\"y\\""}'],
    ['a list', '\n[{"q":"Why?","a":"x, \\"y\\""}]'],
    ['an object on many lines', '{\n  "q": "Why?",\n  "a": "x, \\"y\\""\n}\n'],
  ])('are read from %s', async (_, text) => {
    expect(await readPastedRows(text)).toEqual([{ q: 'Why?', a: 'x, "y"' }]);
  });

  it('that cannot be read are an error with the line', async () => {
    await expect(readPastedRows('q,a\n1\n')).rejects.toThrow('clipboard.csv:2: the row has 1 value,');
  });
});
