import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillEvaluation } from '../bed/fill-evaluation.ts';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { pickEntry, titled } from './quick-input.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const CASES = 2000;
const HOUR_MS = 3_600_000;
let folder: string;
let window: WorkbenchWindow;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'evaluation-panel-'));
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
  write('prompts/churn-analysis.prompt', '---\nmodel: demo/swift\n---\nWill this customer leave?\n');
  write('evals/churn.eval.yaml', 'prompts: [../prompts/churn-analysis.prompt]\ndataset: data/churn.jsonl\n');
  const rows = Array.from({ length: 20 }, (_, place) => ({
    id: `customer-${place + 1}`,
    age: 20 + place,
    plan: 'Gold',
  }));
  write('evals/data/churn.jsonl', `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  write(
    'evals/live.eval.yaml',
    // equal requests are sent once: the second model takes 20 s, so that there is time to pause and stop
    'prompts: [../prompts/churn-analysis.prompt]\ndataset: data/churn.jsonl\nmodels:\n  - demo/swift\n' +
      '  - { model: demo/thorough, config: { demo: { tokensPerSecond: 3, outputTokens: 60 } } }\n' +
      'metrics:\n  - { metric: regex, value: leave }\nconcurrency: 4\n',
  );
  await fillEvaluation(folder, { id: 'before', name: 'churn before', cases: CASES, startedAt: Date.now() - HOUR_MS });
  await fillEvaluation(folder, { id: 'now', cases: CASES, startedAt: Date.now() - 60_000 });
  window = await openWindow({ workspace: folder, copy: false, size: { width: 1440, height: 900 } });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const view = () => window.webview();
const grid = () => view().getByRole('grid', { name: 'Cases' });
const row = (number: number) => view().locator(`[aria-rowindex="${number + 2}"]`);
/** The cell of the working copy. */
const cell = (number: number) => row(number).getByRole('gridcell').last();
const casePane = () => view().getByRole('region', { name: /^Case \d/ });

test('a result opens with its cases, and one key moves to the last one', async () => {
  await window.command('LLMOps: Open Evaluation Results…');
  await pickEntry(window, 'churn quality');
  await row(0)
    .getByText(/Customer 1\./)
    .first()
    .waitFor();
  await window.page.getByRole('tab', { name: 'Evaluation: churn quality' }).waitFor();
  await expect.poll(() => grid().evaluate((element) => element === document.activeElement)).toBe(true);
  await window.page.keyboard.press('Control+End');
  await row(CASES - 1)
    .getByText(`Customer ${CASES}.`)
    .first()
    .waitFor();
  await window.page.keyboard.press('Control+Home');
});

test('what regressed is filtered, and a case opens with its changes and its history', async () => {
  await view()
    .getByRole('button', { name: /^regressed \d/ })
    .click();
  await expect.poll(async () => Number(await grid().getAttribute('aria-rowcount'))).toBeLessThan(CASES);
  await cell(0).dblclick();
  await casePane().locator('.diff ins, .diff del, .problem').first().waitFor();
  await casePane().getByRole('region', { name: 'History of this case' }).waitFor();
  await casePane().getByText('Changes in the prompt').click();
  await casePane().locator('.prompt-changes ins').first().waitFor();
});

test('text is searched in the answers, and an invalid expression says so', async () => {
  const search = view().getByRole('textbox', { name: /^Search/ });
  await search.fill('/customer 4\\d\\./');
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toMatch(/^\d$|^1\d$/);
  await search.fill('/(/');
  await view()
    .getByRole('alert')
    .getByText(/not a valid regular expression/)
    .waitFor();
  await view().getByRole('button', { name: 'Clear Filter' }).first().click();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(CASES + 1));
});

test.for(THEMES)('the panel with an open case and charts is readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  await view().locator(`body.${theme.name}`).waitFor();
  if ((await view().locator('.chart').count()) === 0) await view().getByRole('button', { name: 'Charts' }).click();
  await view().locator('.chart-mark').first().waitFor();
  await cell(3).dblclick();
  await casePane().getByRole('heading', { name: 'Case 4' }).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, `evaluation-panel-${theme.theme}.png`) });
  expect(await view().locator('body').evaluate(FAINT)).toEqual([]);
});

const choice = (name: string) => casePane().getByRole('button', { name, exact: true });
const isPressed = (name: string) => choice(name).getAttribute('aria-pressed');
/** What the summary says of a metric. */
const summaryOf = (metric: string) =>
  view()
    .getByRole('region', { name: 'Summary' })
    .getByRole('listitem')
    .filter({ has: view().getByText(metric, { exact: true }) });

test('a rating is stored, and is a metric of the result at once', async () => {
  await choice('Bad Answer').click();
  await choice('csat: 2 of 5').click();
  await choice('completed: Yes').click();
  await choice('escalated: No').click();
  for (const name of ['Bad Answer', 'csat: 2 of 5', 'completed: Yes', 'escalated: No']) {
    await expect.poll(() => isPressed(name)).toBe('true');
  }
  const score = (metric: string) => casePane().getByRole('row', { name: new RegExp(`^${metric}\\b`) });
  await score('csat').getByRole('cell', { name: '2', exact: true }).waitFor();
  await score('escalated').waitFor();
  await view().getByRole('button', { name: 'Show 3 more metrics' }).click();
  await summaryOf('csat').getByText('2', { exact: true }).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, 'evaluation-panel-rated.png') });
  // another one instead, and none
  await choice('csat: 4 of 5').click();
  await expect.poll(() => isPressed('csat: 2 of 5')).toBe('false');
  await score('csat').getByRole('cell', { name: '4', exact: true }).waitFor();
  await choice('escalated: No').click();
  await expect.poll(() => isPressed('escalated: No')).toBe('false');
  await score('escalated').waitFor({ state: 'detached' });
  await summaryOf('escalated').first().waitFor({ state: 'detached' });
});

test('the panel is restored after a reload, with its filter and the open case', async () => {
  await view()
    .getByRole('button', { name: /^failed \d/ })
    .click();
  await window.reload();
  await casePane().getByRole('heading', { name: 'Case 4' }).waitFor();
  expect(
    await view()
      .getByRole('button', { name: /^failed \d/ })
      .getAttribute('aria-pressed'),
  ).toBe('true');
  for (const name of ['Bad Answer', 'csat: 4 of 5', 'completed: Yes']) expect(await isPressed(name)).toBe('true');
  expect(await isPressed('escalated: No')).toBe('false');
  await view()
    .getByRole('button', { name: /^Show \d more metric/ })
    .click();
  await summaryOf('csat').getByText('4', { exact: true }).waitFor();
  await view()
    .getByRole('button', { name: /^all \d/ })
    .click();
});

test('the result is compared with a stored one', async () => {
  await view().getByRole('button', { name: 'Compare with a Stored Result' }).click();
  await view()
    .getByRole('button', { name: /churn before/ })
    .click();
  await view()
    .getByRole('button', { name: /^Compared with churn before/ })
    .waitFor();
  await view().getByRole('button', { name: 'regressed 0', exact: true }).waitFor();
});

test('a case is edited in its document, where the change is undone', async () => {
  await casePane().getByRole('button', { name: 'Edit Case' }).click();
  await casePane().getByRole('textbox', { name: 'age' }).fill('99');
  await casePane().getByRole('button', { name: 'Change Row' }).click();
  await casePane().getByText('The row was changed in evals/data/churn.jsonl').waitFor();
  await casePane().getByRole('button', { name: 'Show Row' }).click();
  const line = window.page.locator('.view-line').filter({ hasText: '"customer-4"' });
  await line.filter({ hasText: '99' }).waitFor();
  const onDisk = () => fs.readFileSync(path.join(folder, 'evals/data/churn.jsonl'), 'utf8');
  expect(onDisk()).not.toContain('99');
  await window.page.keyboard.press('ControlOrMeta+Z');
  await line.filter({ hasText: '23' }).waitFor();
});

test('the result is exported to a file', async () => {
  await window.command('LLMOps: Open Evaluation Results…');
  await pickEntry(window, 'churn quality');
  await view().getByRole('button', { name: 'Export', exact: true }).click();
  await view().getByRole('menuitem', { name: 'CSV…' }).click();
  await titled(window, 'Export as CSV');
  const input = window.page.locator('.quick-input-widget input.input');
  const file = path.join(folder, 'churn-quality.csv');
  await expect.poll(() => input.inputValue()).toBe(file);
  await input.press('Enter');
  await expect.poll(() => fs.existsSync(file)).toBe(true);
  expect(fs.readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(CASES * 2);
});

test('an evaluation streams into its panel, is stopped, and resumed to its end', async () => {
  await window.openFile('evals/live.eval.yaml');
  await window.command('LLMOps: Run Evaluation…');
  await window.page.getByRole('tab', { name: 'Evaluation: live' }).waitFor();
  await view()
    .getByText(/running \d+ of 40/)
    .waitFor();
  await row(0)
    .getByRole('img', { name: /passed|failed/ })
    .first()
    .waitFor();
  await window.page.screenshot({ path: path.join(screenshots, 'evaluation-panel-running.png') });
  await view().getByRole('button', { name: 'Pause' }).click();
  // a pause of the user's own is no problem, and needs no message
  await view()
    .locator('.banner.info')
    .getByText(/^The evaluation is paused\. \d+ of 40 answers kept\.$/)
    .waitFor();
  expect(await window.toast('paused').count()).toBe(0);
  // without a baseline, no case can be better or worse
  expect(
    await view()
      .getByRole('button', { name: /^regressed/ })
      .count(),
  ).toBe(0);
  await view().getByRole('button', { name: 'Continue' }).click();
  await view().getByRole('button', { name: 'Stop' }).click();
  await view()
    .getByText(/The evaluation was stopped\. \d+ of 40 answers kept\./)
    .waitFor();
  await view().getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => view().locator('.evaluation-state').textContent(), { timeout: 75_000 }).toContain('done');
  await view().getByRole('region', { name: 'Summary' }).getByText('regex').first().waitFor();
  await row(0).dblclick();
  await casePane().getByText('Messages as sent').click();
  await casePane().locator('.message').first().getByText('Will this customer leave?').waitFor();
});
