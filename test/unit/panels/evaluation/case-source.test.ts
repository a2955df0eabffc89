import { expect, test } from 'vitest';
import { applyEdits } from '../../../../src/core/datasets/edit/text-edit.ts';
import { parseEvalFile } from '../../../../src/core/evals/file/eval-file.ts';
import { caseSource, editCase, findCaseOffset } from '../../../../src/panels/evaluation/case-source.ts';
import { storedCase } from './stored.ts';

const METRICS = { metrics: [], read: () => ({ problem: 'unknown' }), check: async () => [] };

async function specOf(text: string) {
  const { spec } = await parseEvalFile(text, '/work/a.eval.yaml', METRICS);
  if (!spec) throw new Error('invalid');
  return spec;
}

async function sourceOf(yaml: string, dataset: string | undefined) {
  const source = caseSource({ plan: { spec: await specOf(yaml) } }, dataset);
  if (!source) throw new Error('no source');
  return source;
}

const FILE = 'prompts: [a.prompt]\ndataset: cases.jsonl\n';
const ROWS = '{"id": "a", "question": "Why?", "expected": "So."}\n{"id": "b", "question": "How?"}\n';

test('the row of a case is found by its identity, wherever it was moved', async () => {
  const source = await sourceOf(FILE, 'cases.jsonl');
  const moved = ROWS.split('\n').reverse().join('\n').trimStart();
  const changes = { inputs: { question: 'Why not?' }, tags: ['price'] };
  const edits = await editCase(source, moved, { stored: storedCase({ id: 'a', number: 1 }), changes });
  expect(applyEdits(moved, edits)).toBe(
    '{"id": "b", "question": "How?"}\n{"id": "a", "question": "Why not?", "expected": "So.", "tags": ["price"]}',
  );
});

test('a case without an ID is found by the hash of its inputs, and its expected value goes where the others are', async () => {
  const source = await sourceOf(FILE, 'cases.jsonl');
  const text = '{"question": "Why?", "ground_truth": "So."}\n{"question": "How?", "ground_truth": "Thus."}\n';
  const { inputsHash } = await import('../../../../src/core/datasets/row-identity.ts');
  const stored = storedCase({ id: inputsHash({ question: 'How?' }), number: 2 });
  const edits = await editCase(source, text, { stored, changes: { expected: ['Like this.'] } });
  expect(applyEdits(text, edits)).toContain('{"question": "How?", "ground_truth": "Like this."}');
});

test('a row of the evaluation file itself is edited there', async () => {
  const yaml = 'prompts: [a.prompt]\nrows:\n  - { id: a, question: Why? }\n  - { id: b, question: How? }\n';
  const source = await sourceOf(yaml, undefined);
  const stored = storedCase({ id: 'b', dataset: undefined });
  const edits = await editCase(source, yaml, { stored, changes: { inputs: { question: 'Where?' } } });
  expect(applyEdits(yaml, edits)).toContain('{ id: b, question: "Where?" }');
  expect(await findCaseOffset(source, yaml, stored)).toBeGreaterThan(yaml.indexOf('id: a'));
});

test('a row that is gone is an error that names the file and what to do', async () => {
  const source = await sourceOf(FILE, 'cases.jsonl');
  const edit = editCase(source, ROWS, { stored: storedCase({ id: 'gone' }), changes: { tags: [] } });
  await expect(edit).rejects.toMatchObject({ message: 'The row of this case is no longer in cases.jsonl.' });
});

test('a dataset that the plan does not know has no source', async () => {
  expect(caseSource({ plan: { spec: await specOf(FILE) } }, 'other.jsonl')).toBeUndefined();
  expect(caseSource({ plan: undefined }, 'cases.jsonl')).toBeUndefined();
});
