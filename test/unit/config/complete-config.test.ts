import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeConfig, describeConfig } from '../../../src/core/config/complete-config.ts';
import { schemaWithMetrics } from '../../../src/core/evals/file/eval-schema.ts';
import { metricsInText } from '../../../src/core/evals/file/metrics-in-text.ts';
import { metricTable } from '../evals/metrics.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../media/schemas/${name}.schema.json`, import.meta.url), 'utf8'));
const connections = read('connections');
const prices = read('prices');

/** `|` is the cursor. */
function offer(schema: Record<string, unknown>, marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const offered = completeConfig(schema, text, offset);
  return offered && { ...offered, labels: offered.items.map(({ label }) => label), text };
}

function hover(schema: Record<string, unknown>, marked: string) {
  return describeConfig(schema, marked.replace('|', ''), marked.indexOf('|'))?.description;
}

describe('completion from a schema', () => {
  test('offers the keys that are missing, above and below', () => {
    const offered = offer(connections, 'x:\n  type: openai\n  |\n  models: [a]\ny:\n  baseUrl: b\n');
    expect(offered?.labels).toContain('baseUrl');
    expect(offered?.labels).not.toContain('type');
    expect(offered?.labels).not.toContain('models');
  });

  test('replaces a partly typed key, and continues with the value', () => {
    const offered = offer(connections, 'x:\n  ba|\n');
    expect(offered?.text.slice(offered.start, offered.end)).toBe('ba');
    expect(offered?.items.find(({ label }) => label === 'baseUrl')?.insert).toBe('baseUrl: ');
    expect(offered?.items.find(({ label }) => label === 'headers')?.insert).toBe('headers:');
  });

  test('offers the built-in ids in the first column, and enumerated values with their descriptions', () => {
    expect(offer(connections, '|')?.labels).toEqual(['openai', 'anthropic', 'googleai', 'vertexai', 'ollama']);
    const types = offer(connections, 'x:\n  type: |');
    expect(types?.labels).toContain('azure-openai');
    expect(types?.items.find(({ label }) => label === 'googleai')?.description).toBe('Gemini by API key');
    expect(offer(connections, 'x:\n  streamOptions: f|')?.labels).toEqual(['true', 'false']);
  });

  test('offers the same keys in an entry and in each entry of a list', () => {
    const keys = offer(prices, 'a/b:\n  |')?.labels;
    expect(keys).toContain('usdPerHour');
    expect(offer(prices, 'a/b:\n  - |')?.labels).toEqual(keys);
    expect(offer(prices, 'a/b:\n  - inputUsd: 1\n    |')?.labels).toEqual(keys?.filter((key) => key !== 'inputUsd'));
    expect(offer(prices, 'a/b:\n- inputUsd: 1\n- |')?.labels).toEqual(keys);
  });

  test('offers nothing in a comment or a quoted text, nor for free text', () => {
    for (const marked of ['# |', 'x:\n  type: "|"']) expect(offer(connections, marked)).toBeUndefined();
    expect(offer(connections, 'x:\n  baseUrl: |')?.labels).toEqual([]);
    expect(offer(connections, 'x:\n  headers:\n    |')?.labels).toEqual([]);
  });
});

describe('hover from a schema', () => {
  test('describes a key, and an enumerated value', () => {
    expect(hover(connections, 'x:\n  base|Url: https://a.example\n')).toMatch(/^The base URL of the server/);
    expect(hover(connections, 'x:\n  type: goo|gleai\n')).toBe('Gemini by API key');
    expect(hover(connections, 'open|ai:\n  timeoutMs: 5\n')).toBe('Overrides the built-in connection to OpenAI.');
    expect(hover(prices, 'a/b:\n  - from: 2026-01-01\n    input|Usd: 1\n')).toMatch(/^US dollars per million input/);
  });

  test('shows nothing for unknown keys', () => {
    expect(hover(connections, 'x:\n  color|: red\n')).toBeUndefined();
    expect(hover(connections, 'x|:\n  type: openai\n')).toBeUndefined();
    expect(hover(connections, '\n|\n')).toBeUndefined();
  });
});

describe('flow collections', () => {
  const evaluation = schemaWithMetrics(metricTable.metrics);

  test('describe a quoted key as one without quotes, and complete nothing in it', () => {
    const plain = hover(evaluation, 'gates: [{ metric: equals, mar|gin: 0.1 }]');
    expect(plain).toBeDefined();
    expect(hover(evaluation, 'gates: [{ metric: equals, "mar|gin": 0.1 }]')).toBe(plain);
    expect(hover(evaluation, "gates:\n  - metric: equals\n    'mar|gin': 0.1\n")).toBe(plain);
    expect(hover(evaluation, 'gates: [{ "pass|^k": 0.9 }]')).toBeDefined();
    expect(offer(evaluation, 'gates: [{ "mar|": 0.1 }]')).toBeUndefined();
  });

  test('are completed as the maps and lists that they are', () => {
    expect(offer(evaluation, 'sample: { | }')?.labels).toEqual(['n', 'seed']);
    expect(offer(evaluation, 'sample: { n: 5, |\n')?.labels).toEqual(['seed']);
    expect(offer(evaluation, 'sample: { |, seed: 1 }')?.labels).toEqual(['n']);
    expect(offer(evaluation, 'gates: [{ metric: x, on: | }]')?.labels).toEqual(['mean', 'interval']);
    expect(offer(evaluation, 'gates:\n  - { metric: x, on:| }')?.items[0]?.insert).toBe(' mean');
    expect(offer(evaluation, 'models: [a/b, { model: c/d, config: { reasoningEffort: mi| } }]')?.labels).toContain(
      'minimal',
    );
    expect(offer(evaluation, 'models: [\n  a/b,\n  { | }\n]\nrepeats: 1')?.labels).toEqual(['model', 'config']);
  });

  test('replace the word that is there', () => {
    const offered = offer(evaluation, 'gates: [{ met|ric: x, margin: 1 }]');
    expect(offered?.text.slice(offered.start, offered.end)).toBe('metric');
    expect(offered?.labels).toContain('metric');
    expect(offered?.labels).not.toContain('margin');
  });

  test('offer nothing in a comment or a quoted text, and end where they end', () => {
    expect(offer(evaluation, 'sample: { n: 1, # |\n }')).toBeUndefined();
    expect(offer(evaluation, 'sample: { n: "|" }')).toBeUndefined();
    expect(offer(evaluation, 'sample: { n: 1 }\ncach|')?.labels).toContain('cache');
  });

  test('are described in a hover', () => {
    expect(hover(evaluation, 'sample: { se|ed: 1 }')).toMatch(/^The same seed chooses/);
    expect(hover(evaluation, 'metrics: [schema|Valid]')).toBe('The answer matches the schema.');
    expect(hover(evaluation, 'metrics:\n  - { metric: rou|geL }')).toBe('ROUGE-L.');
  });
});

describe('items that may be a name or a map', () => {
  const evaluation = schemaWithMetrics(metricTable.metrics);

  test('are offered both, and in a map only keys', () => {
    const offered = offer(evaluation, 'metrics:\n  - |');
    expect(offered?.labels).toEqual(expect.arrayContaining(['equals', 'rougeL', 'metric', 'threshold', 'stemmer']));
    const inMap = offer(evaluation, 'metrics:\n  - metric: equals\n    |');
    expect(inMap?.labels).toContain('threshold');
    expect(inMap?.labels).not.toContain('equals');
    expect(offer(evaluation, 'metrics:\n  - metric: |')?.labels).toContain('schemaValid');
    expect(hover(evaluation, 'metrics:\n  - rou|geL')).toBe('ROUGE-L.');
    expect(hover(evaluation, 'metrics:\n  - metric: equals\n    stem|mer: true')).toBe('rougeL: Stem.');
  });
});

test('any text has a place or none at any offset', () => {
  const evaluation = schemaWithMetrics(metricTable.metrics);
  const piece = fc.constantFrom(
    'metrics',
    'gates',
    'models',
    ':',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    "'",
    '#',
    ' #',
    '\n',
    '  ',
    'a',
  );
  const texts = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, fc.nat(), (text, seed) => {
      const offset = seed % (text.length + 1);
      const offered = completeConfig(evaluation, text, offset);
      describeConfig(evaluation, text, offset);
      if (offered) expect(offered.start <= offset && offset <= offered.end).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

describe('completion in an evaluation', () => {
  const at = (marked: string) => {
    const offset = marked.indexOf('|');
    return schemaWithMetrics(metricTable.metrics, metricsInText(marked.replace('|', ''), offset));
  };
  const labels = (marked: string) => offer(at(marked), marked)?.labels;

  test('offers the parameters of the metric that is written, in both notations', () => {
    const expected = ['name', 'path', 'weight', 'threshold', 'stemmer'];
    expect(labels('metrics:\n  - { metric: rougeL, | }')).toEqual(expected);
    expect(labels('metrics:\n  - metric: rougeL\n    |\n')).toEqual(expected);
    expect(labels('metrics: [{ |, metric: "rougeL:stemmer" }]')).toEqual(expected);
    expect(labels('metrics:\n  - { metric: nope, | }')).toContain('ignoreCase');
    expect(hover(at('metrics: [{ metric: equals, pa|th: a }]'), 'metrics: [{ metric: equals, pa|th: a }]')).toBe(
      'equals: The text to look for.',
    );
  });

  test('offers keys only where a metric cannot be written', () => {
    expect(labels('metrics: [{ | }]')).not.toContain('equals');
    expect(labels('metrics: [|]')).toContain('equals');
  });

  test('offers the names of the metrics of the file in gates', () => {
    const metrics = 'metrics: [rougeL:stemmer, { metric: equals, name: label }]\n';
    expect(labels(`${metrics}gates: [{ metric: | }]`)).toEqual(['rougeL:stemmer', 'label']);
    expect(labels(`gates:\n  - metric: |\n${metrics}`)).toEqual(['rougeL:stemmer', 'label']);
    expect(labels('gates: [{ metric: | }]')).toEqual([]);
    // between other keys, as a list below its key, and in a flow map
    expect(labels(`rows:\n  - a: 1\nmetrics:\n- equals\n# more\n- rougeL\ngates: [{ metric: | }]`)).toEqual([
      'equals',
      'rougeL',
    ]);
    expect(labels('{ metrics: [equals], gates: [{ metric: | }] }')).toEqual(['equals']);
  });

  test('describes a metric with options', () => {
    const marked = 'metrics:\n  - rou|geL:stemmer\n';
    expect(hover(at(marked), marked)).toBe('ROUGE-L.');
  });

  test('bears any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(20), (text, offset) => {
        expect(metricsInText(text, offset).names).toEqual(expect.any(Array));
      }),
    );
  });
});
