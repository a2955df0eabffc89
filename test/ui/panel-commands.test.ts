import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { openCompare } from './compare-page.ts';
import { churn, gitIn, makePromptRepository } from './prompt-repository.ts';
import { enter, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let made: ReturnType<typeof makePromptRepository>;
let window: WorkbenchWindow;

beforeAll(async () => {
  made = makePromptRepository();
  window = await openWindow({ workspace: made.folder, size: { width: 1500, height: 950 } });
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

test('Ctrl+Alt+S in a Compare panel saves its prompt, and a click elsewhere keeps the message', async () => {
  const folder = window.workspace ?? '';
  fs.writeFileSync(path.join(folder, 'prompts/churn.prompt'), churn(0.9));
  const compare = await openCompare(window, 'prompts/churn.prompt');
  await compare.input('age').focus();
  await window.page.keyboard.press('Control+Alt+s');
  await enter(window, 'Save Version', 'Saved from the panel');
  await titled(window, 'Save Version: Label');
  await window.page.locator('.statusbar').click({ position: { x: 400, y: 5 } });
  await titled(window, 'Save Version: Label');
  await window.page.locator('.quick-input-widget input.input').press('Enter');
  await window.toast('Saved churn v1.').waitFor();
  expect(gitIn(folder, 'log', '-1', '--format=%s')).toBe('Saved from the panel');
});

test('the palette uses the prompt of the active panel', async () => {
  await openCompare(window, 'prompts/churn.prompt');
  await window.command('LLMOps: Compare Versions Side by Side');
  await titled(window, 'Compare Versions Side by Side');
  await window.page.locator('.quick-input-list').getByText('Saved from the panel').waitFor();
  await window.page.keyboard.press('Escape');
});

test('Ctrl+Alt+S in an unsaved prompt explains it, and offers to save it', async () => {
  await window.command('LLMOps: New Prompt File…');
  await pick(window, 'New Prompt File', 'Chat');
  await window.page
    .locator('.tab.active')
    .filter({ hasText: /^Untitled/ })
    .waitFor();
  await window.page.locator('.editor-group-container.active .codelens-decoration a').first().waitFor();
  await window.page.keyboard.press('Control+Alt+s');
  await window.toast('This document is not saved as a file').getByRole('button', { name: 'Save', exact: true }).click();
  await window.page.locator('.quick-input-titlebar').getByText('Save As').waitFor();
  await window.page.keyboard.press('Escape');
});
