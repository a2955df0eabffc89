import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseEvalFile } from '../../../src/core/evals/file/eval-file.ts';
import { schemaWithMetrics } from '../../../src/core/evals/file/eval-schema.ts';
import { KNOWN_METRICS } from '../../../src/core/evals/file/known-metrics.ts';

const ids = KNOWN_METRICS.metrics.map(({ id }) => id);
const parse = (metrics: string) => {
  return parseEvalFile(`prompts: [p]\ndataset: a.csv\nmetrics:\n${metrics}\n`, '/w/x.eval.yaml', KNOWN_METRICS);
};

it('metrics are read with their parameters, as text and as maps', async () => {
  const { spec, problems } = await parse(`  - rougeL:stemmer
  - bleu:tokenize=zh
  - { metric: contains, value: [a, b], match: all, ignoreCase: true, name: both }
  - { metric: equals, path: risk_level }
  - { metric: "equals", name: whole, threshold: 1 }
  - { metric: jsonSchema, schema: { type: object } }
  - { metric: tokenF1, path: summary }`);
  expect(problems).toEqual([]);
  expect(spec?.metrics.map(({ name, parameters, path }) => [name, parameters, path])).toEqual([
    ['rougeL:stemmer', { stemmer: true }, undefined],
    ['bleu:tokenize=zh', { tokenize: 'zh' }, undefined],
    ['both', { value: ['a', 'b'], match: 'all', ignoreCase: true }, undefined],
    ['equals', { path: 'risk_level' }, undefined],
    ['whole', {}, undefined],
    ['jsonSchema', { schema: { type: 'object' } }, undefined],
    ['tokenF1', {}, 'summary'],
  ]);
});

it.each([
  ['  - { metric: regex, value: "(" }', /^metrics: regex: Invalid regular expression/],
  ['  - bleu:tokenize=latin', /^metrics: bleu: tokenize must be one of /],
  ['  - rougeL:stem', /^metrics: "rougeL:stem": there is no option "stem"/],
  ['  - { metric: jsonSchema }', /^metrics: jsonSchema: schema is missing\./],
  ['  - { metric: jsonSchema, schema: { type: strin } }', /^metrics: jsonSchema: "schema" is not valid JSON Schema: /],
  ['  - { metric: contains, match: most }', /^metrics: contains: match must be one of any, all/],
])('a parameter that is wrong is reported: %s', async (metrics, message) => {
  const { problems } = await parse(metrics);
  expect(problems).toMatchObject([{ code: 'metric-parameter', message: expect.stringMatching(message) }]);
});

it.each([
  [
    '  - { metric: rougeL, threshold: 40 }',
    'rougeL is from 0 to 1, so a threshold of 40 is probably of another scale.',
  ],
  [
    '  - { metric: bleu, threshold: 0.4 }',
    'bleu is from 0 to 100, so a threshold of 0.4 is probably of another scale.',
  ],
  [
    '  - { metric: equals, threshold: -1 }',
    'equals is from 0 to 1, so a threshold of -1 is probably of another scale.',
  ],
])('a threshold of another scale is a warning, and the file runs: %s', async (metrics, message) => {
  const { spec, problems } = await parse(metrics);
  expect(problems).toMatchObject([{ severity: 'warning', message: `metrics: ${message}` }]);
  expect(spec?.metrics).toHaveLength(1);
});

it('thresholds of the scale of a metric are no problem, nor are those of TER over 100 and of functions of the user', async () => {
  const { problems } = await parse(`  - { metric: rougeL, threshold: 1 }
  - { metric: bleu, threshold: 40 }
  - { metric: ter, threshold: 120 }
  - { metric: latencyMs, threshold: 2000 }
  - { metric: javascript, file: a.js, scale: count, threshold: 7 }`);
  expect(problems).toEqual([]);
});

it('other YAML editors know all metrics from the schema', () => {
  const file = new URL('../../../media/schemas/evaluation.schema.json', import.meta.url);
  const { metric } = JSON.parse(readFileSync(file, 'utf8')).definitions;
  expect(metric.examples).toEqual(ids);
  expect(metric.properties.metric.examples).toEqual(ids);
});

it('the schema for completion has all metrics and parameters', () => {
  const { definitions } = schemaWithMetrics(KNOWN_METRICS.metrics) as {
    definitions: Record<string, { properties: object }>;
  };
  expect(definitions.metric).toMatchObject({ enum: ids });
  expect(definitions.metric?.properties).toMatchObject({
    metric: { enum: ids },
    tokenize: { description: expect.stringContaining('bleu: The tokenizer') },
  });
});
