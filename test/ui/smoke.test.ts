import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow();
  await window.openFile('prompts/churn-analysis.prompt');
});

test('a prompt file opens in the dotprompt language', async () => {
  await window.page.locator('.statusbar-item').getByText('Prompt', { exact: true }).waitFor();
});

test('the Compare command is in the palette', async () => {
  await window.page.keyboard.press('F1');
  await window.page.locator('.quick-input-widget input.input').fill('>LLMOps: Compare Models');

  const row = window.page.locator('.quick-input-list .monaco-list-row').first();
  await row.waitFor();
  expect(await row.getAttribute('aria-label')).toContain('LLMOps: Compare Models');
});
