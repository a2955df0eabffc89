import { expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/datasets/edit/text-edit.ts';
import { editInlineRow } from '../../../src/core/evals/cases/edit-inline-row.ts';
import { parseEvalFile } from '../../../src/core/evals/file/eval-file.ts';
import { KNOWN_METRICS } from '../../../src/core/evals/file/known-metrics.ts';
import { writeEvalFile } from '../../../src/core/evals/file/write-eval-file.ts';

it('writes a file that a person would write, and that has no problem', async () => {
  const text = writeEvalFile({
    prompts: ['churn@production', 'prompts/churn.prompt'],
    models: ['demo/swift', { model: 'demo/thorough', config: { temperature: 0 } }],
    dataset: 'data/churn.jsonl',
    columns: { expected: 'label' },
    metrics: ['schemaValid', { metric: 'equals', path: 'factors[0]' }, { metric: 'contains', value: ['a', 'b'] }],
    baseline: 'production',
  });
  expect(text).toBe(`prompts: [churn@production, prompts/churn.prompt]
models:
  - demo/swift
  - { model: demo/thorough, config: { temperature: 0 } }
dataset: data/churn.jsonl
columns: { expected: label }
metrics:
  - schemaValid
  - { metric: equals, path: "factors[0]" }
  - { metric: contains, value: [a, b] }
baseline: production
`);
  expect((await parseEvalFile(text, '/w/x.eval.yaml', KNOWN_METRICS)).problems).toEqual([]);
});

it('edits a row of the file and keeps everything else', () => {
  const text = `rows:
  # the first one
  - question: Why? # really
    expected: >
      Because
      of this.
    tags: [a]
  - { question: How?, empty: }
  - {}
`;
  const edit = (row: number, values: Record<string, unknown>) => applyEdits(text, editInlineRow(text, { row, values }));
  expect(edit(1, { question: 'Why: "x"?', tags: ['b', 'c'] })).toBe(
    text.replace('Why?', '"Why: \\"x\\"?"').replace('[a]', '["b","c"]'),
  );
  expect(edit(1, { expected: 'That.' })).toBe(text.replace('>\n      Because\n      of this.', '"That."'));
  expect(edit(1, { group: 7 })).toBe(text.replace('- question: Why?', '- "group": 7\n    question: Why?'));
  expect(edit(2, { empty: true, group: 7 })).toBe(
    text.replace('{ question: How?, empty: }', '{ "group": 7, question: How?, empty: true }'),
  );
  expect(edit(3, { q: 1 })).toBe(text.replace('{}', '{ "q": 1 }'));
  expect(() => edit(4, {})).toThrow('The file has no row 4.');
});
