import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerOf, type ComparePage, figure, openCompare } from './compare-page.ts';
import { pickEntry } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const MODELS = ['demo/swift', 'demo/balanced', 'demo/thorough'];
let window: WorkbenchWindow;
let compare: ComparePage;

// One window for the whole file: each test starts and ends with columns that have answered.
beforeAll(async () => {
  window = await openWindow({ size: { width: 1600, height: 1000 } });
  compare = await openCompare(window, 'prompts/churn-analysis.prompt');
});

const usd = (text: string | undefined) => Number(/\$([\d.]+)/.exec(text ?? '')?.[1]);
const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');

test('the CodeLens shows the prompt’s model and its source', async () => {
  await window.page.locator('.codelens-decoration a').filter({ hasText: 'demo/balanced (from the file)' }).waitFor();
});

test('a column shows estimates before its run', async () => {
  const before = await compare.column('demo/swift', 'not run yet').locator('.figures').textContent();

  expect(before).toMatch(/^≈\d+ in≈\$0\.0\d+ input≤at most \$0\.0\d+ with the answer/);
});

test('three models answer side by side, live, and end with the provider’s figures', async () => {
  await compare.run();
  const slow = compare.column('demo/thorough', 'streaming');
  await slow.locator('.figures').getByText('≈').first().waitFor();
  for (const model of MODELS) await compare.column(model, 'done').waitFor();
  await compare.totals.getByText('3 runs ended').waitFor();

  const costs: number[] = [];
  for (const model of MODELS) {
    const column = compare.column(model);
    expect(await figure(column, 'input tokens')).toBe('in 335');
    expect(await figure(column, 'output tokens')).toMatch(/^out [1-9]\d*( \(r \d+\))?$/);
    expect(await figure(column, 'time to first token')).toMatch(/^ttft \d\.\d\d s$/);
    expect(await figure(column, 'elapsed')).toMatch(/^\d+\.\d\d s$/);
    expect(await column.locator('.figures').textContent()).not.toContain('≈');
    expect(await column.locator('.schema.valid').isVisible()).toBe(true);
    expect(JSON.parse(await answerOf(column))).toMatchObject({ risk_level: 'high' });
    expect(await column.getByText('demo', { exact: true }).first().isVisible()).toBe(true);
    costs.push(usd(await figure(column, 'cost')));
  }
  await compare.totals.getByRole('button', { name: /^Total: / }).click();
  const totals = compare.view.getByRole('dialog', { name: 'Totals' });
  expect(await totals.textContent()).toMatch(/fastestdemo\/swift.*cheapestdemo\/swift/);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  expect(usd((await totals.textContent())?.replace(/^.*total/, ''))).toBeCloseTo(sum, 3);
  expect(sum).toBeGreaterThan(0);
  await window.page.keyboard.press('Escape');
  await totals.waitFor({ state: 'detached' });
});

test('an invalid value is reported and nothing is sent; the corrected one is used, however soon Run is clicked', async () => {
  const swift = compare.column('demo/swift');
  const before = await answerOf(swift);
  await compare.showInputs();
  await compare.input('tenure_months').fill('seven');
  await compare.view.getByText('“seven” is not a number.').first().waitFor();
  await compare.button(/^Run$/).click();
  await compare.view.getByRole('alert').filter({ hasText: 'tenure_months' }).waitFor();
  expect(await answerOf(swift)).toBe(before);

  await compare.input('tenure_months').fill('61');
  await compare.run();
  await compare.column('demo/swift', 'done').waitFor();

  expect(await answerOf(swift)).toContain('Tenure is 61 months');
  await compare.view.getByRole('alert').waitFor({ state: 'detached' });
});

test('a repeated column shows the mean and the spread, and each of its runs', async () => {
  const swift = compare.column('demo/swift');
  await compare.choose('Repeats', '× 3');
  await compare.pick(swift, 'More Actions', 'Run This Column Again');

  await swift.getByText('mean of 3').waitFor();

  expect(await swift.locator('.repeats').textContent()).toMatch(/\d\.\d\d s ± \d\.\d\d s/);
  await swift.getByText('run 3 of 3').waitFor();
  await swift.getByRole('button', { name: 'Previous Run' }).click();
  await swift.getByText('run 2 of 3').waitFor();
  await compare.choose('Repeats', '× 1');
  await compare.runColumn('demo/swift');
  await swift.getByText('mean of 3').waitFor({ state: 'detached' });
});

test('an answer is shown as Markdown, as a JSON tree that expands by keyboard, and as a diff', async () => {
  const [swift, balanced] = [compare.column('demo/swift'), compare.column('demo/balanced')];
  await swift.getByRole('tab', { name: 'Markdown' }).click();
  await swift.locator('.answer-markdown').getByText('risk_level').first().waitFor();

  await swift.getByRole('tab', { name: 'JSON' }).click();
  const factors = swift.getByRole('treeitem', { name: /^factors/ });
  await factors.waitFor();
  const rows = await swift.getByRole('treeitem').count();
  await factors.focus();
  await window.page.keyboard.press('ArrowLeft');
  await expect.poll(() => factors.getAttribute('aria-expanded')).toBe('false');
  await expect.poll(() => swift.getByRole('treeitem').count()).toBeLessThan(rows);

  await balanced.getByRole('tab', { name: 'Diff' }).click();
  const added = balanced.locator('.diff ins').filter({ hasText: 'Plan is Gold' });
  await added.waitFor();
  for (const column of [swift, balanced]) await column.getByRole('tab', { name: 'Text' }).click();
});

test('a rating and a note are saved with the run', async () => {
  const swift = compare.column('demo/swift');
  await swift.getByRole('button', { name: 'Good Answer' }).click();
  await swift.getByRole('button', { name: 'Add Note' }).click();
  const note = compare.view.getByRole('dialog', { name: 'Note on This Answer' });
  await note.getByRole('textbox').fill('Names the ticket.');
  await note.getByRole('button', { name: 'Save' }).click();

  await swift.getByRole('button', { name: 'Good Answer', pressed: true }).waitFor();
  await swift.getByRole('button', { name: 'Edit Note' }).waitFor();
});

test('the answer is copied; a demo model has no request to copy', async () => {
  const swift = compare.column('demo/swift');
  await compare.pick(swift, 'More Actions', 'Copy Answer');
  await expect.poll(clipboard).toBe(await answerOf(swift));

  await compare.pick(swift, 'More Actions', 'Copy as curl');
  const refused = compare.view.getByRole('alert').filter({ hasText: 'demo/swift has no API' });
  await refused.getByRole('button', { name: 'Dismiss' }).click();
  await refused.waitFor({ state: 'detached' });
});

test('the raw request opens as a read-only JSON document', async () => {
  await compare.pick(compare.column('demo/swift'), 'More Actions', 'Open Raw Request');
  const tab = window.page.getByRole('tab', { name: /request\.json/ });
  await tab.waitFor();
  await window.page.locator('.view-lines').filter({ hasText: '"messages"' }).first().waitFor();

  await window.page.keyboard.type('x');

  await window.page.getByText('Cannot edit in read-only editor').first().waitFor();
  await window.command('View: Close Editor');
  await tab.waitFor({ state: 'detached' });
});

test('a finished answer continues as a conversation', async () => {
  const swift = compare.column('demo/swift');
  const before = await answerOf(swift);
  await compare.view
    .getByRole('textbox', { name: 'Continue the conversation with demo/swift' })
    .fill('Which of them first?');
  await window.page.keyboard.press('Enter');

  await swift.getByText('Which of them first?').waitFor();
  await compare.column('demo/swift', 'done').waitFor();
  expect(await swift.locator('.message.role-assistant').textContent()).toContain(before.slice(2, 30));
});

test('a model is added by typing its name, given a parameter, and removed again', async () => {
  await compare.button('Add Model').click();
  const picker = compare.view.getByRole('dialog', { name: 'Select Model' });
  await picker.getByRole('textbox', { name: 'Filter models' }).fill('swift');
  await picker.getByRole('option', { name: /demo\/swift/ }).waitFor();
  await window.page.keyboard.press('Enter');
  const added = compare.view.getByRole('region', { name: 'demo/swift, not run yet, column 4 of 4' });
  await compare.pick(added, 'More Actions', 'Parameters…');
  await compare.view.getByRole('textbox', { name: /^temperature/i }).fill('0.9');
  await window.page.keyboard.press('Escape');
  await added.locator('.overrides').getByText('0.9').waitFor();

  await compare.pick(added, 'More Actions', 'Run This Column');
  await compare.view.getByRole('region', { name: 'demo/swift, done, column 4 of 4' }).waitFor();

  await compare.pick(compare.view.getByRole('region', { name: 'column 4 of 4' }), 'More Actions', 'Remove This Column');
  await compare.view.getByRole('region', { name: 'column 4 of 4' }).waitFor({ state: 'detached' });
});

test('a row of a dataset fills the form', async () => {
  await compare.button('From Dataset…').click();
  await pickEntry(window, 'customers.jsonl');
  await pickEntry(window, 'Row 2');

  await compare.showInputs();
  await expect.poll(() => compare.input('tenure_months').inputValue()).not.toBe('61');
});

test('everything works by keyboard: open, run, move between regions and columns, the keyboard shortcuts', async () => {
  const { keyboard } = window.page;
  await window.openFile('prompts/support-reply.prompt');
  await window.page.locator('.editor-group-container.active .codelens-decoration').first().waitFor();
  await keyboard.press('Control+Shift+Alt+Enter');
  await compare.column('demo/swift', 'not run yet').waitFor();
  const focused = (region: string) => compare.view.locator(`[data-region="${region}"]:focus-within`).waitFor();
  await expect.poll(() => compare.view.locator('body').evaluate('document.hasFocus()')).toBe(true);

  await keyboard.press('Control+Enter');
  await compare.column('demo/swift', 'done').waitFor();

  await focused('header');
  for (const region of ['inputs', 'columns']) {
    await keyboard.press('F6');
    await focused(region);
  }
  await keyboard.press('Shift+F6');
  await focused('inputs');
  await keyboard.press('F6');
  await focused('columns');

  await keyboard.press('?');
  const keys = compare.view.getByRole('dialog', { name: 'Keyboard Shortcuts' });
  await keys.waitFor();
  await keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });

  await keyboard.press('Escape');
  await compare.view.locator('.column:focus').first().waitFor();
  await keyboard.press('End');
  await compare.view.locator('.column:focus[aria-label^="demo/thorough"]').waitFor();
  await keyboard.press('Home');
  await compare.view.locator('.column:focus[aria-label^="demo/swift"]').waitFor();
});

test('stopping keeps the received text, with its tokens and cost', async () => {
  const slow = '---\nmodel: demo/balanced\nconfig:\n  demo:\n    tokensPerSecond: 8\n---\nWhat is a prompt?\n';
  fs.writeFileSync(path.join(window.workspace ?? '', 'prompts/slow.prompt'), slow);
  compare = await openCompare(window, 'prompts/slow.prompt');
  const column = compare.column('demo/balanced');
  await compare.run();
  await expect.poll(() => answerOf(column)).toMatch(/\w+ \w+/);
  await compare.button(/^Stop$/).click();
  await compare.column('demo/balanced', 'stopped').waitFor();

  const kept = await answerOf(column);
  expect(kept).toMatch(/\w+ \w+/);
  expect(await figure(column, 'output tokens')).toMatch(/^out ≈?[1-9]\d*/);
  expect(usd(await figure(column, 'cost'))).toBeGreaterThan(0);
  await column.getByText('The text received so far is kept').waitFor();
  await column.getByRole('button', { name: 'More Actions', exact: true }).click();
  await compare.view.getByRole('menuitem', { name: 'Run This Column Again' }).waitFor();
  await window.page.keyboard.press('Escape');
  expect(await answerOf(column)).toBe(kept);
});
