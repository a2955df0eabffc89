import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readFirstRows } from '../../src/core/datasets/read-rows.ts';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerOf, type ComparePage, comparePage, openCompare, quickChurnAnalysis } from './compare-page.ts';
import { enter, pick } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let window: WorkbenchWindow;
let compare: ComparePage;

const LAST = 250_000;
const long = `{"customer_age": 1}\n{"customer_age": 2, "plan": "Basic"}\n${'{"customer_age": 3}\n'.repeat(LAST - 2)}`;
const note = (text: string) => `---\nmodel: demo/swift\n---\n${text}\n`;

// One window for the whole file: each test continues where the one before ended.
beforeAll(async () => {
  window = await openWindow({
    size: { width: 1600, height: 1000 },
    files: {
      ...quickChurnAnalysis(),
      'prompts/de/note.prompt': note('Deutsch'),
      'prompts/en/note.prompt': note('English'),
    },
  });
  fs.writeFileSync(path.join(window.workspace ?? '', 'data/long.jsonl'), long);
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
});

const rows = () => compare.view.getByRole('group', { name: /^Row of/ });
const number = () => rows().getByRole('textbox', { name: /^Row/ });
const age = () => compare.input('customer_age').inputValue();
const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');
const shown = async () => `${await number().inputValue()} ${(await rows().textContent())?.replace(/\s+/g, ' ')}`;

async function take(dataset: string, row: string): Promise<void> {
  await compare.button('From Dataset…').click();
  await pick(window, 'Fill Inputs from Dataset', dataset);
  // by keyboard: the hover of one row may cover the next
  await enter(window, `Fill Inputs from ${path.basename(dataset)}`, row);
  await rows().waitFor();
}

test('the form steps through the rows of its dataset: with its buttons, its keys and a number', async () => {
  await take('data/customers.jsonl', 'Row 2');
  await expect.poll(age).toBe('29');
  await expect.poll(shown).toMatch(/^2 .*of 12/);
  expect(await rows().getAttribute('title')).toContain('customers.jsonl');

  await rows().getByRole('button', { name: 'Next Row' }).click();
  await expect.poll(age).toBe('61');
  await compare.input('customer_age').press('Alt+PageUp');
  await compare.input('customer_age').press('Alt+PageUp');
  await expect.poll(age).toBe('42');
  await expect
    .poll(() => rows().getByRole('button', { name: 'Previous Row' }).getAttribute('aria-disabled'))
    .toBe('true');

  await number().fill('12');
  await window.page.keyboard.press('Enter');
  await expect.poll(shown).toMatch(/^12 /);
  const next = rows().getByRole('button', { name: 'Next Row' });
  await expect.poll(() => next.getAttribute('aria-disabled')).toBe('true');
  expect(await number().evaluate((field) => field === document.activeElement)).toBe(true);
  await number().fill('13');
  await window.page.keyboard.press('Enter');
  await compare.view
    .getByRole('alert')
    .filter({ hasText: 'customers.jsonl has 12 rows, so row 13 does not exist' })
    .waitFor();
});

test('a row replaces typed values, even if it is the same row again', async () => {
  await number().fill('1');
  await window.page.keyboard.press('Enter');
  await expect.poll(age).toBe('42');
  await compare.input('customer_age').fill('99');
  await rows().getByRole('button', { name: 'Next Row' }).click();
  await expect.poll(age).toBe('29');
  await rows().getByRole('button', { name: 'Previous Row' }).click();
  await expect.poll(age).toBe('42');
});

test('a long dataset is not read to its end: its length is not shown before it is known', async () => {
  await take('data/long.jsonl', 'Row 2');
  const plan = compare.view.getByRole('combobox', { name: /^plan/ });
  await expect.poll(() => plan.textContent()).toContain('Basic');
  expect(await shown()).not.toContain('of');
  await rows().getByRole('button', { name: 'Next Row' }).click();
  await expect.poll(age).toBe('3');
  // values that only the previous row had are the prompt's defaults again
  await expect.poll(() => plan.textContent()).toContain('Gold');
  await number().fill(String(LAST));
  await window.page.keyboard.press('Enter');
  await expect.poll(shown).toMatch(/^250000 .*of 250,000/);
});

test('the comparison is copied as Markdown and as CSV, with what was sent', async () => {
  await take('data/customers.jsonl', 'Row 2');
  await compare.runAll(['demo/swift', 'demo/balanced', 'demo/thorough']);
  await compare.showInputs();
  await compare.input('customer_age').fill('30');
  await compare.view.getByText('inputs changed since this run').first().waitFor();
  const answer = await answerOf(compare.column('demo/swift'));

  await compare.pick(compare.view.getByRole('region', { name: 'Comparison' }), 'Copy Comparison', 'Copy as Markdown');
  await expect.poll(clipboard).toMatch(/^# prompts\/churn-analysis\.prompt\n/);
  const markdown = await clipboard();
  expect(markdown).toContain('"customer_age": 29');
  expect(markdown).toMatch(
    /\| demo\/swift \| working copy \| done; inputs changed since this run \| \d\.\d\d s \| \d+ → \d+ \| \$0\.\d+ \(simulated\) \| valid \|/,
  );
  expect(markdown).toContain(`\`\`\`json\n${answer}\n\`\`\``);

  await window.command('LLMOps: Copy Comparison as CSV');
  await expect.poll(clipboard).toMatch(/^prompt,model,/);
  const copied = await readFirstRows('copy.csv', [Buffer.from(await clipboard())], { limit: 9 });
  expect(copied.map(({ model, cost_kind }) => [model, cost_kind])).toEqual([
    ['demo/swift', 'simulated'],
    ['demo/balanced', 'simulated'],
    ['demo/thorough', 'simulated'],
  ]);
  expect(copied[0]).toMatchObject({ 'input.customer_age': '29', 'parameter.temperature': '0.2', answer });
});

test('all panels have different titles, for one prompt and for prompts with the same name', async () => {
  const tabs = async () => {
    const all = await window.page.getByRole('tab', { name: /^Compare: / }).all();
    return (await Promise.all(all.map((tab) => tab.locator('.label-name').textContent()))).sort();
  };
  await openCompare(window, 'prompts/de/note.prompt');
  await expect.poll(tabs).toEqual(['Compare: churn-analysis', 'Compare: note']);
  await openCompare(window, 'prompts/en/note.prompt');
  const namesakes = ['Compare: note — prompts/de', 'Compare: note — prompts/en'];
  await expect.poll(tabs).toEqual(['Compare: churn-analysis', ...namesakes]);

  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.page
    .getByRole('treeitem', { name: /churn-analysis, done/ })
    .first()
    .click();
  await comparePage(window).view.getByText('From the run history').waitFor();
  await expect.poll(tabs).toEqual(['Compare: churn-analysis', 'Compare: churn-analysis (2)', ...namesakes]);
});
