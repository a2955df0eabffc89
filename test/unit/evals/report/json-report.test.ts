import { expect, test } from 'vitest';
import { openReport } from '../../../../src/core/evals/report/eval-report.ts';
import { writeJsonLinesReport, writeJsonReport } from '../../../../src/core/evals/report/json-report.ts';
import { sampleCase, sampleCell, sampleColumn, sampleResult, storedResults, textOf } from './sample-result.ts';

const columns = [
  sampleColumn({ version: { label: 'production', commit: 'c0ffee' }, isBaseline: true }),
  sampleColumn({ baselineColumn: 0 }),
];

const result = sampleResult(
  {
    cases: [sampleCase('one'), sampleCase('two', { inputs: { plan: 'Gold', months: 3 } })],
    cells: [
      sampleCell(1, 'late', { column: 1, cached: true }),
      sampleCell(0, 'Yes', { column: 0 }),
      sampleCell(0, '', {
        column: 1,
        state: 'error',
        scores: [{ value: null, passed: null, reason: 'There is no answer.' }],
        score: undefined,
        answer: {
          usage: {},
          costUsd: undefined,
          ttftMs: undefined,
          latencyMs: undefined,
          error: { code: 'server', message: 'The server failed.' },
        },
      }),
    ],
  },
  {
    columns,
    state: 'interrupted',
    totals: { costUsd: undefined, inputTokens: 30, outputTokens: undefined },
    summary: {
      metrics: [
        {
          metric: 'equals',
          column: 1,
          mean: 0.5,
          interval: undefined,
          n: 2,
          missing: 1,
          baseline: {
            mean: 1,
            difference: -0.5,
            interval: [-0.9, -0.1],
            p: 0.04,
            verdict: 'worse',
            smallestDetectable: undefined,
            n: 2,
          },
        },
      ],
      gates: [{ gate: 'equals>=0.8', passed: false, reason: 'The mean is 0.5.' }],
      unmatched: undefined,
    },
  },
);

test('JSON has every field, cases in the order of the dataset, and null for what is unknown', async () => {
  const report = await openReport(storedResults(result), 'r1');
  const cell = { prompt: 'churn', model: 'demo/swift', repeat: 1 };
  expect(JSON.parse(await textOf(writeJsonReport(report)))).toEqual({
    id: 'r1',
    file: 'evals/churn.eval.yaml',
    state: 'stopped',
    simulated: false,
    columns: [
      { prompt: 'churn', version: 'production', model: 'demo/swift', parameters: { temperature: 0 }, baseline: true },
      { prompt: 'churn', version: null, model: 'demo/swift', parameters: { temperature: 0 }, baseline: false },
    ],
    cases: [
      {
        id: 'one',
        inputs: { question: 'What about one?' },
        cells: [
          {
            ...cell,
            column: 0,
            version: 'production',
            state: 'passed',
            output: 'Yes',
            scores: [{ metric: 'equals', value: 1, passed: true, reason: null }],
            inputTokens: 10,
            outputTokens: 4,
            costUsd: 0.001,
            ttftMs: 12,
            latencyMs: 240,
            cached: false,
            simulated: false,
            error: null,
          },
          {
            ...cell,
            column: 1,
            version: null,
            state: 'error',
            output: '',
            scores: [{ metric: 'equals', value: null, passed: null, reason: 'There is no answer.' }],
            inputTokens: null,
            outputTokens: null,
            costUsd: null,
            ttftMs: null,
            latencyMs: null,
            cached: false,
            simulated: false,
            error: { code: 'server', message: 'The server failed.' },
          },
        ],
      },
      {
        id: 'two',
        inputs: { plan: 'Gold', months: 3 },
        cells: [expect.objectContaining({ column: 1, output: 'late', cached: true, costUsd: 0, latencyMs: 240 })],
      },
    ],
    metrics: [
      {
        metric: 'equals',
        column: 1,
        direction: 'higher',
        mean: 0.5,
        interval: null,
        n: 2,
        missing: 1,
        baseline: {
          mean: 1,
          difference: -0.5,
          interval: [-0.9, -0.1],
          p: 0.04,
          verdict: 'worse',
          smallestDetectable: null,
        },
      },
    ],
    gates: [{ gate: 'equals>=0.8', passed: false, reason: 'The mean is 0.5.' }],
    totals: { costUsd: null, inputTokens: 30, outputTokens: null, errors: 1 },
  });
});

test('in one line it is the same JSON, and one line', async () => {
  const report = await openReport(storedResults(result), 'r1');
  const [pretty, line] = [
    await textOf(writeJsonReport(report)),
    await textOf(writeJsonReport(report, { inOneLine: true })),
  ];
  expect(JSON.parse(line)).toEqual(JSON.parse(pretty));
  expect(line.indexOf('\n')).toBe(line.length - 1);
});

test('a result without cases, metrics and gates is valid JSON', async () => {
  const empty = sampleResult({ cases: [], cells: [] });
  const report = await openReport(storedResults(empty), 'r1');
  expect(JSON.parse(await textOf(writeJsonReport(report)))).toMatchObject({ cases: [], metrics: [], gates: [] });
  expect(await textOf(writeJsonLinesReport(report))).toBe('');
});

test('answers of any size and with control characters stay as they are', async () => {
  const output = `\u001b[31m\u202e\u0085${'x'.repeat(1_500_000)}`;
  const big = sampleResult({
    cases: Array.from({ length: 30 }, (_, index) => sampleCase(`c${index}`)),
    cells: Array.from({ length: 30 }, (_, index) => sampleCell(index, index % 7 === 0 ? output : 'short')),
  });
  const text = await textOf(writeJsonReport(await openReport(storedResults(big), 'r1')));
  expect(text).not.toMatch(/[\u001b\u202e\u0085]/);
  const read = JSON.parse(text) as { cases: { id: string; cells: { output: string }[] }[] };
  expect(read.cases.map(({ id }) => id)).toEqual(big.cases.map(({ id }) => id));
  expect(read.cases[7]?.cells[0]?.output === output).toBe(true);
});

test('JSON Lines has one line for each answer, with its case', async () => {
  const lines = (await textOf(writeJsonLinesReport(await openReport(storedResults(result), 'r1'))))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { id: 'one', column: 0, expected: ['Yes'], output: 'Yes' },
    { id: 'one', column: 1, state: 'error' },
    { id: 'two', column: 1, dataset: 'data/cases.jsonl', row: 1, group: null },
  ]);
});

test('a result that does not exist is a user error', async () => {
  await expect(openReport(storedResults(), 'nope')).rejects.toMatchObject({ code: 'unknown-result' });
});
