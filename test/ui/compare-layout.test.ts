import path from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ComparePage, openCompare, quickChurnAnalysis } from './compare-page.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const MODELS = ['demo/swift', 'demo/balanced', 'demo/thorough'];
let window: WorkbenchWindow;
let compare: ComparePage;

// One window for the whole file: beside an editor (a panel of 650 px), then without it (1,090 px), then with little height.
beforeAll(async () => {
  window = await openWindow({ size: { width: 1440, height: 900 }, files: quickChurnAnalysis() });
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
});

const body = () => compare.view.locator('body');
const toggle = () => compare.view.getByRole('button', { name: /^Inputs/ });
const sash = () => compare.view.getByRole('separator', { name: 'Width of the inputs' });
const formWidth = () =>
  compare.view.locator('.inputs').evaluate((form) => Math.round(form.getBoundingClientRect().width));
const picture = (name: string) => window.page.screenshot({ path: path.join(screenshots, `layout-${name}.png`) });

/** What cannot be seen or clicked of an element: outside the panel, or covered. */
const hidden = (elements: Locator) =>
  elements.evaluateAll((all) =>
    all
      .filter((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        // a control of the toolkit shows the text between its tags
        const root = element.getRootNode();
        const control = root instanceof ShadowRoot ? root.host : element;
        return !control.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
      })
      .map((element) => element.textContent),
  );

/** The height of one answer, as a fraction of the panel's height. */
const answerShare = () =>
  body().evaluate(() => {
    const heights = [...document.querySelectorAll('.column-body')].map((answer) => answer.clientHeight);
    return Math.min(...heights) / innerHeight;
  });
const sideways = () => compare.view.locator('.columns').evaluate((strip) => strip.scrollWidth - strip.clientWidth);
const headerRows = () => compare.view.locator('.header').evaluate((header) => header.clientHeight);

test('the repeat menu is above the whole panel, and works by keyboard like native lists', async () => {
  const { keyboard } = window.page;
  const repeats = compare.view.getByRole('combobox', { name: 'Repeats' });
  await repeats.click();
  const options = compare.view.getByRole('option');
  await options.first().waitFor();
  await picture('repeats');
  expect(await hidden(options)).toEqual([]);

  await keyboard.press('ArrowDown');
  await keyboard.press('Escape');
  await options.first().waitFor({ state: 'detached' });
  expect(await repeats.textContent()).toBe('× 1');
  await compare.view.locator('[role="combobox"]:focus').waitFor();

  await keyboard.press('F4');
  await keyboard.press('5');
  await compare.view.getByRole('option', { name: '× 5', exact: true }).and(compare.view.locator('.active')).waitFor();
  await keyboard.press('Enter');
  await expect.poll(() => repeats.textContent()).toBe('× 5');

  await keyboard.press('Alt+ArrowDown');
  await keyboard.press('Home');
  await keyboard.press('Tab');
  await expect.poll(() => repeats.textContent()).toBe('× 1');
});

test('in a panel beside the editor Run collapses the form, and nothing moves while the answers arrive', async () => {
  expect(await body().evaluate('innerWidth')).toBeLessThan(700);
  await compare.input('customer_age').waitFor();
  await body().evaluate(() => {
    const places = new Set<string>();
    const place = (selector: string) => {
      const { left, top, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
      return `${selector} ${[left, top, width, height].map(Math.round)}`;
    };
    const watch = () => {
      places.add([place('.run-controls'), place('.strip'), place('.columns')].join(' | '));
      requestAnimationFrame(watch);
    };
    Object.assign(globalThis, { placesOfFrame: places });
    watch();
  });

  await compare.runAll(MODELS);

  const places = await body().evaluate(() => [
    ...(globalThis as unknown as { placesOfFrame: Set<string> }).placesOfFrame,
  ]);
  // before and after the click
  expect(places, places.join('\n')).toHaveLength(2);
  expect(await toggle().textContent()).toMatch(/customer_age 42 · tenure_months 7 · plan Gold · /);
  await picture('650');
  expect(await answerShare()).toBeGreaterThanOrEqual(0.6);
  expect(await sideways()).toBe(0);
  expect(await headerRows()).toBeLessThan(40);
});

test('a collapsed form is edited again: the focus moves to its first field, and back to the line', async () => {
  const { keyboard } = window.page;
  await compare.button('Edit').click();
  await compare.view.locator('vscode-text-field:focus').waitFor();
  await keyboard.press('Control+A');
  await keyboard.type('51');
  await keyboard.press('Control+Enter');

  await compare.view.locator('.strip .form-toggle:focus').waitFor();
  await expect.poll(() => toggle().textContent()).toContain('customer_age 51');
  for (const model of MODELS) await compare.column(model, 'done').waitFor();
});

test('a run that is rejected because of its inputs leaves the form visible', async () => {
  await compare.showInputs();
  await compare.input('tenure_months').fill('seven');
  await compare.button(/^Run$/).click();
  // the screen reader's text has it as well, and keeps it
  const problem = compare.view.locator('.fields').getByText('“seven” is not a number.');
  await problem.waitFor();
  await compare.view.getByRole('alert').filter({ hasText: 'tenure_months' }).waitFor();
  expect(await compare.input('tenure_months').isVisible()).toBe(true);

  await compare.input('tenure_months').fill('7');
  await problem.waitFor({ state: 'detached' });
});

test('without the editor the form is a pane on the left, with a sash for mouse and keyboard', async () => {
  const { keyboard, mouse } = window.page;
  await window.page.getByRole('tab', { name: /^churn-analysis\.prompt/ }).click();
  await window.command('View: Close Editor');
  await expect.poll(() => body().evaluate('innerWidth')).toBeGreaterThan(1050);
  await compare.input('customer_age').waitFor();
  await picture('1090');
  const first = await formWidth();
  expect(await sideways()).toBe(0);

  const edge = await sash().boundingBox();
  if (!edge) throw new Error('The sash has no place.');
  await mouse.move(edge.x + 2, edge.y + 300);
  await mouse.down();
  await mouse.move(edge.x + 102, edge.y + 320, { steps: 4 });
  await mouse.up();
  await expect.poll(formWidth).toBe(first + 100);

  await sash().focus();
  await keyboard.press('ArrowLeft');
  await expect.poll(formWidth).toBe(first + 84);
  await expect.poll(() => sash().getAttribute('aria-valuenow')).toBe(String(first + 84));
  await keyboard.press('Home');
  await expect.poll(formWidth).toBe(200);
  await keyboard.press('End');
  await expect.poll(formWidth).toBe(Number(await sash().getAttribute('aria-valuemax')));
  await sash().dblclick();
  await expect.poll(formWidth).toBe(first);
  await sash().press('ArrowRight');
  await expect.poll(formWidth).toBe(first + 16);
});

test('a form collapsed by the user leaves room for three columns; Run then does not change it', async () => {
  await toggle().click();
  await compare.view.locator('.strip .form-toggle:focus').waitFor();
  await compare.runAll(MODELS);
  await picture('1090-folded');
  expect(await answerShare()).toBeGreaterThanOrEqual(0.6);
  expect(await sideways()).toBe(0);
  expect(await headerRows()).toBeLessThan(40);
});

test('a reopened panel restores its form, and another prompt’s panel has its own', async () => {
  await window.command('View: Close All Editors');
  compare = await openCompare(window, 'prompts/support-reply.prompt');
  await compare.view.locator('.inputs').waitFor();
  await window.command('View: Close All Editors');
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await compare.view.locator('.strip').waitFor();
  await compare.button('Edit').click();
  await window.page.getByRole('tab', { name: /^churn-analysis\.prompt/ }).click();
  await window.command('View: Close Editor');
  await expect.poll(() => body().evaluate('innerWidth')).toBeGreaterThan(1050);
  await expect.poll(formWidth).toBe(280);
});

test('popovers and lists use the available height, and scroll inside', async () => {
  await window.page.setViewportSize({ width: 1440, height: 420 });
  await compare.view.getByRole('combobox', { name: 'Repeats' }).click();
  const list = compare.view.getByRole('listbox', { name: 'Repeats' });
  await list.waitFor();
  expect(await hidden(compare.view.getByRole('option'))).toEqual([]);
  await window.page.keyboard.press('Escape');

  await compare.pick(compare.column('demo/swift'), 'More Actions', 'Parameters…');
  const editor = compare.view.getByRole('dialog', { name: /^Parameters of/ });
  await editor.waitFor();
  await picture('low-popover');
  const { left, scrolls } = await editor.evaluate((box) => {
    const { top, bottom } = box.getBoundingClientRect();
    return { left: Math.min(top, innerHeight - bottom), scrolls: box.scrollHeight > box.clientHeight };
  });
  expect(left).toBeGreaterThanOrEqual(0);
  expect(left).toBeLessThanOrEqual(8);
  expect(scrolls).toBe(true);
  await window.page.keyboard.press('Escape');
});

test('at a zoom of 200% and more the header and the footer of a column scroll with its answer', async () => {
  await window.page.setViewportSize({ width: 832, height: 520 });
  await compare.runAll(MODELS);
  const swift = compare.column('demo/swift');
  await picture('zoom');
  const answer = () =>
    swift.locator('.column-body').evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const strip = document.querySelector('.columns')?.getBoundingClientRect() ?? new DOMRect();
      return Math.min(bottom, strip.bottom) - Math.max(top, strip.top);
    });
  expect(await answer()).toBeGreaterThan(130);

  await swift.locator('.column-body').hover();
  await window.page.mouse.wheel(0, 2000);

  const foot = swift.getByRole('button', { name: 'Good Answer' });
  await expect.poll(() => foot.evaluate((button) => button.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
  const head = swift.locator('.column-top');
  expect(await head.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(100);
  expect(await hidden(foot)).toEqual([]);
});
