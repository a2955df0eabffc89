import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { runsChecks } from '../../../src/protocol/runs-checks.ts';
import { axeViolations } from '../accessibility/axe.ts';
import { closeAfterTest } from './close-after-test.ts';
import { hostScript, type Theme } from './panel-page.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();
const runsHost = readFileSync(path.join(import.meta.dirname, 'runs-host.js'), 'utf8');

interface Opened {
  page: Page;
  problems: string[];
}

async function open({
  theme = 'dark' as Theme,
  size = { width: 1090, height: 760 },
  change = '',
} = {}): Promise<Opened> {
  const page = await panels.browser.newPage({ viewport: size });
  closeAfterTest(page, runsChecks);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.addInitScript({ content: `${hostScript}\n{${runsHost}\n${change}}` });
  await page.goto(`${panels.url}/runs/${theme}`);
  return { page, problems };
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Runs' });
const row = (page: Page, number: number) => page.locator(`[aria-rowindex="${number + 2}"]`);
const calls = (page: Page, method: string) =>
  page.evaluate((name) => fakeHost.calls.filter((call) => call.method === name).map(({ params }) => params), method);
/** The text of the active cell of the grid. */
const activeText = (page: Page) =>
  grid(page).evaluate((element) => {
    const id = element.getAttribute('aria-activedescendant');
    return document.getElementById(id ?? '')?.textContent ?? null;
  });

test('a hundred thousand rows are one grid, of which a screenful is drawn', async () => {
  const { page, problems } = await open();
  await row(page, 0).waitFor();
  expect(await grid(page).getAttribute('aria-rowcount')).toBe('100001');
  expect(await grid(page).getAttribute('aria-colcount')).toBe('10');
  expect(await page.getByRole('row').count()).toBeLessThan(70);
  const roles = await row(page, 3).evaluate((element) =>
    [...element.children].map((cell) => cell.getAttribute('role')),
  );
  expect(new Set(roles)).toEqual(new Set(['gridcell']));
  expect(problems).toEqual([]);
});

test('the keyboard reaches every cell, including the last row, and Enter opens the run', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  await expect.poll(() => grid(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await activeText(page)).toBe('summary');
  await page.keyboard.press('Control+End');
  await row(page, 99_999).getByText('streaming').waitFor();
  await page.keyboard.press('Home');
  await expect.poll(() => activeText(page)).toMatch(/^2026-/);
  await page.keyboard.press('Enter');
  expect(await calls(page, 'run.open')).toEqual([{ list: 1, row: 99_999 }]);
  await page.keyboard.press('Control+Home');
  await expect.poll(() => activeText(page)).toMatch(/^2026-11-28/);
});

test('a header sorts by Enter and by click, and shows it', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  await page.getByRole('columnheader', { name: 'Cost' }).click();
  const header = page.getByRole('columnheader', { name: 'Cost' });
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
  await grid(page).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.getByRole('columnheader', { name: 'Started' }).getAttribute('aria-sort'))
    .toBe('descending');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => calls(page, 'list.open'))
    .toMatchObject([
      { sort: { by: 'started', descending: true } },
      { sort: { by: 'cost', descending: true } },
      { sort: { by: 'started', descending: true } },
      { sort: { by: 'started', descending: false } },
    ]);
});

test('rows are selected by clicks and keys, including those that were never read', async () => {
  const { page } = await open();
  await row(page, 2).click();
  await row(page, 4).click({ modifiers: ['ControlOrMeta'] });
  expect(await page.locator('[aria-selected="true"]').count()).toBe(2);
  await row(page, 7).click({ modifiers: ['Shift'] });
  await page.getByText('4 of 100,000 runs selected').waitFor();
  await page.getByRole('button', { name: 'Compare Selected Runs' }).click();
  expect(await calls(page, 'runs.compare')).toEqual([{ list: 1, ranges: [[4, 7]] }]);
  await grid(page).focus();
  await page.keyboard.press('Control+a');
  await page.getByText('100,000 of 100,000 runs selected').waitFor();
  await page.keyboard.press('Space');
  await page.getByText('99,999 of 100,000 runs selected').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 of 100,000 runs selected').waitFor();
});

test('the checkbox of a row adds it to the selection', async () => {
  const { page } = await open();
  await row(page, 1).locator('.table-check').click();
  await row(page, 3).locator('.table-check').click();
  await page.getByText('2 of 100,000 runs selected').waitFor();
  await page.getByRole('columnheader', { name: 'Selected' }).click();
  await page.getByText('100,000 of 100,000 runs selected').waitFor();
});

test('a column is resized by its edge and by keyboard, and keeps its width after a reload', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  const header = page.getByRole('columnheader', { name: 'Prompt' });
  const width = async () => Math.round((await header.boundingBox())?.width ?? 0);
  const edge = await header.locator('.table-resize').boundingBox();
  const [x, y] = [(edge?.x ?? 0) + 3, (edge?.y ?? 0) + 5];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBe(224);
  await grid(page).focus();
  for (const key of ['Control+Home', 'ArrowUp', 'ArrowRight', 'Shift+ArrowLeft']) await page.keyboard.press(key);
  await expect.poll(width).toBe(208);
  await page.reload();
  await row(page, 0).waitFor();
  expect(await width()).toBe(208);
  expect(await calls(page, 'list.open')).toHaveLength(1);
});

test('the header stays while rows scroll, and the first columns while the others do', async () => {
  const { page } = await open({ size: { width: 500, height: 500 } });
  await row(page, 0).waitFor();
  const places = () =>
    Promise.all(
      ['Selected', 'Started', 'Prompt'].map((name) => page.getByRole('columnheader', { name }).boundingBox()),
    );
  const before = await places();
  await grid(page).evaluate((element) => element.scrollTo({ top: 1_000_000, left: 400 }));
  await page.getByRole('columnheader', { name: 'Cost' }).waitFor();
  expect(await places()).toEqual(before);
  // a narrow table keeps room for columns that scroll, and invisible columns are not drawn
  await page.setViewportSize({ width: 400, height: 500 });
  await grid(page).evaluate((element) => element.scrollTo({ left: 1000 }));
  for (const name of ['Prompt', 'Version']) {
    await expect.poll(() => page.getByRole('columnheader', { name }).count()).toBe(0);
  }
  expect((await page.getByRole('columnheader', { name: 'Started' }).boundingBox())?.x).toBe(before[1]?.x);
});

test('scrolling through the whole table leaves no frame without rows, and no slow frame', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  const seen = await grid(page).evaluate(async (element) => {
    const frame = () => new Promise(requestAnimationFrame);
    const result = { blank: 0, longestBlank: 0, longestFrame: 0, frames: 0 };
    let run = 0;
    let last = performance.now();
    for (let turn = 0; turn < 120; turn++) {
      // a fast wheel, and sometimes a jump of the scroll bar
      element.scrollTop += turn % 20 === 19 ? 150_000 : 400;
      await frame();
      const { top, bottom } = element.getBoundingClientRect();
      const at = document.elementFromPoint(300, (top + bottom) / 2);
      const isBlank = !at?.closest('[data-row]') || at.closest('[data-row]')?.querySelector('.table-pending') !== null;
      run = isBlank ? run + 1 : 0;
      result.blank += isBlank ? 1 : 0;
      result.longestBlank = Math.max(result.longestBlank, run);
      result.longestFrame = Math.max(result.longestFrame, performance.now() - last);
      last = performance.now();
      result.frames++;
    }
    return result;
  });
  // each jump may wait for its rows, but no longer than a few frames
  expect(seen.longestBlank).toBeLessThanOrEqual(4);
  expect(seen.blank).toBeLessThanOrEqual(24);
});

test('filters are applied by the host, and can be cleared at once', async () => {
  const { page } = await open();
  await row(page, 0).waitFor();
  await page.getByRole('combobox', { name: 'Filter by model' }).click();
  await page.getByRole('option', { name: 'openai/gpt-6' }).click();
  await page.getByRole('heading', { name: '25,000 runs' }).waitFor();
  await page.getByRole('textbox', { name: /^Search/ }).fill('nothing');
  await page.getByText('No runs match the filter.').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear Filter' }).first().click();
  await page.getByRole('heading', { name: '100,000 runs' }).waitFor();
  expect(await page.getByRole('textbox', { name: /^Search/ }).inputValue()).toBe('');
});

test('new runs are listed, and the visible rows stay', async () => {
  const { page } = await open({
    change: `host.replies['list.open'] = (params) => {
      host.listed.list += 1;
      const { first, active, selection } = params.places;
      const moved = host.listed.list > 1 ? 5 : 0;
      return { list: host.listed.list, count: 100000, places: { selection, active, first: first + moved } };
    };`,
  });
  await row(page, 0).waitFor();
  await grid(page).evaluate((element) => element.scrollTo({ top: 24 * 500 }));
  await row(page, 505).waitFor();
  await page.evaluate(() => fakeHost.send([{ type: 'changed' } as never]));
  await expect.poll(() => grid(page).evaluate((element) => element.scrollTop)).toBe(24 * 505);
});

test('the charts are read with arrow keys and as tables', async () => {
  const { page, problems } = await open();
  await row(page, 0).waitFor();
  await page.getByRole('button', { name: 'Charts' }).click();
  const chart = page.getByRole('application', { name: /^Cost per day/ });
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  const readout = page.locator('.chart-readout').first();
  const first = await readout.textContent();
  expect(first).toMatch(/^\d Nov, .+: \$\d/);
  await page.keyboard.press('ArrowRight');
  expect(await readout.textContent()).not.toBe(first);
  await expect.poll(() => page.locator('[role="status"].visually-hidden').textContent()).toMatch(/Nov/);
  await page.getByRole('button', { name: 'Cost per day: Show as Table' }).click();
  const table = page.getByRole('region', { name: 'Cost per day, as a table' });
  expect(await table.getByRole('row').count()).toBe(29);
  expect(problems).toEqual([]);
});

test.for<Theme>(['dark', 'light', 'high-contrast'])(
  'axe-core reports nothing in the table and its charts: %s',
  async (theme) => {
    const { page } = await open({ theme });
    await row(page, 2).click();
    await page.getByRole('button', { name: 'Charts' }).click();
    await page.getByRole('application', { name: /^Cost per day/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cost per day: Show as Table' }).click();
    expect(await axeViolations(page)).toEqual([]);
  },
);

test('an empty history shows what to do, and an unreadable one shows why', async () => {
  const empty = await open({
    change: `host.replies['list.open'] = () => ({ list: 1, count: 0, places: { selection: [] } });`,
  });
  await empty.page.getByRole('button', { name: 'Compare Models' }).click();
  expect(await calls(empty.page, 'action.run')).toEqual([{ command: 'llmops.prompt.compare', args: [] }]);
  expect(await axeViolations(empty.page)).toEqual([]);
  const broken = await open({
    change: `host.errors['list.open'] = { code: 'store', message: 'The database is locked.', hint: 'Close the other window.' };`,
  });
  await broken.page.getByRole('alert').getByText('The database is locked.').waitFor();
});
