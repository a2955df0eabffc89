import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { evaluationChecks } from '../../../src/protocol/evaluation-checks.ts';
import { axeViolations } from '../accessibility/axe.ts';
import { closeAfterTest } from './close-after-test.ts';
import { hostScript, type Theme } from './panel-page.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();
const evaluationHost = readFileSync(path.join(import.meta.dirname, 'evaluation-host.js'), 'utf8');

async function open({ theme = 'dark' as Theme, size = { width: 1280, height: 800 }, change = '' } = {}) {
  const page = await panels.browser.newPage({ viewport: size });
  closeAfterTest(page, evaluationChecks);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.addInitScript({ content: `${hostScript}\n{${evaluationHost}\n${change}}` });
  await page.goto(`${panels.url}/evaluation/${theme}`);
  return { page, problems };
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Cases' });
const row = (page: Page, number: number) => page.locator(`[aria-rowindex="${number + 2}"]`);
/** The cell of the working copy. */
const cell = (page: Page, number: number) => row(page, number).getByRole('gridcell').last();
const casePane = (page: Page) => page.getByRole('region', { name: /^Case \d/ });
const calls = (page: Page, method: string) =>
  page.evaluate((name) => fakeHost.calls.filter((call) => call.method === name).map(({ params }) => params), method);
const send = (page: Page, ...events: unknown[]) => page.evaluate((batch) => fakeHost.send(batch as never), events);
const announced = (page: Page) => page.locator('[role="status"].visually-hidden').last().textContent();

const pictures = path.join(import.meta.dirname, '../../../test-results/evaluation');
async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

test.for<Theme>(['dark', 'light', 'high-contrast'])(
  'cases, an open case and charts are readable, and axe-core reports nothing: %s',
  async (theme) => {
    const { page, problems } = await open({ theme });
    await cell(page, 3).dblclick();
    await casePane(page).getByRole('heading', { name: 'Case 4' }).waitFor();
    await page.getByRole('button', { name: 'Charts' }).click();
    await page.getByText('The cheapest that passes').waitFor();
    await picture(page, `case-${theme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  },
);

test('fifty thousand cases in two columns are one grid, of which a screenful is drawn', async () => {
  const { page, problems } = await open();
  await row(page, 0).waitFor();
  expect(await grid(page).getAttribute('aria-rowcount')).toBe('50001');
  expect(await grid(page).getAttribute('aria-colcount')).toBe('5');
  expect(await page.getByRole('row').count()).toBeLessThan(70);
  // without an open case, the table has all the room
  expect(await grid(page).evaluate((element) => element.getBoundingClientRect().bottom)).toBe(800);
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await row(page, 49_999).getByText('50000', { exact: true }).waitFor();
  expect(problems).toEqual([]);
});

test('the summary says in sentences what became worse, and what was not shown to change', async () => {
  const { page } = await open();
  const lines = page.getByRole('region', { name: 'Summary' }).getByRole('listitem');
  await lines.first().waitFor();
  const texts = (await lines.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  expect(texts).toEqual([
    expect.stringContaining('Gate schemaValid >= 0.95 passed'),
    expect.stringContaining('Gate rougeL, at most 0.02 worse than the baseline failed: It is 0.07 worse.'),
    expect.stringMatching(/^rougeL 0\.91 → 0\.84, worse, p 0\.01/),
    expect.stringMatching(/^latencyMs 1\.20 s → 0\.90 s, better, p < 0\.001/),
    expect.stringMatching(/^schemaValid 99% → 100%, no change shown, p 0\.25/),
  ]);
  await page.getByText('Not compared: 3 cases added, 1 case changed').waitFor();
});

test('chips, tags, metrics, text and expressions filter the cases, and can be cleared at once', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'regressed 10,000' }).click();
  await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('10001');
  expect(await page.getByRole('button', { name: /^regressed/ }).getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('combobox', { name: 'Filter by tag' }).click();
  await page.getByRole('option', { name: /^angry/ }).click();
  await page.getByRole('combobox', { name: 'Filter by failed metric' }).click();
  await page.getByRole('option', { name: 'fails rougeL' }).click();
  await page.getByRole('textbox', { name: /^Search/ }).fill('/plan: G.ld/');
  const last = async () => (await calls(page, 'list.open')).at(-1);
  await expect.poll(last).toMatchObject({
    filter: { state: 'regressed', tag: 'angry', metric: 'rougeL', text: 'plan: G.ld', isRegex: true },
  });
  await page.getByText('No case matches the filter.').waitFor();
  await page.getByRole('button', { name: 'Clear Filter' }).first().click();
  await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('50001');
  expect(await last()).toMatchObject({ filter: {} });
});

test('an invalid expression says so and keeps the list', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  await page.evaluate(() => {
    fakeHost.errors['list.open'] = { code: 'invalid-input', message: 'The expression /(/ is not valid.' };
  });
  await page.getByRole('textbox', { name: /^Search/ }).fill('/(/');
  await page.getByRole('alert').getByText('The expression /(/ is not valid.').waitFor();
  expect(await row(page, 0).isVisible()).toBe(true);
});

test('headers and the menu sort, by change too, and cases are grouped', async () => {
  const { page } = await open();
  await page.getByRole('columnheader', { name: /^churn-analysis · demo/ }).click();
  await expect
    .poll(async () => (await calls(page, 'list.open')).at(-1))
    .toMatchObject({
      sort: { by: 'score', column: 1, descending: false },
    });
  await page.getByRole('combobox', { name: 'Sort the cases' }).click();
  await page.getByRole('option', { name: 'Largest regression first' }).click();
  await expect
    .poll(async () => (await calls(page, 'list.open')).at(-1))
    .toMatchObject({
      sort: { by: 'change', descending: false },
    });
  await page.getByRole('combobox', { name: 'Group the cases' }).click();
  await page.getByRole('option', { name: 'Group by state' }).click();
  await row(page, 0).getByText('Failed').waitFor();
  expect(await row(page, 0).getByRole('gridcell').last().getAttribute('aria-colspan')).toBe('4');
  await picture(page, 'groups');
  expect(await axeViolations(page)).toEqual([]);
});

const fourColumns = `RESULT.columns = ['demo/swift', 'demo/balanced'].flatMap((model) => [
    column({ label: 'production', commit: 'c1' }, { isBaseline: true, model }),
    column(undefined, { model }),
  ]);
  const rowOfTwo = make.row;
  make.row = (place) => ({ ...rowOfTwo(place), cells: [0, 1, 0, 1].map((at) => make.cell(place, at)) });`;

test.for<[string, { width: number; height: number }, Theme]>([
  ['wide', { width: 1440, height: 900 }, 'dark'],
  ['wide', { width: 1440, height: 900 }, 'light'],
  ['narrow', { width: 400, height: 800 }, 'light'],
  ['narrow', { width: 400, height: 800 }, 'dark'],
])('four columns differ at sight, and a case shows its id: %s', async ([layout, size, theme]) => {
  const { page } = await open({ change: fourColumns, size, theme });
  await row(page, 0).getByText('customer-1 ').waitFor();
  await picture(page, `four-columns-${layout}-${theme}`);
  const isCut = (element: Element) => element.scrollWidth > element.clientWidth;
  if (layout === 'wide') {
    const heads = page.getByRole('columnheader', { name: /^churn-analysis/ });
    expect(await heads.locator('.table-text').allInnerTexts()).toEqual([
      'production (baseline)\ndemo/swift',
      'working copy\ndemo/swift',
      'production (baseline)\ndemo/balanced',
      'working copy\ndemo/balanced',
    ]);
    for (const head of await heads.locator('.table-text').all()) expect(await head.evaluate(isCut)).toBe(false);
  } else {
    const names = row(page, 0).locator('.case-line-name');
    expect(await names.allInnerTexts()).toEqual([
      'production · swift',
      'working copy · swift',
      'production · balanced',
      'working copy · balanced',
    ]);
    for (const name of await names.all()) expect(await name.evaluate(isCut)).toBe(false);
  }
  expect(await axeViolations(page)).toEqual([]);
});

test('groups fold by keyboard and mouse as in a tree, and stay folded after a reload', async () => {
  const { page, problems } = await open();
  const tree = page.getByRole('treegrid', { name: 'Cases' });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const expanded = (number: number) => row(page, number).getAttribute('aria-expanded');
  const activeRow = () =>
    tree.evaluate((element) => {
      const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
      return Number(active?.closest('[aria-rowindex]')?.getAttribute('aria-rowindex')) - 2;
    });
  await page.getByRole('combobox', { name: 'Group the cases' }).click();
  await page.getByRole('option', { name: 'Group by state' }).click();
  await row(page, 0).getByText('Failed').waitFor();
  expect(await expanded(0)).toBe('true');
  expect(await row(page, 1).getAttribute('aria-level')).toBe('2');
  await tree.focus();
  await press('Control+Home', 'ArrowRight', 'ArrowDown', 'ArrowDown');
  expect(await activeRow()).toBe(3);
  await press('ArrowLeft');
  await expect.poll(activeRow).toBe(0);
  await press('ArrowLeft');
  await expect.poll(() => expanded(0)).toBe('false');
  await expect.poll(() => announced(page)).toMatch(/Failed collapsed$/);
  // what follows a folded title is the next title, which has the rest of the cases
  await row(page, 1).getByText('Passed').waitFor();
  expect(await expanded(1)).toBe('true');
  await picture(page, 'folded');
  expect(await axeViolations(page)).toEqual([]);
  await page.reload();
  await expect.poll(() => expanded(0)).toBe('false');
  await row(page, 1).getByText('Passed').click();
  await expect.poll(() => expanded(1)).toBe('false');
  expect(await tree.getAttribute('aria-rowcount')).toBe('3');
  await tree.focus();
  await press('Enter');
  await expect.poll(() => expanded(1)).toBe('true');
  await page.getByRole('button', { name: 'Collapse All' }).click();
  await expect.poll(() => tree.getAttribute('aria-rowcount')).toBe('3');
  await page.getByRole('button', { name: 'Expand All' }).click();
  await expect.poll(() => tree.getAttribute('aria-rowcount')).toBe('50003');
  expect(problems).toEqual([]);
});

test('all groups are folded from a case far down, and its title is the active row', async () => {
  const { page } = await open();
  await page.getByRole('combobox', { name: 'Group the cases' }).click();
  await page.getByRole('option', { name: 'Group by state' }).click();
  const tree = page.getByRole('treegrid', { name: 'Cases' });
  await tree.focus();
  await page.keyboard.press('Control+End');
  await row(page, 50_001).getByText('50000', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Collapse All' }).click();
  await row(page, 1).getByText('Passed').waitFor();
  await expect.poll(() => tree.getAttribute('aria-activedescendant')).toBe('case-1-3');
});

test('a row that is being read is one cell, and shows nothing of the row before it', async () => {
  const { page } = await open({
    change: `const read = host.replies['rows.read'];
      host.held = new Promise((resolve) => { host.release = resolve; });
      host.replies['rows.read'] = async (params) => { await host.held; return read(params); };`,
  });
  await row(page, 0).waitFor();
  await grid(page).evaluate((element) => {
    element.scrollTop = 600_000;
  });
  await row(page, 25_000).getByRole('gridcell', { name: 'loading' }).waitFor();
  expect(await row(page, 25_000).getByRole('gridcell').count()).toBe(2);
  // without what is in the row's element, but invisible
  expect((await row(page, 25_000).allInnerTexts()).map((text) => text.trim())).toEqual(['loading']);
  await page.evaluate(() => (fakeHost as unknown as { release(): void }).release());
  await row(page, 25_000).getByText('25001', { exact: true }).waitFor();
  expect(await page.getByRole('gridcell', { name: 'loading' }).count()).toBe(0);
});

test('Enter opens a case with its changes, arrows move on, and Escape returns to the table', async () => {
  const { page, problems } = await open();
  await row(page, 0).waitFor();
  await grid(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  const pane = casePane(page);
  await pane.getByRole('heading', { name: 'Case 4' }).waitFor();
  await pane.getByRole('tab', { name: 'working copy' }).click();
  await pane.locator('.diff ins').first().waitFor();
  await pane.getByText('risk_level is not one of low, medium, high').waitFor();
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await pane.getByRole('heading', { name: 'Case 5' }).waitFor();
  await page.keyboard.press('Alt+PageDown');
  await pane.getByRole('heading', { name: 'Case 6' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => pane.count()).toBe(0);
  await expect.poll(() => grid(page).evaluate((element) => element === document.activeElement)).toBe(true);
  expect(problems).toEqual([]);
});

test('the edge between table and case is moved with keys and by dragging, and kept after a reload', async () => {
  const { page } = await open();
  await cell(page, 3).dblclick();
  const pane = casePane(page);
  await pane.waitFor();
  const height = async () => (await pane.boundingBox())?.height ?? 0;
  const before = await height();
  const sash = page.getByRole('separator', { name: 'Height of the case' });
  await sash.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(height).toBeGreaterThan(before + 5);
  const box = await sash.boundingBox();
  await page.mouse.move(640, (box?.y ?? 0) + 2);
  await page.mouse.down();
  await page.mouse.move(640, (box?.y ?? 0) + 152, { steps: 4 });
  await page.mouse.up();
  await expect.poll(height).toBeLessThan(before - 50);
  const after = await height();
  await page.reload();
  await pane.waitFor();
  await expect.poll(async () => Math.abs((await height()) - after)).toBeLessThan(2);
  await sash.dblclick();
  await expect.poll(async () => Math.abs((await height()) - before)).toBeLessThan(2);
});

test('an answer is compared with what was expected, rated and commented', async () => {
  const { page } = await open();
  await row(page, 1).dblclick();
  const pane = casePane(page);
  await pane.getByRole('tab', { name: 'working copy' }).click();
  await pane.getByRole('combobox', { name: 'Compare the answer with' }).click();
  await page.getByRole('option', { name: 'Changes from expected' }).click();
  await pane.locator('.diff del').first().waitFor();
  await pane.getByRole('button', { name: 'Bad Answer' }).click();
  await pane.getByRole('button', { name: 'Add Comment' }).click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Too short');
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(() => calls(page, 'answer.rate'))
    .toEqual([
      { place: 1, column: 1, repeat: 1, changes: { rating: 'down' } },
      { place: 1, column: 1, repeat: 1, changes: { comment: 'Too short' } },
    ]);
  await pane.getByText('Messages as sent').click();
  await pane.getByText('You judge customers.').waitFor();
  await pane.getByText('Changes in the prompt').click();
  await pane.locator('.prompt-changes ins').first().waitFor();
  await pane.getByRole('button', { name: 'Open in Diff Editor' }).click();
  expect(await calls(page, 'prompt.diff')).toEqual([{ column: 1 }]);
});

test('ratings are one stop of Tab, and the arrow keys choose between them', async () => {
  const { page, problems } = await open({ size: { width: 400, height: 800 } });
  await row(page, 1).dblclick();
  const bar = casePane(page).getByRole('toolbar', { name: 'Rating' });
  await bar.waitFor();
  expect(await bar.getByRole('group').evaluateAll((groups) => groups.map((group) => group.ariaLabel))).toEqual([
    'thumbs',
    'csat',
    'completed',
    'escalated',
  ]);
  const overflow = await casePane(page).evaluate((pane) => {
    const bar = pane.querySelector('.rating-bar')!.getBoundingClientRect();
    return [...pane.querySelectorAll('.rating-bar button')].filter(
      (button) => button.getBoundingClientRect().right > bar.right,
    ).length;
  });
  expect(overflow).toBe(0);
  await bar.getByRole('button', { name: 'Good Answer' }).focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('escalated: No');
  await expect
    .poll(() => calls(page, 'answer.rate'))
    .toEqual([
      { place: 1, column: 1, repeat: 1, changes: { csat: 4 } },
      { place: 1, column: 1, repeat: 1, changes: { escalated: false } },
    ]);
  await picture(page, 'ratings-narrow');
  expect(problems).toEqual([]);
});

test('a case is edited where it is shown, and only what changed is sent', async () => {
  const { page } = await open({ change: `host.replies['case.edit'] = { isAutoSaved: false };` });
  await row(page, 2).dblclick();
  const pane = casePane(page);
  await pane.getByRole('button', { name: 'Edit Case' }).click();
  const change = pane.getByRole('button', { name: 'Change Row in churn.jsonl' });
  expect(await change.getAttribute('aria-disabled')).toBe('true');
  await pane.getByRole('textbox', { name: 'age' }).fill('forty');
  await pane.getByRole('alert').getByText('This value is a number, so it must be valid JSON.').waitFor();
  await pane.getByRole('textbox', { name: 'age' }).fill('41');
  await pane.getByRole('textbox', { name: 'Tags' }).fill('price, vip');
  await change.click();
  await pane.getByText('The row was changed in data/churn.jsonl, which is not saved yet.').waitFor();
  expect(await calls(page, 'case.edit')).toEqual([
    { place: 2, changes: { inputs: { age: 41 }, tags: ['price', 'vip'] } },
  ]);
  await pane.getByRole('button', { name: 'Show Row in churn.jsonl' }).click();
  expect(await calls(page, 'case.open')).toEqual([{ place: 2 }]);
});

test('with auto save, a case that is edited is not called unsaved', async () => {
  const { page } = await open({ change: `host.replies['case.edit'] = { isAutoSaved: true };` });
  await row(page, 2).dblclick();
  const pane = casePane(page);
  await pane.getByRole('button', { name: 'Edit Case' }).click();
  await pane.getByRole('textbox', { name: 'age' }).fill('41');
  await pane.getByRole('button', { name: 'Change Row in churn.jsonl' }).click();
  await pane.getByText('The row was changed in data/churn.jsonl, which is saved automatically.').waitFor();
  expect(await pane.getByText('not saved').count()).toBe(0);
});

const running = `Object.assign(RESULT, { state: 'running', endedAt: undefined, workedMs: 60_000, workingSince: Date.now() - 9000 });
  RESULT.counts = { ...RESULT.counts, passed: 30, failed: 2, errors: 0 };
  Object.assign(host.replies.snapshot, { control: 'own', summary: undefined, progress: { done: 32, total: 100_000, perSecond: 12, leftMs: 23000 } });`;

test('a running evaluation shows its progress, can be paused and stopped, and announces its end', async () => {
  const { page } = await open({ change: running });
  await page.getByText('32 of 100,000 · 12 a second · 23.0 s left').waitFor();
  // worked before a resume, and since
  await page.getByText(/· 1:(09|1\d) min ·/).waitFor();
  await picture(page, 'running');
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  expect(await calls(page, 'run.control')).toEqual([{ action: 'pause' }, { action: 'stop' }]);
  const lists = (await calls(page, 'list.open')).length;
  const counts = { cases: 50_000, cells: 100_000, passed: 40, failed: 2, errors: 1, cached: 0 };
  await send(page, { type: 'progress', counts, totals: { costUsd: 0.002 } }, { type: 'cells' });
  await page.getByText('43 of 100,000').waitFor();
  await expect.poll(async () => (await calls(page, 'list.open')).length).toBe(lists + 1);
  const result = await page.evaluate(() => (fakeHost.replies.snapshot as { result: object }).result);
  await send(page, { type: 'result', result: { ...result, state: 'stopped', counts }, control: 'none' });
  await page.getByText('The evaluation was stopped. 43 of 100,000 answers kept.').waitFor();
  await expect.poll(() => announced(page)).toContain('Evaluation stopped. 40 passed, 2 failed, 1 error');
  await page.getByRole('button', { name: 'Resume' }).click();
  expect((await calls(page, 'run.control')).at(-1)).toEqual({ action: 'resume' });
});

test.for([
  ['paused', 'The evaluation is paused.', { code: 'rate-limit', message: 'The provider asks to wait 40 s.' }],
  ['budget', 'The evaluation stopped because its next request could exceed the budget.', undefined],
  ['failed', 'The evaluation failed.', { code: 'store', message: 'The disk is full.', hint: 'Free some space.' }],
  ['interrupted', 'The evaluation was interrupted because its window was closed.', undefined],
] as const)('a result that is %s says why, and what was kept', async ([state, text, error]) => {
  const { page } = await open({
    change: `${running}\nObject.assign(RESULT, ${JSON.stringify({ state, error })}, { workingSince: undefined });
      host.replies.snapshot.control = ${state === 'paused' ? "'own'" : "'none'"};`,
  });
  await page.getByText(text).waitFor();
  if (error) await page.getByText(error.message).waitFor();
  await page.getByText('32 of 100,000 answers kept.').waitFor();
  // the time stands still
  await page.getByText('· 1:00 min ·').waitFor();
  const button = state === 'paused' ? 'Continue' : 'Resume';
  await page.getByRole('button', { name: button, exact: true }).click();
  expect(await calls(page, 'run.control')).toEqual([{ action: state === 'paused' ? 'continue' : 'resume' }]);
  expect(await axeViolations(page)).toEqual([]);
});

test('a budget is no fault, and a result with nothing but errors says so', async () => {
  const error = { code: 'budget', message: 'Stopped: $0.49 of $0.50 was spent.' };
  const budget = await open({ change: `Object.assign(RESULT, ${JSON.stringify({ state: 'budget', error })});` });
  // the reason is said once, and with the numbers
  const banner = budget.page.locator('.banner.warning');
  await banner.getByText(/^Stopped: \$0\.49 of \$0\.50 was spent\. [\d,]+ of [\d,]+ answers kept\.$/).waitFor();
  const counts = { cases: 200, cells: 400, passed: 0, failed: 0, errors: 400, cached: 0 };
  const broken = await open({ change: `Object.assign(RESULT, ${JSON.stringify({ counts })});` });
  await broken.page.locator('.banner.error').getByText('All 400 answers are errors.').waitFor();
  const some = { ...counts, passed: 1, errors: 399 };
  const partly = await open({ change: `Object.assign(RESULT, ${JSON.stringify({ counts: some })});` });
  await row(partly.page, 0).waitFor();
  expect(await partly.page.locator('.banner').count()).toBe(0);
});

test('another window that runs it is watched, and nothing can be started in an untrusted workspace', async () => {
  const { page } = await open({ change: `${running}\nhost.replies.snapshot.control = 'other-window';` });
  await page.getByText('Running in another window').waitFor();
  const untrusted = await open({ change: 'host.replies.snapshot.canRun = false;' });
  await untrusted.page.getByText('This workspace is not trusted.').waitFor();
  const again = untrusted.page.getByRole('button', { name: 'Run Again' });
  expect(await again.getAttribute('aria-disabled')).toBe('true');
});

test('loading, an error, no cases, and a deleted result are states of their own', async () => {
  const loading = await open({ change: 'host.silent = true;' });
  await loading.page.getByText('Loading the evaluation…').waitFor();
  const broken = await open({
    change: `host.errors.snapshot = { code: 'unknown-result', message: 'There is no result x.' };`,
  });
  await broken.page.getByRole('alert').getByText('There is no result x.').waitFor();
  const empty = await open({
    change: `const reply = host.replies['list.open'];
      host.replies['list.open'] = (query) => ({ ...reply(query), count: 0, cases: 0, first: { from: 0, rows: [] } });`,
  });
  await empty.page.getByText('This result has no cases.').waitFor();
  await send(empty.page, { type: 'deleted' });
  await empty.page.getByText('This result was deleted.').waitFor();
});

test('repeats are one cell with spread and distinct answers', async () => {
  const { page } = await open({
    change: `RESULT.repeats = 3;
      const once = make.cell;
      make.cell = (place, at) => ({ ...once(place, at), repeats: 3, passed: 2, distinct: 2, score: 0.8, spread: [0.7, 0.9] });`,
  });
  await row(page, 0).getByText('2/3 ±0.1 ≠2').first().waitFor();
  await page.getByRole('button', { name: /^flaky/ }).waitFor();
});

test('the result is compared with a stored one, pinned, exported, and run again', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Compare with a Stored Result' }).click();
  await page.getByRole('button', { name: /churn quality.*200 cases, 5.1 MB/ }).click();
  await expect.poll(() => calls(page, 'against.set')).toEqual([{ id: 'result-0' }]);
  const pick = async (menu: string, item: string) => {
    await page.getByRole('button', { name: menu, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await pick('More Actions', 'Pin as Baseline');
  await pick('Export', 'HTML Report…');
  await row(page, 1).click();
  await pick('Run Again', '1 Selected Case');
  await pick('Run Again', 'Score Stored Answers Again');
  expect(await calls(page, 'result.pin')).toEqual([{ isPinned: true }]);
  expect(await calls(page, 'result.export')).toEqual([{ format: 'html' }]);
  expect(await calls(page, 'run.again')).toEqual([{ what: { list: 1, ranges: [[1, 1]] } }]);
  expect(await calls(page, 'run.control')).toEqual([{ action: 'rescore' }]);
});

test('at 400 pixels, columns are lines of a case, and the open case is below', async () => {
  const { page, problems } = await open({ size: { width: 400, height: 800 } });
  await row(page, 0).getByText('production (baseline)').waitFor();
  await picture(page, 'narrow-table');
  await row(page, 3).dblclick();
  await casePane(page).getByRole('heading', { name: 'Case 4' }).waitFor();
  await picture(page, 'narrow-case');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(400);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('at 400 pixels, the open case and the charts take turns below the table', async () => {
  const { page, problems } = await open({ size: { width: 400, height: 800 } });
  const charts = page.getByRole('button', { name: 'Charts' });
  const chartsOf = () => page.getByRole('region', { name: 'Charts' });
  await charts.click();
  await chartsOf().locator('.chart-mark').first().waitFor();
  await row(page, 0).dblclick();
  await casePane(page).waitFor();
  expect(await chartsOf().count()).toBe(0);
  expect(await charts.getAttribute('aria-pressed')).toBe('false');
  expect((await grid(page).boundingBox())?.height).toBeGreaterThan(150);
  await charts.click();
  await chartsOf().waitFor();
  expect(await casePane(page).count()).toBe(0);
  expect((await grid(page).boundingBox())?.height).toBeGreaterThan(150);
  // there is room for both
  await row(page, 0).dblclick();
  await casePane(page).waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await chartsOf().waitFor();
  expect(await charts.getAttribute('aria-pressed')).toBe('true');
  expect(problems).toEqual([]);
});

test.for<Theme>(['dark', 'light', 'high-contrast'])(
  'the number and the name of a case stay in view, and cover what scrolls below them: %s',
  async (theme) => {
    const { page } = await open({ change: fourColumns, theme, size: { width: 1000, height: 600 } });
    await row(page, 3).hover();
    const number = row(page, 3).getByRole('gridcell', { name: '4', exact: true });
    const name = row(page, 3).getByRole('gridcell', { name: /^customer-4 / });
    const pinned = () => Promise.all([number.boundingBox(), name.boundingBox()]);
    const before = await pinned();
    const painted = () => name.screenshot({ animations: 'disabled' });
    const beforeScroll = await painted();
    await grid(page).evaluate((element) => element.scrollTo({ left: 150 }));
    await expect
      .poll(() => row(page, 3).locator('.table-cell:not(.pinned)').first().boundingBox())
      .toMatchObject({
        x: (before[1]?.x ?? 0) + (before[1]?.width ?? 0) - 150,
      });
    expect(await pinned()).toEqual(before);
    expect((await painted()).equals(beforeScroll)).toBe(true);
    // the arrow keys show a whole cell beside them
    await grid(page).focus();
    for (const key of ['ArrowDown', 'End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    const active = grid(page).locator('.table-cell.active');
    const edge = (before[1]?.x ?? 0) + (before[1]?.width ?? 0);
    await expect.poll(async () => (await active.boundingBox())?.x).toBeGreaterThanOrEqual(edge);
    await page.keyboard.press('Space');
    await picture(page, `pinned-${theme}`);
  },
);

test('F6 goes through the regions, and ? lists the keys', async () => {
  const { page } = await open();
  await row(page, 0).dblclick();
  await casePane(page).waitFor();
  await grid(page).focus();
  const regions: (string | null)[] = [];
  for (let turn = 0; turn < 5; turn++) {
    regions.push(
      await page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? null),
    );
    await page.keyboard.press('Shift+F6');
  }
  expect(regions).toEqual(['table', 'filter', 'summary', 'header', 'header']);
  await grid(page).focus();
  await page.keyboard.press('F6');
  expect(await page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'))).toBe(
    'case',
  );
  await grid(page).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
});
