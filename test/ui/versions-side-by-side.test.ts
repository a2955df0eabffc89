import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerOf, type ComparePage, comparePage } from './compare-page.ts';
import { gitIn, makePromptRepository } from './prompt-repository.ts';
import { pick, titled } from './quick-input.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let made: ReturnType<typeof makePromptRepository>;
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  made = makePromptRepository();
  window = await openWindow({ workspace: made.folder, size: { width: 1500, height: 950 } });
  compare = comparePage(window);
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.page
    .getByRole('treeitem', { name: /^prompt churn/ })
    .locator('.monaco-tl-twistie')
    .click();
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

const row = (name: RegExp) => window.page.getByRole('treeitem', { name }).first();
const menuItem = (name: string) => window.page.getByRole('menuitem', { name, exact: true });
const badges = () => compare.view.locator('section.column .version-badge').allTextContents();

test('versions that are selected in the view answer side by side, the older on the left', async () => {
  await row(/Name the age/).click();
  await row(/Ask about churn/).click({ modifiers: ['Control'] });
  await row(/Ask about churn/).click({ button: 'right' });
  await menuItem('Compare Versions Side by Side').waitFor();
  expect(await menuItem('Restore Version…').count()).toBe(0);
  await menuItem('Compare Versions Side by Side').click({ delay: 150 });
  await compare.button(/^Run$/).waitFor();
  const columns = compare.view.locator('section.column');
  await expect.poll(() => columns.count()).toBe(2);
  await compare.run();
  await compare.view.getByText(/^2 runs ended$/).waitFor();
  for (const column of await columns.all()) expect((await answerOf(column)).length).toBeGreaterThan(20);
  expect(await columns.first().locator('.version-badge').getAttribute('title')).toContain('temperature 0.7 → 0.2');
});

const columnTitles = () => compare.view.locator('section.column .version-badge').allTextContents();

/** As fast as a hand: nothing that opens may get in the way of the menu. */
async function compareBySelection(rows: [RegExp, RegExp], meanwhile?: () => Promise<unknown>): Promise<void> {
  await window.command('View: Close All Editors');
  await row(rows[0]).click();
  await row(rows[1]).click({ modifiers: ['Control'] });
  await row(rows[1]).click({ button: 'right' });
  await menuItem('Compare Versions Side by Side').waitFor();
  await meanwhile?.();
  await menuItem('Compare Versions Side by Side').click({ delay: 150 });
  await expect.poll(() => columnTitles().then((titles) => titles.length)).toBe(2);
}

test('quickly selecting two versions compares them every time: no editor closes the menu', async () => {
  for (let time = 0; time < 3; time++) {
    await compareBySelection([/Name the age/, /Ask about churn/]);
    await compareBySelection([/Be brief/, /Warm up/]);
  }
});

test('the menu of two versions acts on them even if the list is refreshed while it is open', async () => {
  const folder = window.workspace ?? '';
  const note = (text: string) => fs.writeFileSync(path.join(folder, 'prompts/_tone.prompt'), text);
  for (const [at, wait] of [true, false, true, false].entries()) {
    await compareBySelection([/Name the age/, /Ask about churn/], async () => {
      const before = await row(/uncommitted changes/).count();
      if (before > 0) gitIn(folder, 'checkout', '--quiet', '--', 'prompts/_tone.prompt');
      else note(`Be brief, ${at} times.`);
      // once with the old list, once while it is being refreshed
      if (wait) await row(/uncommitted changes/).waitFor({ state: before > 0 ? 'detached' : 'visible' });
    });
    const selected = window.page.locator('.sidebar .monaco-list-row.selected');
    await expect.poll(() => selected.count()).toBe(2);
  }
  gitIn(folder, 'checkout', '--quiet', '--', 'prompts/_tone.prompt');
  await row(/uncommitted changes/).waitFor({ state: 'detached' });
});

test.for(THEMES)('answers of two versions are readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  await compare.view.locator(`body.${theme.name}`).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, `side-by-side-${theme.theme}.png`) });
  expect(await compare.view.locator('body').evaluate(FAINT)).toEqual([]);
});

test('the menu opens by keyboard, and a click keeps the focus in the view', async () => {
  await window.command('View: Close All Editors');
  await row(/Warm up/).click();
  await window.page
    .locator('.tab')
    .filter({ hasText: /temperature 0\.2 → 0\.7/ })
    .first()
    .waitFor();
  await window.page.keyboard.press('Shift+F10');
  await menuItem('Compare Versions Side by Side').waitFor();
  await window.page.keyboard.press('Escape');
  await window.page.keyboard.press('ArrowDown');
  await window.page
    .locator('.sidebar .monaco-list-row.focused')
    .filter({ has: window.page.getByText(/Ask about churn/) })
    .waitFor();
});

test('comparing a version with the previous one replaces the contents of the panel', async () => {
  const before = await badges();
  await row(/Warm up/).click({ button: 'right' });
  await menuItem('Compare Versions Side by Side').click({ delay: 150 });
  await pick(window, 'Compare Versions Side by Side', /Previous Version/);
  await expect.poll(badges).not.toEqual(before);
  expect(await compare.view.locator('section.column').count()).toBe(2);
});

test('the palette asks for the versions, and the newest two are checked', async () => {
  await window.openFile('prompts/churn.prompt');
  await window.command('LLMOps: Compare Versions Side by Side');
  await titled(window, 'Compare Versions Side by Side');
  const ticked = window.page.locator('.quick-input-list .monaco-list-row [aria-checked="true"]');
  await expect.poll(() => ticked.count()).toBe(2);
  const before = await badges();
  await window.page.keyboard.press('Enter');
  await expect.poll(badges).not.toEqual(before);
  expect(await compare.view.locator('section.column').count()).toBe(2);
});
