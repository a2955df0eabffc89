import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openReport } from '../../../../src/core/evals/report/eval-report.ts';
import { writeMarkdownReport } from '../../../../src/core/evals/report/markdown-report.ts';
import { writeReport } from '../../../../src/core/evals/report/report-formats.ts';
import type { EvalRecord } from '../../../../src/core/store/evals/eval-record.ts';
import {
  type SampleResult,
  sampleCase,
  sampleCell,
  sampleColumn,
  sampleResult,
  storedResults,
  textOf,
} from './sample-result.ts';

const markdown = async (...results: SampleResult[]) =>
  textOf(writeMarkdownReport(await openReport(storedResults(...results), results[0]!.record.id)));

const worse: EvalRecord['summary'] = {
  metrics: [
    {
      metric: 'equals',
      column: 1,
      mean: 0.5,
      interval: [0.2, 0.8],
      n: 12,
      missing: 0,
      baseline: {
        mean: 0.91,
        difference: -0.07,
        interval: [-0.1, -0.04],
        p: 0.012,
        verdict: 'worse',
        smallestDetectable: 0.03,
        n: 12,
      },
    },
  ],
  gates: [],
  unmatched: { added: 1, removed: 2, changed: 0 },
};
const columns = [
  sampleColumn({ version: { label: 'v3', commit: 'c0ffee' }, isBaseline: true }),
  sampleColumn({ baselineColumn: 0 }),
];
const failed = { state: 'failed', scores: [{ value: 0, passed: false, reason: 'It differs.' }], score: 0 } as const;

test('a change is named in the heading and in sentences, with the cases that changed', async () => {
  const text = await markdown(
    sampleResult(
      {
        // the sample store lists cases by their tags
        cases: [sampleCase('one', { tags: ['regressed'] }), sampleCase('two')],
        cells: [
          sampleCell(0, 'Dear customer,\nyes.\nBye', { column: 0 }),
          sampleCell(0, 'Dear customer,\nno.\nBye', { column: 1, ...failed }),
          sampleCell(1, 'Yes', { column: 0 }),
          sampleCell(1, 'Yes', { column: 1 }),
        ],
      },
      { columns, summary: worse },
    ),
  );
  expect(text).toBe(`## churn: 1 metric worse

\`churn · demo/swift\` against \`churn@v3 · demo/swift\`

- equals 91% → 84%, worse, p 0.012

<details><summary>1 case worse than the baseline</summary>

**one**

question: What about one?

\`churn · demo/swift\`: passed, score 1 → failed, score 0

\`\`\`diff
 Dear customer,
-yes.
+no.
 Bye
\`\`\`

- equals 0: It differs.

</details>

2 cases, 4 answers · \\$0.004 · 40→16 tokens · 30.0 s<br>Cases that are not compared: 1 added, 2 removed.
`);
});

test('a stored baseline is compared with the answers of its cases, if their rows did not change', async () => {
  const before = sampleResult(
    {
      cases: [sampleCase('two', { contentHash: 'changed' }), sampleCase('one')],
      cells: [sampleCell(0, 'old two'), sampleCell(1, 'old one')],
    },
    { id: 'before' },
  );
  const tags = ['regressed'];
  const text = await markdown(
    sampleResult(
      {
        cases: [sampleCase('one', { tags }), sampleCase('two', { tags })],
        cells: [sampleCell(0, 'new one', failed), sampleCell(1, 'new two', failed)],
      },
      { baselineId: 'before' },
    ),
    before,
  );
  expect(text).toContain('```diff\n-old one\n+new one\n```');
  expect(text).not.toContain('new two');
});

test.each([
  ['done', undefined, '2 of 3 answers passed, 1 error'],
  ['budget', undefined, 'stopped by the budget after 3 of 4 answers'],
  ['stopped', worse, 'stopped after 3 of 4 answers'],
  ['done', { ...worse, gates: [{ gate: 'a>=1', passed: false, reason: 'No.' }] }, '1 of 1 gate failed'],
] as const)('a result that is %s has a heading of its own', async (state, summary, heading) => {
  const cells = [
    sampleCell(0, 'a', { column: 0 }),
    sampleCell(0, 'b', { column: 1 }),
    sampleCell(1, '', { column: 1, state: 'error', answer: { error: { code: 'server', message: 'It failed.' } } }),
  ];
  const cases = [sampleCase('one'), sampleCase('two')];
  const changes = { columns, state, summary: summary && { ...summary, gates: [...summary.gates] } };
  expect(await markdown(sampleResult({ cases, cells }, changes))).toMatch(
    new RegExp(`^## churn: ${heading.replace('.', '\\.')}\n`),
  );
});

test('texts can neither break the comment nor mention anyone', async () => {
  const hostile = '```\n</details> @team <img src=x> | **b** [x](https://example.com) \u001b[31m\u202e';
  const text = await markdown(
    sampleResult(
      { cases: [sampleCase(hostile, { inputs: { q: hostile } })], cells: [sampleCell(0, hostile, failed)] },
      {
        name: hostile,
        summary: { metrics: [], gates: [{ gate: hostile, passed: false, reason: hostile }], unmatched: undefined },
      },
    ),
  );
  const [beforeBlock = '', block = '', afterBlock = ''] = text.split('````');
  expect(block).toContain('```\n</details> @team');
  // what is in backticks is shown as it is
  const plain = (beforeBlock + afterBlock).replaceAll('\\`', '').replace(/`[^`]*`/g, '');
  expect(plain).not.toMatch(/@team|<img|\]\(https:|\*\*b\*\*/);
  expect(text).not.toMatch(/[\u001b\u202e]/);
});

test('the comment is never longer than code hosts accept', async () => {
  const count = 400;
  const cases = Array.from({ length: count }, (_, index) => sampleCase(`case ${index}`));
  const cells = cases.map((_, place) => sampleCell(place, `${place} ${'long\n'.repeat(5_000)}`, failed));
  const text = await markdown(sampleResult({ cases, cells }));
  expect(text.length).toBeLessThan(60_000);
  expect(text).toContain('<details><summary>400 cases failed</summary>');
  expect(text).toMatch(/\n\n3\d\d more cases are not shown\.\n\n<\/details>/);
});

test('with repeats, pass@k and pass^k are in Markdown and HTML, and not in JSON', async () => {
  const [metric] = worse?.metrics ?? [];
  const repeated = { k: 3, passAtK: 1, passHatK: 0.5, n: 12 };
  const summary: EvalRecord['summary'] = { metrics: [{ ...metric!, repeated }], gates: [], unmatched: undefined };
  const cases = [sampleCase('one')];
  const result = sampleResult({ cases, cells: [] }, { columns, summary, repeats: 3 });
  expect(await markdown(result)).toMatch(/pass@\u200b3 100%, pass\^3 50%/);
  const report = () => openReport(storedResults(result), result.record.id);
  const folder = await mkdtemp(path.join(tmpdir(), 'report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(['report.js', 'report.css'].map((name) => writeFile(path.join(folder, name), '')));
  const assets = pathToFileURL(`${folder}/`);
  expect(await textOf(writeReport('html', await report(), assets))).toContain('<td>100%</td><td>50%</td>');
  expect(await textOf(writeReport('json', await report(), assets))).not.toMatch(/pass\^|repeated|passAtK/);
});
