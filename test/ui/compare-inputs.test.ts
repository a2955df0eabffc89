import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ComparePage, openCompare } from './compare-page.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let window: WorkbenchWindow;
let compare: ComparePage;

const reply = `---
model: demo/swift
config:
  temperature: 0.2
  demo: { tokensPerSecond: 4000, ttftMs: 1 }
input:
  schema:
    subject: string, what the letter is about
    turns(array, what was said so far):
      role(enum): [user, assistant]
      text: string
    polite?: boolean
    tone?(enum): [warm, dry]
llmops.models: [demo/swift, demo/balanced]
---
{{role "user"}}
Answer to {{subject}}.{{#each turns}} {{this.role}}: {{text}}{{/each}}
`;

// One window for the whole file: each test continues where the one before ended.
beforeAll(async () => {
  window = await openWindow({ size: { width: 1600, height: 1000 }, files: { 'prompts/reply.prompt': reply } });
  compare = await openCompare(window, 'prompts/reply.prompt');
});

const field = (name: string) => compare.view.locator('.field').filter({ has: compare.input(name) });
const focused = () =>
  compare.view.locator('body').evaluate(() => document.activeElement?.getAttribute('aria-label') ?? 'body');
const answers = () => compare.view.getByRole('document', { name: /^Answer of/ });

test('an empty input is required, not invalid, and shows an example of its shape', async () => {
  await field('subject').getByText('Value required').waitFor();
  await field('turns').getByText('Value required').waitFor();
  await compare.view.getByText('Fill in subject and turns to run.').first().waitFor();
  expect(await compare.view.locator('.field.invalid, .problem, [role="alert"]').count()).toBe(0);

  const shape = await compare.input('turns').getAttribute('placeholder');
  expect(shape).toBe('[{"role": "user", "text": "…"}]');
  expect(await compare.input('subject').getAttribute('dir')).toBe('auto');
  expect(await compare.input('turns').getAttribute('dir')).toBe('auto');
});

test('Ctrl+Enter is rejected: missing inputs are red and named as in the form, and the first is focused', async () => {
  await compare.view.locator('body').click({ position: { x: 2, y: 2 } });
  await compare.view.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await window.page.keyboard.press('Control+Enter');

  const refused = compare.view.getByRole('alert').filter({ hasText: 'subject is missing; turns is missing' });
  await refused.waitFor();
  expect(await refused.textContent()).not.toContain('$');
  await expect.poll(focused).toMatch(/^subject, required/);
  expect(await compare.view.locator('.field.invalid').count()).toBe(2);
  await window.page.keyboard.type('مرحبا');
  await field('subject').and(compare.view.locator('.invalid')).waitFor({ state: 'detached' });
  const direction = () => compare.input('subject').evaluate((element) => element.matches(':dir(rtl)'));
  expect(await direction()).toBe(true);
});

test('a nested value is named by its path; another attempt focuses it', async () => {
  await compare.input('turns').fill('[{"role": "user", "text": 7}]');
  await field('turns').getByText('turns[0].text: must be text, not 7').waitFor();
  await compare.input('subject').focus();
  await window.page.keyboard.press('Control+Enter');

  await compare.view.getByRole('alert').filter({ hasText: 'turns[0].text must be text, not 7' }).waitFor();
  await expect.poll(focused).toMatch(/^turns, required/);
});

test('Ctrl+Enter runs with the last typed keys, from a field, a checkbox, a list and an open picker', async () => {
  await compare.input('turns').fill('[]');
  await compare.input('subject').fill('the bill');
  await window.page.keyboard.press('Control+Enter');
  await answers().nth(1).waitFor();
  await compare.view.getByText('2 runs ended').waitFor();
  await compare.view.getByRole('alert').waitFor({ state: 'detached' });
  expect(await compare.view.getByText('changed since this run').count()).toBe(0);

  const picker = compare.view.getByRole('button', { name: 'Model demo/swift. Change' });
  const places = [
    () => compare.view.getByRole('combobox', { name: /^tone/ }).focus(),
    () => compare.view.getByRole('combobox', { name: /^polite/ }).focus(),
    async () => {
      await compare.view.getByRole('combobox', { name: /^tone/ }).press('ArrowDown');
      await window.page.keyboard.press('ArrowDown');
    },
    () => compare.button('Stop').focus(),
    () => compare.column('demo/swift').focus(),
    async () => {
      await picker.click();
      await compare.view.getByRole('dialog', { name: /model/i }).waitFor();
    },
  ];
  for (const place of places) {
    await compare.showInputs();
    await answers().evaluateAll((elements) => elements.forEach((element) => void element.setAttribute('data-old', '')));
    await place();
    await window.page.keyboard.press('Control+Enter');
    await compare.view.locator('[data-old]').first().waitFor({ state: 'detached' });
    await compare.view.getByText('2 runs ended').waitFor();
  }
  await compare.view.getByRole('dialog').waitFor({ state: 'detached' });
  await compare.showInputs();
  // the open list accepted the highlighted option
  expect(await compare.view.getByRole('combobox', { name: /^tone/ }).textContent()).toBe('warm');
  expect(await compare.view.locator('.stale-note').count()).toBe(0);
});

test('Ctrl+Enter saves a note, sends a reply, and runs nothing else', async () => {
  const swift = compare.column('demo/swift');
  await compare
    .column('demo/balanced')
    .getByRole('document')
    .evaluate((element) => element.setAttribute('data-old', ''));
  await swift.getByRole('button', { name: 'Add Note' }).click();
  await compare.view.getByRole('dialog', { name: 'Note on This Answer' }).getByRole('textbox').fill('Fine.');
  await window.page.keyboard.press('Control+Enter');
  await swift.getByRole('button', { name: 'Edit Note' }).waitFor();

  await swift.getByRole('textbox', { name: /^Continue the conversation with/ }).fill('Shorter, please.');
  await window.page.keyboard.press('Control+Enter');
  await swift.getByText('Shorter, please.').first().waitFor();
  await compare.column('demo/swift', 'done').waitFor();
  expect(await compare.view.locator('[data-old]').count()).toBe(1);
});

const marks = () => compare.view.locator('.stale-note').allTextContents();
const words = (what: string) => `${what} changed since this run`;

test('older answers show what changed since their run, for each column, until it is changed back', async () => {
  await compare.run();
  await compare.view.getByText('2 runs ended').waitFor();
  await compare.showInputs();
  await compare.input('subject').fill('the other bill');
  await expect.poll(marks).toEqual([words('inputs'), words('inputs')]);
  await compare.view.getByRole('region', { name: 'demo/swift, done, inputs changed since this run' }).waitFor();

  const swift = compare.column('demo/swift');
  await compare.pick(swift, 'More Actions', 'Parameters…');
  await compare.view.getByRole('textbox', { name: 'Temperature' }).fill('1');
  await window.page.keyboard.press('Escape');
  await expect.poll(marks).toEqual([words('inputs and parameters'), words('inputs')]);

  await compare.input('subject').fill('the bill');
  await expect.poll(marks).toEqual([words('parameters')]);

  await window.page.locator('.monaco-editor').first().click();
  await window.page.keyboard.press('ControlOrMeta+End');
  await window.page.keyboard.type(' Be brief.');
  await expect.poll(marks).toEqual([words('prompt and parameters'), words('prompt')]);
});

test.for(THEMES)('dimmed text is readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  await compare.view.locator(`body.${theme.name}`).waitFor();
  const color = (selector: string) =>
    compare.view
      .locator(selector)
      .first()
      .evaluate((at) => getComputedStyle(at).color);
  expect(await color('.column-body.stale .md-block')).not.toBe(await color('body'));
  await window.page.screenshot({ path: path.join(screenshots, `stale-${theme.theme}.png`) });

  expect(await compare.view.locator('body').evaluate(FAINT)).toEqual([]);
});

test('the marks are restored after a reload, with the last inputs and parameters', async () => {
  const before = await marks();
  await window.reload();

  await expect.poll(marks).toEqual(before);
  await compare.showInputs();
  expect(await compare.input('subject').inputValue()).toBe('the bill');
});
