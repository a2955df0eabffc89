import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { startChatServer } from './chat-server.ts';
import { comparePage, openCompare } from './compare-page.ts';
import { churn, makePromptRepository } from './prompt-repository.ts';
import { enter, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const STEPS = ['create', 'compare', 'connect', 'version', 'evaluate', 'history'];
let made: ReturnType<typeof makePromptRepository>;
let window: WorkbenchWindow;

beforeAll(async () => {
  made = makePromptRepository();
  window = await openWindow({ workspace: made.folder, size: { width: 1500, height: 950 } });
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

const page = () => window.page;
const walkthrough = () => page().locator('.gettingStartedContainer');
async function openWalkthrough(): Promise<void> {
  await window.command('LLMOps: Open Walkthrough');
  await walkthrough().locator('.getting-started-step.expanded').waitFor();
}

/** The steps that the walkthrough shows as completed. */
async function done(): Promise<string[]> {
  const states = await Promise.all(
    STEPS.map((step) => walkthrough().locator(`[data-done-step-id$="#${step}"]`).first().getAttribute('aria-checked')),
  );
  return STEPS.filter((_step, index) => states[index] === 'true');
}

async function expectDone(steps: string[]): Promise<void> {
  await openWalkthrough();
  await expect.poll(done).toEqual(steps);
}

async function cancel(title: string): Promise<void> {
  await titled(window, title);
  await page().keyboard.press('Escape');
  await page().locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

test('an empty workspace offers the walkthrough, whose steps have pictures in the theme’s colors', async () => {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'llmops-empty-'));
  const empty = await openWindow({ workspace: folder, theme: 'dark', size: { width: 1500, height: 950 } });
  fs.rmSync(folder, { recursive: true, force: true });
  await empty.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await empty.page
    .locator('.welcome-view-content')
    .getByRole('button', { name: 'walkthrough', exact: true })
    .first()
    .click();
  await empty.page.locator('.gettingStartedContainer').getByText('Get Started with LLMOps Workbench').first().waitFor();
  const step = (title: string) => empty.page.locator('.getting-started-step').filter({ hasText: title });
  const picture = empty.webview().locator('svg');
  const shown: string[] = [];
  for (const title of [
    'Write a prompt',
    'Run it on several models',
    'Connect a provider',
    'Save a version',
    'Know whether a change made it better',
    'Review your runs',
  ]) {
    await step(title).first().click();
    await expect.poll(() => picture.textContent()).not.toBe(shown.at(-1));
    shown.push((await picture.textContent()) ?? '');
  }
  expect(
    shown.map((text) =>
      /reply\.prompt|demo\/thorough.*risk|MODELS|PROMPTS|PRODUCTION|RUNS/s.exec(text)?.[0].slice(0, 7),
    ),
  ).toEqual(['reply.p', 'demo/th', 'MODELS', 'PROMPTS', 'PRODUCT', 'RUNS']);
  const background = () =>
    picture
      .locator('rect')
      .first()
      .evaluate((rect) => getComputedStyle(rect).fill);
  expect(await background()).toBe('rgb(24, 24, 24)');
});

test('a cancelled command, and a prompt that was only opened, complete no step', async () => {
  await window.openFile('prompts/churn.prompt');
  await openWalkthrough();
  await window.command('LLMOps: New Prompt File…');
  await cancel('New Prompt File');
  await window.command('LLMOps: Add OpenAI-Compatible Server…');
  await cancel('Add OpenAI-Compatible Server (1/2)');
  await window.command('LLMOps: Set API Key…');
  await pick(window, 'Set API Key', 'openai');
  await cancel('API Key for openai');
  await openCompare(window, 'prompts/churn.prompt');
  await window.openFile('prompts/churn.prompt');
  await window.command('LLMOps: Save Version…');
  await cancel('Save Version');
  await window.command('LLMOps: Open Run…');
  await window.toast('This workspace has no runs yet').waitFor();
  await openWalkthrough();
  expect(await done()).toEqual([]);
});

test('each step is completed by its result, and stays completed after a reload', async () => {
  await window.command('LLMOps: New Prompt File…');
  await pick(window, 'New Prompt File', 'Chat');
  // each command moves the focus to what it opens: a palette before that would be closed
  await page()
    .locator('.tab.active')
    .filter({ hasText: /^Untitled/ })
    .waitFor();
  await page().locator('.monaco-editor.focused').waitFor();
  await expectDone(['create']);

  const compare = await openCompare(window, 'prompts/churn.prompt');
  await compare.runColumn('demo/swift');
  await expectDone(['create', 'compare']);

  const server = await startChatServer();
  try {
    await window.command('LLMOps: Add OpenAI-Compatible Server…');
    await enter(window, 'Add OpenAI-Compatible Server (1/2)', new URL(server.url).host);
    await enter(window, 'Add OpenAI-Compatible Server (2/2)', 'own');
    await window.toast(/own responded in \d+ ms/).waitFor();
  } finally {
    server.stop();
  }
  await expectDone(['create', 'compare', 'connect']);

  fs.writeFileSync(path.join(window.workspace ?? '', 'prompts/churn.prompt'), churn(0.9));
  await window.openFile('prompts/churn.prompt');
  await window.command('LLMOps: Save Version…');
  await titled(window, 'Save Version');
  await page().keyboard.press('Enter');
  await titled(window, 'Save Version: Label');
  await page().keyboard.press('Enter');
  await window.toast('Saved churn v1').waitFor();
  await expectDone(['create', 'compare', 'connect', 'version']);

  const evaluation =
    "prompts: [prompts/churn.prompt]\nrows: [{ age: 42 }]\nmetrics: [{ metric: regex, value: '[a-z]' }]\n";
  fs.writeFileSync(path.join(window.workspace ?? '', 'churn.eval.yaml'), evaluation);
  await window.command('LLMOps: Run Evaluation…');
  await pick(window, 'Run Evaluation', 'churn');
  await page()
    .locator('.tab.active')
    .filter({ hasText: /^Evaluation/ })
    .waitFor();
  await expectDone(['create', 'compare', 'connect', 'version', 'evaluate']);

  await window.command('LLMOps: Open Run…');
  await pick(window, 'Open Run', 'demo/swift');
  await page()
    .locator('.tab.active')
    .filter({ hasText: /^Compare/ })
    .waitFor();
  await comparePage(window).column('demo/swift', 'done').waitFor();
  await expectDone(STEPS);

  await window.reload();
  await expectDone(STEPS);
});
