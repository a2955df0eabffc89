import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { createColumnReader } from '../../../../src/core/datasets/row-columns.ts';
import { readCase } from '../../../../src/core/evals/cases/eval-case.ts';
import { openReport } from '../../../../src/core/evals/report/eval-report.ts';
import type { ReportFormat } from '../../../../src/core/evals/report/report-format.ts';
import { writeReport } from '../../../../src/core/evals/report/report-formats.ts';
import {
  type SampleResult,
  sampleCase,
  sampleCell,
  sampleColumn,
  sampleResult,
  storedResults,
  textOf,
} from './sample-result.ts';

const ASSETS = new URL('file:///none/');

async function write(format: ReportFormat, result: SampleResult): Promise<string> {
  return textOf(writeReport(format, await openReport(storedResults(result), result.record.id), ASSETS));
}

const lines = (text: string) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
const failed = { state: 'failed', scores: [{ value: 0, passed: false, reason: 'It differs.' }], score: 0 } as const;

describe('CSV', () => {
  test('has a row for each answer, with the inputs of all cases and the metrics as columns', async () => {
    const result = sampleResult({
      cases: [
        sampleCase('one', { tags: ['a', 'b'], group: 'g' }),
        sampleCase('two', { inputs: { months: 3, options: { deep: [1] } }, expected: ['a', 'b'] }),
      ],
      cells: [
        sampleCell(0, 'Yes'),
        sampleCell(1, 'No', { ...failed, cached: true, rating: 'down', csat: 2, escalated: true, comment: 'wrong' }),
      ],
    });
    const rows = parse(await write('csv', result), { columns: true }) as Record<string, string>[];
    expect(rows).toMatchObject([
      { case: 'one', tags: 'a, b', group: 'g', 'input.question': 'What about one?', 'input.months': '', answer: 'Yes' },
      { case: 'two', 'input.months': '3', 'input.options': '{"deep":[1]}', expected: '["a","b"]', state: 'failed' },
    ]);
    expect(rows[0]).toMatchObject({
      cost_usd: '0.001',
      latency_ms: '240',
      equals: '1',
      'equals.reason': '',
      rating: '',
    });
    expect(rows[1]).toMatchObject({ cost_usd: '0', cached: 'true', 'equals.reason': 'It differs.', comment: 'wrong' });
    expect(rows[1]).toMatchObject({
      rating: 'down',
      'rating.csat': '2',
      'rating.completed': '',
      'rating.escalated': 'true',
    });
  });

  test.each(['=1+1', '+1', '-1+cmd|x', '@SUM(A1)', '\t=1', ' =1', '＝1', '\r=1'])(
    'an answer %j is no formula, wherever it is',
    async (text) => {
      const result = sampleResult({
        cases: [sampleCase(text, { inputs: { [text]: text }, expected: [text], tags: [text], group: text })],
        cells: [
          sampleCell(0, text, {
            scores: [{ value: 1, passed: true, reason: text }],
            comment: text,
            answer: { error: { code: 'server', message: text } },
          }),
        ],
      });
      const cells = (parse(await write('csv', result)) as string[][]).flat();
      expect(cells.filter((cell) => /^[\s]*[=+\-@＝]/.test(cell))).toEqual([]);
    },
  );

  test('control characters are visible', async () => {
    const result = sampleResult({ cases: [sampleCase('one')], cells: [sampleCell(0, '\u001b[31mred\u0007\u202e')] });
    expect(await write('csv', result)).toContain('␛[31mred␇<U+202E>');
  });
});

describe('failed rows', () => {
  const messages = [
    { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name: 'find', input: { id: 1 } }] },
    { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', name: 'find', output: 'found' }] },
  ] as const;
  const rich = sampleCase('rich', {
    inputs: { plan: 'Gold' },
    expected: ['a', 'b'],
    contexts: ['c1', 'c2'],
    messages: messages.map(({ role, parts }) => ({ role, parts: [...parts] })),
    toolCalls: [{ name: 'find', arguments: { id: 1 } }],
    tags: ['t'],
    weight: 2,
    group: 'g',
  });

  test('are read as the same cases', async () => {
    const result = sampleResult({
      cases: [sampleCase('fine'), rich, sampleCase('error', { expected: [{ answer: 1 }] })],
      cells: [
        sampleCell(0, 'Yes'),
        sampleCell(1, 'No', failed),
        sampleCell(2, '', { state: 'error', scores: [{ value: null, passed: null }] }),
      ],
    });
    const rows = lines(await write('failed-rows', result)) as Record<string, unknown>[];
    const read = rows.map((row) => readCase(createColumnReader({})(row), 1));
    const { id, inputs, expected, contexts, toolCalls, tags, weight, group } = rich;
    expect(read).toMatchObject([
      { id, inputs, expected, contexts, messages, toolCalls, tags, weight, group },
      { id: 'error', expected: [{ answer: 1 }], weight: 1, tags: [] },
    ]);
  });

  test('have the columns of their dataset, so that its mapping reads the same cases', async () => {
    const columns = {
      id: 'key',
      inputs: { answer: 'draft', label: 'kind', plan: 'plan' },
      expected: ['gold', 'gold2'],
      tags: 'topics',
      output: 'made',
    };
    const row = {
      key: 'k',
      draft: 'a',
      kind: 'b',
      plan: 'p',
      gold: 'x',
      gold2: 'y',
      topics: 't',
      made: 'z',
      csat: '3',
    };
    const content = readCase(createColumnReader(columns)(row), 1);
    const stored = sampleCase('k', { ...content, id: 'k', dataset: 'data.jsonl', others: { csat: '3' } });
    const plan = { spec: { datasets: [{ file: '/data.jsonl', written: 'data.jsonl', columns }] } };
    const result = sampleResult({ cases: [stored], cells: [sampleCell(0, 'z', failed)] }, { plan });
    const [written] = lines(await write('failed-rows', result)) as Record<string, unknown>[];
    expect(written).toMatchObject({ key: 'k', draft: 'a', kind: 'b', gold: 'x', gold2: 'y', made: 'z', csat: '3' });
    expect(readCase(createColumnReader(columns)(written ?? {}), 1)).toEqual(content);
  });

  test('keep answers that were made elsewhere', async () => {
    const retrieval = { retrieved: ['a', 'b'], relevant: { b: 1, c: 2 } };
    const stored = sampleCase('one', { output: 'made', retrieval });
    const result = sampleResult({ cases: [stored], cells: [sampleCell(0, 'made', failed)] });
    const [row = {}] = lines(await write('failed-rows', result)) as Record<string, unknown>[];
    expect(readCase(createColumnReader({})(row), 1)).toMatchObject({ output: 'made', retrieval });
  });

  test('leave out cases that only the baseline failed', async () => {
    const result = sampleResult(
      { cases: [sampleCase('one')], cells: [sampleCell(0, 'No', failed), sampleCell(0, 'Yes', { column: 1 })] },
      { columns: [sampleColumn({ isBaseline: true }), sampleColumn({ baselineColumn: 0 })] },
    );
    expect(await write('failed-rows', result)).toBe('');
  });
});

describe('preference pairs', () => {
  const columns = [sampleColumn({ model: 'demo/swift' }), sampleColumn({ model: 'demo/thorough' })];

  test('have the best and the worst answer of a case', async () => {
    const result = sampleResult(
      {
        cases: [sampleCase('one'), sampleCase('equal'), sampleCase('rated'), sampleCase('error')],
        cells: [
          sampleCell(0, 'bad', { ...failed, score: 0.2 }),
          sampleCell(0, 'good', { column: 1, score: 0.9 }),
          sampleCell(1, 'same', {}),
          sampleCell(1, 'other', { column: 1 }),
          sampleCell(2, 'disliked', { score: 1, rating: 'down' }),
          sampleCell(2, 'liked', { column: 1, ...failed, rating: 'up' }),
          sampleCell(3, 'alone', {}),
          sampleCell(3, '', { column: 1, state: 'error' }),
        ],
      },
      { columns },
    );
    expect(lines(await write('pairs', result))).toMatchObject([
      {
        id: 'one',
        inputs: { question: 'What about one?' },
        prompt: [{ role: 'user', content: 'What about one?' }],
        chosen: [{ role: 'assistant', content: 'good' }],
        rejected: [{ role: 'assistant', content: 'bad' }],
        chosen_from: { model: 'demo/thorough', state: 'passed', score: 0.9 },
        rejected_from: { model: 'demo/swift', state: 'failed', score: 0.2 },
      },
      {
        id: 'rated',
        chosen: [{ content: 'liked' }],
        rejected: [{ content: 'disliked' }],
        chosen_from: { rating: 'up' },
      },
    ]);
  });

  test.each([
    [{ csat: 5 }, { csat: 2 }],
    [{ csat: 4 }, {}],
    [{}, { csat: 2 }],
    [{ completed: true }, { completed: false }],
    [{ escalated: false }, { escalated: true }],
    [
      { rating: 'up', csat: 1 },
      { rating: 'down', csat: 5 },
    ],
  ] as const)('the rating %j is better than %j, whatever the metrics say', async (better, worse) => {
    const cells = [sampleCell(0, 'worse', worse), sampleCell(0, 'better', { column: 1, ...failed, ...better })];
    const [pair] = lines(await write('pairs', sampleResult({ cases: [sampleCase('one')], cells }, { columns })));
    expect(pair).toMatchObject({ chosen: [{ content: 'better' }], chosen_from: better, rejected_from: worse });
  });
});

describe("promptfoo's JSON", () => {
  test('has a result for each answer, and the figures of each column', async () => {
    const result = sampleResult(
      {
        cases: [sampleCase('one'), sampleCase('two')],
        cells: [
          sampleCell(0, 'Yes', { repeat: 1 }),
          sampleCell(0, 'No', { repeat: 2, ...failed }),
          sampleCell(1, 'Yes', { repeat: 1, cached: true }),
          sampleCell(1, '', {
            repeat: 2,
            state: 'error',
            scores: [{ value: null, passed: null }],
            score: undefined,
            answer: { usage: {}, error: { code: 'server', message: 'It failed.' } },
          }),
        ],
      },
      { repeats: 2 },
    );
    const file = JSON.parse(await write('promptfoo', result)) as Record<string, never>;
    expect(file).toMatchObject({
      evalId: 'eval-r1',
      shareableUrl: null,
      config: { description: 'churn' },
      results: {
        version: 3,
        timestamp: '2026-11-30T12:00:00.000Z',
        prompts: [
          {
            raw: 'churn',
            label: 'churn',
            provider: 'demo/swift',
            metrics: {
              testPassCount: 2,
              testFailCount: 1,
              testErrorCount: 1,
              assertPassCount: 2,
              assertFailCount: 1,
              cost: 0.003,
              namedScores: { equals: 2 },
              namedScoresCount: { equals: 3 },
              tokenUsage: { prompt: 20, completion: 8, cached: 14, total: 42 },
            },
          },
        ],
        stats: { successes: 2, failures: 1, errors: 1, durationMs: 30_000 },
        results: [
          {
            testIdx: 0,
            promptIdx: 0,
            success: true,
            failureReason: 0,
            score: 1,
            vars: { question: 'What about one?' },
            response: { output: 'Yes', cached: false, tokenUsage: { total: 14, prompt: 10, completion: 4 } },
            provider: { id: 'demo/swift' },
            error: null,
          },
          {
            testIdx: 1,
            success: false,
            failureReason: 1,
            error: 'equals 0: It differs.',
            gradingResult: { pass: false },
          },
          { testIdx: 2, response: { cached: true, cost: 0 }, cost: 0 },
          { testIdx: 3, failureReason: 2, error: 'It failed.', success: false, score: 0 },
        ],
      },
    });
  });
});
