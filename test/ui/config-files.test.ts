import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { goTo, waitForNoSquiggles } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let window: WorkbenchWindow;

// One window: a connection is written with the help of its schema, without a YAML extension.
beforeAll(async () => {
  const text = 'own:\n  type: opnai\n  bseUrl: https://llm.example.com/v1\n';
  window = await openWindow({ files: { 'llmops/connections.yaml': text } });
  await window.openFile('llmops/connections.yaml');
});

const marks = (severity: 'error' | 'warning') => window.page.locator(`.squiggly-${severity}`);

test('errors are marked', async () => {
  await marks('error').waitFor();
  expect(await marks('error').count()).toBe(1);
  expect(await marks('warning').count()).toBe(1);
});

test('a value is completed from the schema, and described in a hover', async () => {
  const { page } = window;
  await goTo(window, '2:9');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: 'openai-compatible' }).click();
  await waitForNoSquiggles(window, 'error');
  await page.locator('.view-line').getByText('openai-compatible').hover();
  await page.locator('.monaco-hover').getByText('vLLM, TGI, Ollama').waitFor();
});

test('the missing keys are offered', async () => {
  const { page } = window;
  await goTo(window, '3:3');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('ba');
  await page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: 'baseUrl' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('https://llm.example.com/v1');
  await waitForNoSquiggles(window, 'warning');
});
