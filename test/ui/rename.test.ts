import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { applyCodeAction, goTo } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

const PROMPT = `---
model: demo/swift
input:
  schema:
    plan: string, what the customer pays for
llmops.dataset: rows.jsonl
---
{{role "user"}}
{{plan}} {{> greeting}}
`;
const FILES = {
  'rename/offer.prompt': PROMPT,
  'rename/_greeting.prompt': 'Greetings, customer of {{plan}}.\n',
  'rename/letter.prompt': 'Write a letter.\nEnd it with kind regards.\n',
  'rename/_extracted.prompt': 'There already.\n',
  'rename/rows.jsonl': '{"plan": "Gold"}\n',
};
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({ files: FILES });
  await window.openFile('rename/offer.prompt');
  await window.page
    .locator('.statusbar-item')
    .filter({ hasText: /≈\d+ tok/ })
    .waitFor();
});

const read = (name: string) => fs.readFileSync(path.join(window.workspace ?? '', name), 'utf8');
const lines = () => window.page.locator('.editor-group-container.active .view-lines');

/** Types a new name over the one at a place, like F2. */
async function rename(place: string, name: string): Promise<void> {
  await goTo(window, place);
  await window.page.keyboard.press('F2');
  const box = window.page.locator('.rename-box input');
  await box.fill(name);
  await box.press('Enter');
}

test('text is extracted to a partial, which is named right away', async () => {
  await window.openFile('rename/letter.prompt');
  await goTo(window, '2:1');
  await window.page.keyboard.press('Shift+End');
  await applyCodeAction(window, 'Extract to partial _extracted-2.prompt');
  const box = window.page.locator('.rename-box input');
  await expect.poll(() => box.inputValue()).toBe('extracted-2');
  await box.fill('closing');
  await box.press('Enter');

  await expect.poll(() => lines().textContent()).toContain('{{>\u00a0closing}}');
  await window.command('File: Save All');
  await expect.poll(() => read('rename/letter.prompt')).toBe('Write a letter.\n{{> closing}}\n');
  await expect.poll(() => read('rename/_closing.prompt')).toBe('End it with kind regards.\n');
  expect(fs.existsSync(path.join(window.workspace ?? '', 'rename/_extracted-2.prompt'))).toBe(false);
  await window.openFile('rename/offer.prompt');
});

test('an invalid name is rejected with a reason, and nothing changes', async () => {
  await rename('9:4', '2 plans');
  await window.toast('`2 plans` is not a valid name. Use letters, digits and _, starting with a letter.').waitFor();
  expect(await lines().textContent()).toContain('{{plan}}');
});

test('if there is nothing to rename, F2 explains what can be renamed', async () => {
  await goTo(window, '2:3');
  await window.page.keyboard.press('F2');
  const message = window.page.locator('.monaco-editor-overlaymessage');
  await message
    .filter({ hasText: 'Only variables, fields of variables, block parameters and partials can be renamed.' })
    .waitFor();
});

test('a variable is renamed in the prompt, its partial and its dataset, and one undo restores all', async () => {
  await rename('9:4', 'tariff');
  await expect.poll(() => lines().textContent()).toMatch(/tariff:\sstring.*\{\{tariff\}\}/s);
  await window.command('File: Save All');
  await expect.poll(() => read('rename/offer.prompt')).toBe(PROMPT.replaceAll('plan', 'tariff'));
  await expect.poll(() => read('rename/_greeting.prompt')).toContain('{{tariff}}');
  await expect.poll(() => read('rename/rows.jsonl')).toBe('{"tariff": "Gold"}\n');

  await goTo(window, '9:1');
  await window.page.keyboard.press('ControlOrMeta+Z');
  await window.command('File: Save All');

  await expect.poll(() => read('rename/offer.prompt')).toBe(PROMPT);
  await expect.poll(() => read('rename/_greeting.prompt')).toContain('{{plan}}');
  await expect.poll(() => read('rename/rows.jsonl')).toBe('{"plan": "Gold"}\n');
});
