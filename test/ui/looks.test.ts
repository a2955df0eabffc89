import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ComparePage, openCompare, quickChurnAnalysis } from './compare-page.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const MODELS = ['demo/swift', 'demo/balanced', 'demo/thorough'];
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  window = await openWindow({ size: { width: 1440, height: 900 }, files: quickChurnAnalysis() });
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await compare.runAll(MODELS);
  await compare.column('demo/thorough').getByRole('tab', { name: 'JSON' }).click();
});

test.for(THEMES)('every text of the panel is readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  await compare.view.locator(`body.${theme.name}`).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, `looks-${theme.theme}.png`) });

  expect(await compare.view.locator('body').evaluate(FAINT)).toEqual([]);
});

/** Controls that a mouse cannot reach by scrolling: cut off or covered. */
const COVERED = `[...document.querySelectorAll('vscode-button, vscode-text-field, vscode-text-area, button')]
  .filter((control) => {
    if (!control.checkVisibility({ visibilityProperty: true })) return false;
    control.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const near = document.elementFromPoint((left + right) / 2, bottom - 3);
    return !control.contains(hit) || !control.contains(near);
  })
  .map((control) => control.getAttribute('aria-label') ?? control.textContent)`;

test.for([
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
])('every control can be reached by mouse in a window of $width × $height', async (size) => {
  await window.page.setViewportSize(size);
  await window.page.screenshot({ path: path.join(screenshots, `looks-${size.width}.png`) });

  expect(await compare.view.locator('body').evaluate(COVERED)).toEqual([]);
});

test('a panel of 400 px stacks its columns', async () => {
  await window.page.setViewportSize({ width: 1000, height: 768 });
  await expect.poll(() => compare.view.locator('body').evaluate('innerWidth')).toBeLessThanOrEqual(400);
  await window.page.screenshot({ path: path.join(screenshots, 'looks-400.png') });

  const columns = compare.view.locator('section.column');
  const lefts = await columns.evaluateAll((all) => all.map((column) => column.getBoundingClientRect().left));
  expect(new Set(lefts).size).toBe(1);
  expect(await compare.view.locator('body').evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await compare.view.locator('body').evaluate(COVERED)).toEqual([]);
});
