import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { ColumnView, CompareSnapshot, VersionChoice } from '../../../src/protocol/compare.ts';
import type { PanelOptions } from './open-panel.ts';
import { aColumn, aRun, aSnapshot } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

/** As wide as the panel at 1440 x 900 next to the side bar. */
const USUAL = { width: 1090, height: 800 };

async function open(columns: ColumnView[], changes: Partial<CompareSnapshot> = {}, options: PanelOptions = {}) {
  const { page } = await panels.open(aSnapshot(columns, changes), { size: USUAL, ...options });
  return page;
}

const one = (text: string, changes: Parameters<typeof aRun>[0] = {}) =>
  aColumn('a', 'openai/gpt-6-mini', { runs: [aRun({ text, ...changes })] });
const box = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
const isCut = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => all.some((element) => element.scrollWidth > element.clientWidth));

test.for([
  { row: 2, count: 12 },
  { row: 123_456, count: undefined },
  { row: 123_456, count: 234_567 },
])(
  'row $row of a dataset of $count fits into the form on the left, with the buttons that fill it',
  async ({ row, count }) => {
    const dataset = { name: 'customers.jsonl', path: '/workspace/data/customers.jsonl', row, count };
    const page = await open([one('{}')], { dataset });
    expect(await isCut(page, '.inputs')).toBe(false);
    const pane = await box(page, '.inputs');
    const rights = await page
      .locator('.form-head button, .form-head .dataset-row')
      .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().right));
    expect(Math.max(...rights)).toBeLessThan(pane.right);
  },
);

test('a short prompt name leaves no gap before the buttons', async () => {
  const prompt = { ...aSnapshot([]).prompt, label: 'prompts/ask.prompt' };
  const page = await open([one('{}')], { prompt });
  const [name, controls] = [await box(page, '.title .link-button'), await box(page, '.run-controls')];
  expect(controls.left - name.right).toBeLessThanOrEqual(8);
});

const DEMO = aColumn('d', 'demo/swift', { runs: [aRun({ runId: 'd-1', text: '{}' })] });

test.for([
  { name: 'a demo', columns: [DEMO], spent: 0.12 },
  { name: 'a demo on a spent budget', columns: [DEMO], spent: 5.1 },
  { name: 'paid models and a demo', columns: [one('{}'), DEMO], spent: 0.12 },
  { name: 'paid models and a demo on a spent budget', columns: [one('{}'), DEMO], spent: 5.1 },
])('the totals of $name cover no button at any panel width, and are shown once', async ({ columns, spent }) => {
  const budget = { spentTodayUsd: spent, perDayUsd: 5, perRunUsd: undefined };
  const prompt = { ...aSnapshot([]).prompt, dirty: true };
  const page = await open(columns, { budget, prompt });
  const wrong: unknown[] = [];
  for (let width = 620; width < 1300; width += 19) {
    await page.setViewportSize({ width, height: 600 });
    const sums = await page
      .locator('.sum > span:is(.sum-long, .sum-short)')
      .evaluateAll((all) => all.filter((element) => element.checkVisibility()).length);
    const row = await page.locator('.totals').evaluate((totals) => {
      const boxes = [...totals.children].map((child) => ({ child, box: child.getBoundingClientRect() }));
      const seen = boxes.filter(({ box: { top } }) => top < totals.getBoundingClientRect().bottom);
      const lost = boxes.filter((one) => !seen.includes(one) && one.child.matches('.over, .sum'));
      return { left: Math.min(...seen.map(({ box: { left } }) => left)), lost: lost.length };
    });
    const gap = row.left - (await box(page, '.run-controls')).right;
    if (sums !== 1 || gap < 0 || row.lost > 0) wrong.push({ width, sums, gap, lost: row.lost });
  }
  expect(wrong).toEqual([]);
});

test('the icon of a button is 4 px before its text', async () => {
  const page = await open([one('{}')]);
  const gaps = await page.locator('.run-controls vscode-button:has([slot="start"])').evaluateAll((buttons) =>
    buttons.map((button) => {
      const words = document.createRange();
      words.selectNodeContents([...button.childNodes].find((node) => node.textContent?.trim()) ?? button);
      const icon = button.querySelector('[slot="start"]')?.getBoundingClientRect();
      return Math.round(words.getBoundingClientRect().left - (icon?.right ?? 0));
    }),
  );
  expect(gaps).toEqual([4, 4, 4, 4]);
});

test('the name of a model, its figures and its answer are left-aligned', async () => {
  const page = await open([one('Text')], { prompt: { ...aSnapshot([]).prompt, outputFormat: 'text' } });
  const lefts = [await box(page, '.model-name'), await box(page, '.state'), await box(page, '.answer-markdown')];
  expect(new Set(lefts.map(({ left }) => Math.round(left))).size).toBe(1);
});

test.for(['stopped', 'interrupted'] as const)(
  'a run that was %s before any text has no tabs and no rating',
  async (state) => {
    const page = await open([one('', { state, finishReason: undefined })]);
    await page.locator('.column .hint').waitFor();
    expect(await page.locator('.column-footer').count()).toBe(0);
  },
);

test('every version has one line in the picker, and only the subject is truncated', async () => {
  const subject = 'Ask for the reasons first, then for what an account manager can do about them this week';
  const at = Date.UTC(2026, 9, 6);
  const versions: VersionChoice[] = [
    { ref: 'production', kind: 'label', label: 'production', commit: 'a'.repeat(40), subject, author: 'Jonas', at },
    { ref: 'v2', kind: 'saved', label: 'v2', commit: 'b'.repeat(40), subject: 'Begin', author: 'Priya', at },
  ];
  const page = await open([one('{}')], {}, { replies: { 'versions.list': versions } });
  await page.getByRole('button', { name: 'Add Version' }).click();
  await page.getByRole('option', { name: /production/ }).waitFor();
  const heights = await page.getByRole('option').evaluateAll((all) => all.map((element) => element.clientHeight));
  expect(Math.max(...heights)).toBeLessThanOrEqual(28);
  expect(await isCut(page, '.version-choice > :not(.version-subject)')).toBe(false);
  expect(await isCut(page, '.version-subject')).toBe(true);
});

test('unsupported settings are explained 4 px below each control', async () => {
  const page = await open([one('{}')]);
  await page.getByRole('button', { name: 'More Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: /Parameters/ }).click();
  const gaps = await page.locator('.parameter-editor .description').evaluateAll((all) =>
    all.map((element) => {
      const control = element.previousElementSibling?.getBoundingClientRect();
      return Math.round(element.getBoundingClientRect().top - (control?.bottom ?? 0));
    }),
  );
  expect(gaps.length).toBeGreaterThan(2);
  expect(new Set(gaps)).toEqual(new Set([4]));
});

test('a diff with a long column name does not scroll horizontally', async () => {
  const model = 'anthropic/claude-opus-4-7-thinking-preview-20260115';
  const columns = ['a', 'b', 'c', 'd'].map((id) => aColumn(id, model, { runs: [aRun({ runId: id, text: id })] }));
  const page = await open(columns);
  await page.getByRole('tab', { name: 'Diff' }).first().click();
  await page.getByRole('combobox', { name: 'Compare with column' }).waitFor();
  expect(await isCut(page, '.column-body')).toBe(false);
});

test('a field without a label is next to its button, on one line', async () => {
  const page = await open([one('Text')], { prompt: { ...aSnapshot([]).prompt, outputFormat: 'text' } });
  const [field, send] = [await box(page, '.follow-up > :first-child'), await box(page, '.follow-up > vscode-button')];
  expect(Math.abs(field.top + field.height / 2 - (send.top + send.height / 2))).toBeLessThanOrEqual(1);
  expect(field.height).toBeLessThanOrEqual(28);
});

test('detail rows keep their distance from the edge of the column', async () => {
  const page = await open(
    ['a', 'b', 'c'].map((id) => aColumn(id, `openai/${id}`, { runs: [aRun({ runId: id, text: '{}' })] })),
  );
  await page.getByRole('button', { name: 'Show All Figures' }).first().click();
  const [details, column] = [await box(page, '.figure-details'), await box(page, '.column')];
  const text = await page
    .locator('.figure-details')
    .first()
    .evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return Math.max(...[...range.getClientRects()].map(({ right }) => right));
    });
  expect(details.width).toBeGreaterThan(0);
  expect(column.right - text).toBeGreaterThanOrEqual(8);
});

test('Markdown blocks have equal spacing, including quotes', async () => {
  const prompt = { ...aSnapshot([]).prompt, outputFormat: 'text' as const };
  const page = await open([one('Before\n\n> quoted\n\n```\ncode\n```\n\nAfter')], { prompt });
  const gaps = await page.locator('.answer-markdown').evaluate((answer) => {
    const inked = [...answer.querySelectorAll('blockquote, pre, .md-block > p, .md-tail > p')]
      .map((element) => element.getBoundingClientRect())
      .sort((a, b) => a.top - b.top);
    return inked.slice(1).map((rect, index) => Math.round(rect.top - (inked[index]?.bottom ?? 0)));
  });
  expect(gaps).toEqual([8, 8, 8]);
});

test('the page is as high as its frame, so that no focus can scroll it', async () => {
  const page = await open([one('{}')]);
  await page.keyboard.press('Control+Enter');
  await page.locator('body > [aria-live]').waitFor({ state: 'attached' });
  const heights = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
  expect(heights[0]).toBe(heights[1]);
});
