import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ComparePage, openCompare } from './compare-page.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const MODELS = ['demo/swift', 'demo/balanced', 'demo/thorough'];
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  window = await openWindow({ size: { width: 1440, height: 900 } });
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await compare.runAll(MODELS);
  await compare.column('demo/thorough').getByRole('tab', { name: 'JSON' }).click();
});

/** Each theme by its name in VS Code's own picker, and the class that its webviews get. */
const THEMES = [
  { theme: 'light', label: 'Light Modern', name: 'vscode-light' },
  { theme: 'dark', label: 'Dark Modern', name: 'vscode-dark' },
  { theme: 'high-contrast', label: 'Dark High Contrast', name: 'vscode-high-contrast' },
  { theme: 'high-contrast-light', label: 'Light High Contrast', name: 'vscode-high-contrast-light' },
];

/** Text whose contrast with what is behind it is below 4.5, WCAG's bound for text of this size. */
const FAINT = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const over = (top, bottom) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((index) => top[index] * alpha + bottom[index] * (1 - alpha));
  };
  const behind = (element) => {
    if (!element) return parse(getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background')).slice(0, 3);
    const color = parse(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : over(color, behind(element.parentElement));
  };
  const light = (color) => {
    const [red, green, blue] = color.map((value) => value / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    if (!textContent.trim() || !parentElement.checkVisibility({ visibilityProperty: true })) continue;
    if (parentElement.closest('[disabled], .visually-hidden, .codicon')) continue;
    const back = behind(parentElement);
    const style = getComputedStyle(parentElement);
    const front = over(parse(style.color), back);
    const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(1) + ' ' + style.color + ' on ' + back.map(Math.round));
  }
  return [...new Set(faint)];
})()`;

test.for(THEMES)('every text of the panel can be read in the theme $label', async ({ theme, label, name }) => {
  await window.command('Preferences: Color Theme');
  await window.page.locator('.quick-input-widget input.input').fill(label);
  const row = window.page.locator('.quick-input-list .monaco-list-row');
  await row.filter({ has: window.page.locator('.label-name').getByText(label, { exact: true }) }).click();
  await compare.view.locator(`body.${name}`).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, `looks-${theme}.png`) });

  expect(await compare.view.locator('body').evaluate(FAINT)).toEqual([]);
});

/** Controls that a mouse cannot reach however one scrolls: cut off, or under something else. */
const COVERED = `[...document.querySelectorAll('vscode-button, vscode-text-field, vscode-text-area, vscode-dropdown, button')]
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

test('a panel of 400 px lists its columns one below the other', async () => {
  await window.page.setViewportSize({ width: 1000, height: 768 });
  await expect.poll(() => compare.view.locator('body').evaluate('innerWidth')).toBeLessThanOrEqual(400);
  await window.page.screenshot({ path: path.join(screenshots, 'looks-400.png') });

  const columns = compare.view.locator('section.column');
  const lefts = await columns.evaluateAll((all) => all.map((column) => column.getBoundingClientRect().left));
  expect(new Set(lefts).size).toBe(1);
  expect(await compare.view.locator('body').evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await compare.view.locator('body').evaluate(COVERED)).toEqual([]);
});
