import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../../media/schemas/evaluation.schema.json' with { type: 'json' };
import { parseEvalFile, requireEvalSpec } from '../../../src/core/evals/file/eval-file.ts';
import { metricTable } from './metrics.ts';

const file = path.resolve('/w/evals/churn.eval.yaml');
const parse = (text: string) => parseEvalFile(text, file, metricTable);

/** Each problem as `what is marked | code | message`. */
async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await parse(text);
  return problems.map(({ range, code = '-', message }) => {
    return `${range ? text.slice(range.start, range.end) : ''} | ${code} | ${message}`;
  });
}

const BASE = 'prompts: [churn@v1, churn.prompt]\ndataset: data/churn.jsonl\n';

describe('an evaluation file', () => {
  it.each([
    ['prompts: &a [churn, *a]\n', '*a is inside the value that it stands for'],
    ['rows: [&row { q: 1, more: { again: *row } }]\n', '*row is inside the value that it stands for'],
    ['name: &n\n  <<: *n\n', '*n is inside the value that it stands for'],
    [`rows: ${'['.repeat(50_000)}`, 'nested too deeply'],
    ['p\0r\0o\0m\0', 'not text in UTF-8'],
  ])('that cannot be read says why: %#', async (text, message) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('is read with everything resolved and with defaults', async () => {
    const { spec, problems } = await parse(`prompts: [churn-analysis@production, ../prompts/churn-analysis.prompt]
models: [demo/swift, { model: demo/thorough, config: { temperature: 0 } }]
dataset: ../data/churn-cases.jsonl
metrics:
  - schemaValid
  - { metric: equals, path: risk_level, weight: 2 }
  - { metric: rougeL, threshold: 0.4, path: "factors[0]" }
baseline: production
repeats: 3
gates: [{ metric: schemaValid, threshold: 0.95 }, { metric: equals, margin: 0.02 }, { costUsd: 0.5 }]
`);
    expect(problems).toEqual([]);
    expect(spec).toEqual({
      path: file,
      name: 'churn',
      description: undefined,
      prompts: [
        { written: 'churn-analysis@production', prompt: 'churn-analysis', ref: 'production', file: undefined },
        {
          written: '../prompts/churn-analysis.prompt',
          prompt: '../prompts/churn-analysis.prompt',
          ref: undefined,
          file: path.resolve('/w/prompts/churn-analysis.prompt'),
        },
      ],
      models: [
        { model: 'demo/swift', parameters: {} },
        { model: 'demo/thorough', parameters: { temperature: 0 } },
      ],
      targets: [],
      datasets: [
        { file: path.resolve('/w/data/churn-cases.jsonl'), written: '../data/churn-cases.jsonl', columns: {} },
      ],
      metrics: [
        metric('schemaValid', {}),
        metric('equals', { parameters: { path: 'risk_level' }, weight: 2 }),
        metric('rougeL', { threshold: 0.4, path: 'factors[0]' }),
      ],
      repeats: 3,
      judge: undefined,
      embedder: undefined,
      baseline: { ref: 'production' },
      gates: [
        { kind: 'threshold', metric: 'schemaValid', threshold: 0.95, on: 'mean', strict: false },
        { kind: 'margin', metric: 'equals', margin: 0.02, strict: false },
        { kind: 'costUsd', limit: 0.5, strict: false },
      ],
      concurrency: 8,
      budgetUsd: undefined,
      cache: 'read',
      sample: undefined,
      confidence: { level: 0.95, method: 't', seed: 0 },
      maxErrors: 0,
    });
  });

  it('maps columns, for all datasets and for one', async () => {
    const { spec, problems } = await parse(`dataset:
  - a.csv
  - { path: b.jsonl, columns: { expected: [gold, silver] } }
columns: { inputs: { question: q }, expected: label, output: reply }
group: customer
metrics: [rougeL:stemmer]
`);
    expect(problems).toEqual([]);
    const shared = { inputs: { question: 'q' }, expected: ['label'], output: 'reply', group: 'customer' };
    expect(spec?.datasets.map(({ columns }) => columns)).toEqual([shared, { ...shared, expected: ['gold', 'silver'] }]);
    expect(spec?.metrics).toEqual([
      { ...metric('rougeL', { parameters: { stemmer: true } }), name: 'rougeL:stemmer', isReported: true },
    ]);
  });

  it('describes targets, with the rules of connections for addresses and secrets', async () => {
    const text = `targets:
  - name: app
    http: { url: "http://127.0.0.1:9/answer?v=1", headers: { X-Key: "\${secret:app}" }, body: { q: "{{question}}" }, answer: $.text }
  - { name: script, command: [python, app.py], env: { MODE: test }, timeoutMs: 5000 }
rows: [{ question: Why? }]
`;
    const { spec, problems } = await parse(text);
    expect(problems).toEqual([]);
    expect(spec?.targets).toEqual([
      {
        name: 'app',
        timeoutMs: 60_000,
        http: {
          url: 'http://127.0.0.1:9/answer?v=1',
          method: 'POST',
          headers: { 'X-Key': '${secret:app}' },
          body: { q: '{{question}}' },
          paths: { answer: '$.text' },
        },
      },
      {
        name: 'script',
        timeoutMs: 5000,
        command: ['python', 'app.py'],
        folder: path.dirname(file),
        env: { MODE: 'test' },
      },
    ]);
  });

  it.each([
    ['', ['| - | The file is empty. The evaluation cannot run.']],
    [
      'prompts: [a]\n',
      ['prompts | no-cases | The evaluation needs "dataset", the path of a file with cases, or "rows".'],
    ],
    [`${BASE}promts: [a]\n`, ['promts | - | unknown field "promts". Did you mean prompts?']],
    [`${BASE}repeats: 0\n`, ['0 | - | "repeats" must be an integer from 1 to 1000.']],
    [
      `${BASE}metrics: [rogueL]\n`,
      ['rogueL | unknown-metric | metrics: unknown metric "rogueL". Did you mean rougeL?'],
    ],
    [
      `${BASE}metrics: [rougeL:stem]\n`,
      ['rougeL:stem | metric-parameter | metrics: "rougeL:stem": there is no option "stem".'],
    ],
    [
      `${BASE}metrics:\n  - { metric: equals, treshold: 0.4 }\n`,
      ['0.4 | metric-parameter | metrics: equals has no parameter "treshold". Did you mean threshold?'],
    ],
    [
      `${BASE}metrics:\n  - { metric: regex, value: "(" }\n`,
      ['"(" | metric-parameter | metrics: regex: the regular expression is not valid.'],
    ],
    [
      `${BASE}metrics: [equals, equals]\n`,
      ['equals | - | metrics: two metrics are named "equals". Give one of them a "name".'],
    ],
    [
      `${BASE}metrics: [{ threshold: 1 }]\n`,
      ['{ threshold: 1 } | - | "metrics" must be the name of a metric, or a map with "metric".'],
    ],
    [
      `${BASE}metrics: [{ metric: equals, weight: -1 }]\n`,
      ['-1 | - | metrics: "weight" must be a number from 0 to 1,000,000.'],
    ],
    [`${BASE}models: [gpt]\n`, ['gpt | - | "models" must be written as connection/model.']],
    [
      `${BASE}models: [{ model: a/b, config: { temperature: warm } }]\n`,
      ['warm | - | models: "temperature" must be a number.'],
    ],
    [`${BASE}rows: [{ a: 1 }]\n`, ['rows | - | "rows" cannot be used together with "dataset". Remove one of them.']],
    ['prompts: [a]\nrows: []\n', ['rows | no-cases | "rows" has no case.']],
    [
      'prompts: [a]\nrows:\n  - { id: x, q: 1 }\n  - { id: x, q: 2 }\n',
      ['x | duplicate-case-id | rows: the ID "x" is also that of row 1. Their inputs differ: q.'],
    ],
    [
      'prompts: [a]\ndataset: notes.txt\n',
      ['notes.txt | - | dataset: notes.txt is not a dataset. Datasets are .jsonl, .json, .csv or .tsv files.'],
    ],
    [
      'prompts: [a, a, b@]\ndataset: a.csv\n',
      [
        'a | - | prompts: "a" is listed twice.',
        'b@ | - | prompts: "b@" has no version after the @. Use b@v1 or b@production.',
      ],
    ],
    ['models: [a/b]\ndataset: a.csv\n', ['models | - | "models" needs "prompts".']],
    [
      'targets: [{ name: x, http: { url: "https://a.example", method: GET, body: {}, answer: $..a } }]\nrows: [{ q: 1 }]\n',
      [
        'body | - | http: a GET request has no body. Without "body", the inputs are in the query of the URL.',
        '$..a | - | http: "answer" is not a JSON path that is understood here: use $, .name, ["name"], [0] and [*], as in $.sources[*].text.',
      ],
    ],
    [
      'targets: [{ name: x, command: [a], env: { API_KEY: a, KEY: "${secret:k}", URL: sk-0123456789abcdef } }]\nrows: [{ q: 1 }]\n',
      [
        'a | - | targets: the variable API_KEY appears to contain a secret; programs get no keys. Let the program read it itself.',
        '"${secret:k}" | - | targets: the variable KEY refers to a secret; programs get no keys. Let the program read it itself.',
        'sk-0123456789abcdef | - | targets: the variable URL appears to contain a secret; programs get no keys. Let the program read it itself.',
      ],
    ],
    [
      'targets: [{ name: x, http: { url: "https://a.example" }, env: { A: b } }]\nrows: [{ q: 1 }]\n',
      ['env | - | targets: "env" is for a "command" only.'],
    ],
    [
      `${BASE}targets: [{ name: x }]\n`,
      [
        '{ name: x } | - | targets: "x" needs one of "http" and "command".',
        'targets | - | "targets" cannot be used together with "prompts". Write two files.',
      ],
    ],
    [
      'dataset: a.csv\ntargets: [{ name: x, http: { url: "https://a.example", headers: { Authorization: Bearer abcdefgh } } }]\n',
      [expect.stringMatching(/^Bearer abcdefgh \| - \| http: the header Authorization appears to contain a secret/)],
    ],
    [`${BASE}columns: { expcted: a }\n`, ['expcted | - | columns: unknown field "expcted". Did you mean expected?']],
  ])('reports what is wrong, where and how to fix it: %j', async (text, expected) => {
    const found = await problemsOf(text);
    expect(found.map((line) => line.trim()).sort()).toEqual([...expected].sort());
    expect((await parse(text)).spec).toBeUndefined();
  });

  it.each([
    ['{ metric: equals }', 'a gate needs one of "threshold", "margin", "pass^k", "costUsd", "latencyMs".'],
    ['{ metric: equls, threshold: 1 }', 'the file has no metric "equls". Did you mean equals?'],
    ['{ threshold: 1 }', 'a gate with a threshold, a margin or pass^k needs "metric".'],
    [
      '{ metric: equals, threshold: 1, margin: 1 }',
      'a gate has only one of "threshold" and "margin". Write two gates.',
    ],
    ['{ metric: equals, margin: 0.1 }', 'a gate with "margin" needs a "baseline".'],
    ['{ metric: equals, pass^k: 0.9, k: 5 }', '"k" is 5, but "repeats" is 2.'],
    [
      '{ metric: rougeL, pass^k: 0.9 }',
      '"pass^k" needs a metric that passes or fails. Give "rougeL" a "threshold" under "metrics".',
    ],
    ['{ costUsd: 1, metric: equals }', '"costUsd" is of the whole run, not of a metric.'],
    ['{ costUsd: 1, percentile: 50 }', '"percentile" belongs to a gate with "latencyMs".'],
  ])('rejects the gate %s', async (gate, message) => {
    const { problems } = await parse(`${BASE}repeats: 2\nmetrics: [equals, rougeL]\ngates: [${gate}]\n`);
    expect(problems.map((problem) => problem.message)).toEqual([`gates: ${message}`]);
  });

  it('accepts a margin without "baseline" if the baseline is given elsewhere, but only for prompts', async () => {
    const gates = 'metrics: [equals]\ngates: [{ metric: equals, margin: 0.1 }]\n';
    const read = async (text: string) => (await parseEvalFile(text, file, metricTable, { hasBaseline: true })).problems;
    expect(await read(`${BASE}${gates}`)).toEqual([]);
    const [problem] = await read(`dataset: a.csv\n${gates}`);
    expect(problem?.message).toBe('gates: a gate with "margin" needs a "baseline".');
  });

  it.each(['{ metric: rougeL, threshold: 0.5 }', 'equals', '{ metric: equals, name: rougeL, threshold: 1 }'])(
    'accepts pass^k of the metric %s',
    async (metric) => {
      const name = metric.includes('rougeL') ? 'rougeL' : 'equals';
      const text = `${BASE}repeats: 2\nmetrics: [${metric}]\ngates: [{ metric: ${name}, pass^k: 0.9 }]\n`;
      expect((await parse(text)).problems).toEqual([]);
    },
  );

  it('warns about what would do nothing, and runs', async () => {
    const { spec, problems } = await parse(`${BASE}columns: { output: reply }\n`);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
    expect(spec).toBeDefined();
  });

  it('throws one error with the lines of all problems for code that needs the evaluation', async () => {
    const read = requireEvalSpec('prompts: [a]\nrepeats: no\nmetrics: [x]\n', file, metricTable);
    await expect(read).rejects.toMatchObject({
      code: 'invalid-evaluation',
      message: expect.stringMatching(
        /churn\.eval\.yaml:2: "repeats".*\n.*churn\.eval\.yaml:3: metrics: unknown metric "x"/,
      ),
    });
  });

  it('names the file from the folder, and a line once', async () => {
    const folder = path.dirname(path.dirname(file));
    const read = requireEvalSpec('prompts: [a]\nmodels: [\n', file, metricTable, { folder });
    const name = path.relative(folder, file).split(path.sep).join('/');
    const message = await read.then(String, ({ message }: Error) => message);
    expect(message).toContain(`  ${name}:`);
    expect(message).not.toContain('Line ');
  });

  it('never throws for broken or hostile YAML', async () => {
    for (const text of [
      '[',
      'a: b: c',
      '- 1',
      '5',
      'prompts: {a: 1}',
      'metrics: [[1]]',
      '__proto__: 1',
      'gates: [null]',
    ]) {
      const { spec, problems } = await parse(text);
      expect(spec, text).toBeUndefined();
      expect(problems.length, text).toBeGreaterThan(0);
    }
  });

  it('has a value of any kind for any key, and then either an error or an evaluation', async () => {
    const keys = Object.keys(schema.properties);
    const files = fc.dictionary(fc.constantFrom(...keys, 'metrics', 'gates'), fc.jsonValue({ maxDepth: 4 }), {
      maxKeys: 6,
    });
    const likely = fc.record(
      {
        prompts: fc.array(fc.constantFrom('a', 'b@v1', '@', 5)),
        dataset: fc.constantFrom('a.csv', ['b.jsonl'], { path: 'c.json' }, null),
        metrics: fc.array(
          fc.oneof(
            fc.constantFrom('equals', 'x:y', ':'),
            fc.dictionary(fc.constantFrom('metric', 'path', 'weight'), fc.jsonValue()),
          ),
        ),
        gates: fc.array(fc.dictionary(fc.constantFrom('metric', 'threshold', 'pass^k', 'k', 'margin'), fc.jsonValue())),
        targets: fc.array(fc.dictionary(fc.constantFrom('name', 'http', 'command'), fc.jsonValue())),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(files, likely), async (value) => {
        const { spec, problems } = await parse(JSON.stringify(value));
        const errors = problems.filter(({ severity = 'error' }) => severity === 'error');
        expect(spec === undefined).toBe(errors.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

function metric(id: string, fields: object) {
  const none = { path: undefined, weight: 1, threshold: undefined, parameters: {} };
  return { name: id, id, direction: 'higher', ...none, ...fields };
}
