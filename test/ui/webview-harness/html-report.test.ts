import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openReport } from '../../../src/core/evals/report/eval-report.ts';
import { writeReport } from '../../../src/core/evals/report/report-formats.ts';
import type { EvalRecord } from '../../../src/core/store/evals/eval-record.ts';
import {
  sampleCase,
  sampleCell,
  sampleColumn,
  sampleResult,
  storedResults,
  textOf,
} from '../../unit/evals/report/sample-result.ts';
import { axeViolations } from '../accessibility/axe.ts';
import { screenshots } from '../workbench.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-report-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = '</script><script>document.title = "hacked"</script><img src="https://example.com/x.png">';
const bad = { state: 'failed', scores: [{ value: 0, passed: false, reason: HOSTILE }], score: 0 } as const;

/** Every tenth answer became worse, and every tenth case is an error. */
function manyCases(count: number) {
  const cases = Array.from({ length: count }, (_, index) => {
    return sampleCase(index === 0 ? HOSTILE : `case ${index}`, { inputs: { question: `${HOSTILE} ${index}` } });
  });
  const cells = cases.flatMap((_, place) => [
    sampleCell(place, `The old answer ${place}`, { column: 0 }),
    place % 10 === 1
      ? sampleCell(place, `The new answer ${place}\u001b[31m`, { column: 1, ...bad })
      : place % 10 === 2
        ? sampleCell(place, '', { column: 1, state: 'error', answer: { error: { code: 'server', message: HOSTILE } } })
        : sampleCell(place, `The old answer ${place}`, { column: 1 }),
  ]);
  return { cases, cells };
}

const columns = [
  sampleColumn({ version: { label: 'production', commit: 'c0ffee' }, isBaseline: true }),
  sampleColumn({ baselineColumn: 0 }),
];
const summary: EvalRecord['summary'] = {
  metrics: [
    {
      metric: 'equals',
      column: 1,
      mean: 0.9,
      interval: [0.85, 0.95],
      n: 300,
      missing: 0,
      baseline: {
        mean: 1,
        difference: -0.1,
        interval: [-0.15, -0.05],
        p: 0.0004,
        verdict: 'worse',
        smallestDetectable: 0.05,
        n: 300,
      },
    },
  ],
  gates: [{ gate: 'equals>=0.95', passed: false, reason: HOSTILE }],
  unmatched: undefined,
};

interface Opened {
  page: Page;
  /** Everything that the file asked for, or that its policy refused. */
  problems: string[];
}

async function open(count: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const result = sampleResult(manyCases(count), { columns, summary, name: HOSTILE });
  const assets = new URL('../../../dist/webview/', import.meta.url);
  const file = path.join(folder, `${count}-${colorScheme}.html`);
  writeFileSync(file, await textOf(writeReport('html', await openReport(storedResults(result), 'r1'), assets)));
  const page = await panels.browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme });
  onTestFinished(() => page.close());
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => request.url().endsWith('.html') || problems.push(`asked for ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('table').last().waitFor();
  return { page, problems };
}

test.for(['light', 'dark'] as const)('the report is readable and loads nothing in a %s theme', async (scheme) => {
  const { page, problems } = await open(40, scheme);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`${HOSTILE}: 1 of 1 gate failed`);
  expect(await page.title()).toBe(`${HOSTILE}: 1 of 1 gate failed`);
  expect(await page.getByRole('listitem').allTextContents()).toEqual(['equals 100% → 90%, worse, p < 0.001']);
  expect(await page.locator('img').count()).toBe(0);
  await page.getByRole('button', { name: 'case 1', exact: true }).click();
  await page.getByRole('button', { name: 'case 2', exact: true }).click();
  expect(await axeViolations(page)).toEqual([]);
  await page.screenshot({ path: path.join(screenshots, `html-report-${scheme}.png`), fullPage: true });
  expect(problems).toEqual([]);
});

test('a case shows what changed against the baseline, its scores and its error', async () => {
  const { page, problems } = await open(40);
  await page.getByRole('button', { name: 'case 1', exact: true }).click();
  const details = page.locator('.details');
  expect(await details.locator('del').allTextContents()).toEqual(['old']);
  expect(await details.locator('ins').allTextContents()).toEqual(['new', '␛[31m']);
  expect(await details.getByRole('cell', { name: HOSTILE }).count()).toBe(1);
  await page.getByRole('button', { name: 'case 1', exact: true }).click();
  expect(await details.count()).toBe(0);
  await page.getByRole('button', { name: 'case 2', exact: true }).press('Enter');
  expect(await details.locator('.problem').textContent()).toBe(HOSTILE);
  expect(problems).toEqual([]);
});

test('cases are filtered, searched and paged', async () => {
  const { page, problems } = await open(300);
  const rows = page.locator('.cases > tbody > tr');
  const status = page.getByRole('status');
  expect(await rows.count()).toBe(100);
  expect(await page.locator('fieldset button').allTextContents()).toEqual([
    'All 300',
    'Worse 60',
    'Failed 30',
    'Errors 30',
    'Changed answers 60',
  ]);
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await rows.first().getByRole('button').textContent()).toBe('case 100');
  await page.getByRole('button', { name: 'Failed 30' }).click();
  expect(await status.textContent()).toBe('30 cases of 300');
  expect(await rows.first().getByRole('button').textContent()).toBe('case 1');
  await page.getByRole('searchbox').fill('ANSWER 21');
  await expect.poll(() => status.textContent()).toBe('2 cases of 300');
  await page.getByRole('searchbox').fill('nothing');
  await expect.poll(() => status.textContent()).toBe('0 cases of 300');
  expect(problems).toEqual([]);
});

test('ten thousand cases are shown', async () => {
  const { page, problems } = await open(10_000);
  expect(await page.getByRole('status').textContent()).toBe('10,000 cases');
  expect(await page.getByText('Page 1 of 100').count()).toBe(1);
  await page.getByRole('button', { name: /^Worse/ }).click();
  expect(await page.getByRole('status').textContent()).toBe('2,000 cases of 10,000');
  expect(problems).toEqual([]);
});
