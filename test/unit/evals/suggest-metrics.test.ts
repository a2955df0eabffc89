import { expect, test } from 'vitest';
import { draftOfSpec } from '../../../src/core/evals/file/draft-of-spec.ts';
import { requireEvalSpec } from '../../../src/core/evals/file/eval-file.ts';
import { KNOWN_METRICS } from '../../../src/core/evals/file/known-metrics.ts';
import { suggestMetrics } from '../../../src/core/evals/file/suggest-metrics.ts';
import { writeEvalFile } from '../../../src/core/evals/file/write-eval-file.ts';

const JSON_OUTPUT = { format: 'json' as const, schema: { type: 'object' } };
const TEXT = { format: 'text' as const };

test('answers with a schema are checked against it, and each expected value at its path', () => {
  const rows = [
    { age: 4, expected: { risk_level: 'high', reasons: ['a'] } },
    { age: 5, expected: '{"risk_level": "low", "reasons": []}' },
  ];
  expect(suggestMetrics(JSON_OUTPUT, rows)).toEqual(['schemaValid', { metric: 'equals', path: 'risk_level' }]);
});

test('several expected values have names of their own', async () => {
  const metrics = suggestMetrics(JSON_OUTPUT, [{ expected: { level: 'high', score: 3 } }]);
  const text = writeEvalFile({ prompts: ['a.prompt'], rows: [{ x: 1 }], metrics });
  expect((await requireEvalSpec(text, '/w/a.eval.yaml', KNOWN_METRICS)).metrics.map(({ name }) => name)).toEqual([
    'schemaValid',
    'level',
    'score',
  ]);
});

test('labels are compared as they are, sentences by the words that they share', () => {
  expect(suggestMetrics(TEXT, [{ label: 'spam' }, { label: 'no spam' }])).toEqual(['equals']);
  const sentence = 'The customer will probably stay for another year.';
  expect(suggestMetrics(TEXT, [{ reference: sentence }])).toEqual([{ metric: 'rougeL', threshold: 0.4 }]);
});

test('without an expected answer there is still something to measure', () => {
  expect(suggestMetrics(TEXT, [{ question: 'Why?' }])).toEqual(['refusal']);
  expect(suggestMetrics({ format: 'json' }, [])).toEqual(['jsonValid']);
});

test('the file that is written for an evaluation without one means the same in another folder', async () => {
  const text = `name: churn on cases
prompts: [churn@production, prompts/churn.prompt]
models: [demo/swift, { model: demo/thorough, config: { temperature: 0 } }]
dataset: data/cases.jsonl
metrics: [schemaValid, { metric: equals, path: risk_level, weight: 2 }, { metric: rougeL, threshold: 0.4 }, 'bleu:tokenize=zh']
baseline: production
repeats: 3
`;
  const spec = await requireEvalSpec(text, '/w/churn.eval.yaml', KNOWN_METRICS);
  const moved = writeEvalFile(draftOfSpec(spec, '/w/evals'));
  expect(moved).toContain('../data/cases.jsonl');
  const again = await requireEvalSpec(moved, '/w/evals/churn.eval.yaml', KNOWN_METRICS);
  const essence = ({ prompts, models, metrics, datasets, baseline, repeats, name }: typeof spec) => ({
    prompts: prompts.map(({ file, ref, prompt }) => file ?? `${prompt}@${ref}`),
    files: datasets.map((dataset) => ('file' in dataset ? dataset.file : undefined)),
    metrics: metrics.map(({ id, parameters, path, weight, threshold }) => ({
      id,
      parameters,
      path,
      weight,
      threshold,
    })),
    models,
    baseline,
    repeats,
    name,
  });
  expect(essence(again)).toEqual(essence(spec));
});
