import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillHistory } from '../bed/fill-history.ts';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { comparePage } from './compare-page.ts';
import { enterSavedFile } from './quick-input.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const RUNS = 100_000;
const PROMPT = '---\nmodel: demo/swift\n---\nWill this customer leave?\n';
let folder: string;
let window: WorkbenchWindow;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'runs-table-'));
  fs.mkdirSync(path.join(folder, 'prompts'));
  for (const name of ['churn-analysis', 'summary', 'triage']) {
    fs.writeFileSync(path.join(folder, 'prompts', `${name}.prompt`), PROMPT);
  }
  await fillHistory(folder, RUNS);
  window = await openWindow({ workspace: folder, copy: false, size: { width: 1440, height: 900 } });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const grid = () => window.webview().getByRole('grid', { name: 'Runs' });
const row = (number: number) => window.webview().locator(`[aria-rowindex="${number + 2}"]`);

test('the Runs view opens a table of all runs, and one key moves to its last row', async () => {
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  // the actions of a view are shown while the mouse is over it; Prompts has rows of these names too
  const view = window.page.locator('.pane').filter({ hasText: /^Runs/ });
  await view
    .getByRole('treeitem', { name: /triage|summary|churn/ })
    .first()
    .hover();
  await view.getByRole('button', { name: 'Open Runs as Table' }).click();
  await row(0).getByText(/\d/).first().waitFor();
  await window.webview().getByRole('heading', { name: '100,000 runs' }).waitFor();
  await expect.poll(() => grid().evaluate((element) => element === document.activeElement)).toBe(true);
  await window.page.keyboard.press('Control+End');
  await row(RUNS - 1)
    .getByText('stopped')
    .or(row(RUNS - 1).getByText('done'))
    .first()
    .waitFor();
  await window.page.keyboard.press('Control+Home');
});

test('runs are sorted and filtered in the history itself', async () => {
  await window.webview().getByRole('columnheader', { name: 'Cost' }).click();
  await expect.poll(() => row(0).textContent()).toContain('$0.0074');
  await window.webview().getByRole('combobox', { name: 'Filter by model' }).click();
  await window.webview().getByRole('option', { name: 'demo/swift' }).click();
  await window.webview().getByRole('heading', { name: '25,000 runs' }).waitFor();
  await expect.poll(() => row(0).textContent()).toContain('sim.');
});

test.for(THEMES.slice(0, 2))('the table and its charts are readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  const view = window.webview();
  await view.locator(`body.${theme.name}`).waitFor();
  if ((await view.locator('.chart').count()) === 0) await view.getByRole('button', { name: 'Charts' }).click();
  await view.locator('.chart-bar').first().waitFor();
  await row(2).click();
  await window.page.screenshot({ path: path.join(screenshots, `runs-table-${theme.theme}.png`) });
  expect(await view.locator('body').evaluate(FAINT)).toEqual([]);
});

test('the table is restored after a reload of the window', async () => {
  await window.reload();
  await window.webview().getByRole('heading', { name: '25,000 runs' }).waitFor();
  const cost = window.webview().getByRole('columnheader', { name: 'Cost' });
  expect(await cost.getAttribute('aria-sort')).toBe('descending');
  await window.webview().getByRole('button', { name: 'Charts' }).click();
});

test('the selected runs are exported to the chosen file', async () => {
  await row(0).click();
  await row(2).click({ modifiers: ['Shift'] });
  await window.webview().getByRole('button', { name: 'Export' }).click();
  await window.webview().getByRole('menuitem', { name: '3 runs selected as JSON Lines…' }).click();
  const file = path.join(folder, 'some.jsonl');
  await enterSavedFile(window, 'Export 3 runs as JSON Lines', file);
  await expect.poll(() => fs.existsSync(file)).toBe(true);
  const runs = fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(runs).toHaveLength(3);
  expect(runs.map(({ simulated, answer }) => ({ simulated, answer: typeof answer }))).toEqual(
    runs.map(() => ({ simulated: true, answer: 'string' })),
  );
});

test('selected runs of one prompt open side by side, and those of several prompts explain why not', async () => {
  await window.webview().getByRole('button', { name: 'Compare Selected Runs' }).click();
  await window
    .webview()
    .getByRole('alert')
    .getByText(/belong to \d prompts/)
    .waitFor();
  await window.webview().getByRole('combobox', { name: 'Filter by prompt' }).click();
  await window.webview().getByRole('option', { name: 'prompts/triage.prompt' }).click();
  await expect.poll(() => row(0).textContent()).toContain('triage');
  await row(0).click();
  await row(1).click({ modifiers: ['ControlOrMeta'] });
  await window.webview().getByRole('button', { name: 'Compare Selected Runs' }).click();
  const columns = comparePage(window).view.locator('section.column');
  await expect.poll(() => columns.count()).toBe(2);
  await columns
    .first()
    .getByText(/will probably stay/)
    .waitFor();
});
