import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { comparePage } from './compare-page.ts';
import { answerDialog, enter, pick } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
/** A run with 120 input and 30 output tokens costs $0.0018. */
const PRICES = { 'local/*': { inputUsd: 10, outputUsd: 20 } };
const prompt = (model: string, text: string) => `---\nmodel: ${model}\n---\n${text}\n`;
let server: ChatServer;
let window: WorkbenchWindow;

// One window with a history that grows and is deleted.
beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1600, height: 1000 },
    settings: { 'llmops.prices': PRICES },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/rivers.prompt': prompt('local/echo-1', 'Name a river.'),
      'prompts/lakes.prompt': prompt('local/echo-2', 'Name a lake.'),
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});
afterAll(() => server?.stop());

const rows = () => window.page.getByRole('treeitem', { name: /(rivers|lakes), (done|failed)/ });
const row = (name: RegExp) => window.page.getByRole('treeitem', { name });

/** Runs a prompt like a user with nothing open: from the palette. */
async function runPrompt(name: string): Promise<void> {
  await window.command('View: Close All Editors');
  await window.command('LLMOps: Run Prompt');
  await pick(window, 'Run Prompt', name);
}

async function filterBy(kind: string, value: string): Promise<void> {
  await window.command('LLMOps: Filter Runs…');
  await pick(window, 'Filter Runs', kind);
  await pick(window, `Filter Runs: ${kind.replace('…', '')}`, value);
}

test('an empty history explains itself, offers the first step, and creates no database', async () => {
  const welcome = window.page.locator('.welcome-view-content').filter({ hasText: 'This workspace has no runs yet' });
  await welcome.getByRole('button', { name: 'Compare Models' }).waitFor();
  await welcome.getByRole('button', { name: 'New Prompt File' }).waitFor();
  expect(fs.existsSync(path.join(window.workspace ?? '', '.llmops'))).toBe(false);
});

test('with nothing open, Run asks for the prompt and runs it; the run and its cost are shown', async () => {
  server.script({ pieces: ['The Danube ', 'is a river.'] });
  await runPrompt('rivers');
  await comparePage(window).column('local/echo-1', 'done').getByText('The Danube is a river.').waitFor();

  await row(/rivers, done, local\/echo-1 .*\$0\.0018/).waitFor();
  await window.page.getByRole('button', { name: /\$0\.0018 today/ }).waitFor();
  // the figure is visible even in a narrow side bar
  const facts = row(/rivers, done/).locator('.label-description');
  expect(await facts.textContent()).toMatch(/^\$0\.0018 · echo-1 · /);
});

test('runs are filtered by model, state, rating and text, and all are shown again when the filter is cleared', async () => {
  await comparePage(window).column('local/echo-1').getByRole('button', { name: 'Good Answer' }).click();
  await row(/rivers, done, .* thumbs up/).waitFor();
  server.script({ pieces: ['Lake Constance.'] }, { status: 400, raw: '{"error":{"message":"No."}}' });
  await runPrompt('lakes');
  await row(/lakes, done, local\/echo-2/).waitFor();
  await comparePage(window).button(/^Run$/).click();
  await row(/lakes, failed/).waitFor();
  await expect.poll(() => rows().count()).toBe(3);

  await filterBy('Model…', 'local/echo-1');
  await expect.poll(() => rows().count()).toBe(1);
  await window.page.getByText('local/echo-1').first().waitFor();
  await window.command('LLMOps: Clear Runs Filter');
  await expect.poll(() => rows().count()).toBe(3);

  await filterBy('State…', 'failed');
  await expect.poll(() => rows().count()).toBe(1);
  await row(/lakes, failed/).waitFor();
  await window.command('LLMOps: Clear Runs Filter');
  await filterBy('Rating…', 'Thumbs up');
  await expect.poll(() => rows().count()).toBe(1);
  await row(/rivers, done/).waitFor();
  await window.command('LLMOps: Clear Runs Filter');

  await window.command('LLMOps: Search Runs…');
  await enter(window, 'Search Runs', 'constance');
  await expect.poll(() => rows().count()).toBe(1);
  await row(/lakes, done/).waitFor();
  await window.command('LLMOps: Search Runs…');
  await enter(window, 'Search Runs', 'volga');
  await window.page.getByText('No runs match the filter').waitFor();
  await window.command('LLMOps: Clear Runs Filter');
  await expect.poll(() => rows().count()).toBe(3);
});

test('a run opens again with its answer, marked as history', async () => {
  await window.command('View: Close All Editors');
  await row(/rivers, done/).click();
  const compare = comparePage(window);
  await compare.column('local/echo-1', 'done').getByText('The Danube is a river.').waitFor();
  await compare.view.getByText('The prompt has not changed since then.').waitFor();
});

test('a run is picked if none is selected, by its text too', async () => {
  await window.command('View: Close All Editors');
  await window.command('LLMOps: Copy Answer');
  await pick(window, 'Copy Answer', 'Lake Constance.');
  await expect.poll(() => window.page.evaluate('navigator.clipboard.readText()')).toBe('Lake Constance.');
});

test('a run is deleted after a confirmation, and not after Cancel', async () => {
  const remove = async (button: string) => {
    await row(/lakes, failed/).click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Delete Run…' }).click({ delay: 150 });
    await answerDialog(window, 'Delete this run of', button);
  };
  await remove('Cancel');
  await row(/lakes, failed/).waitFor();
  await remove('Delete');
  await row(/lakes, failed/).waitFor({ state: 'detached' });
  expect(await rows().count()).toBe(2);
});

test('Delete removes the focused run after a confirmation', async () => {
  await row(/lakes, done/).click();
  await comparePage(window).column('local/echo-2', 'done').waitFor();
  await window.command('LLMOps: Focus on Runs View');
  await window.page.keyboard.press('Home');
  const focused = window.page.locator('.sidebar .monaco-list-row.focused');
  for (
    let step = 0;
    step < 6 && !/rivers, done/.test((await focused.last().getAttribute('aria-label')) ?? '');
    step++
  ) {
    await window.page.keyboard.press('ArrowDown');
  }
  await window.page.keyboard.press('Delete');
  await answerDialog(window, 'Delete this run of', 'Cancel');
  await row(/rivers, done/).waitFor();
});

test('old runs are deleted after a confirmation; rated ones stay', async () => {
  await window.command('LLMOps: Delete Old Runs…');
  await pick(window, 'Delete Old Runs', 'All runs');
  await answerDialog(window, 'Rated runs and runs with a note will be kept.', 'Delete');
  await window.toast('Deleted 1 run.').waitFor();
  await row(/lakes, done/).waitFor({ state: 'detached' });
  await row(/rivers, done/).waitFor();
});

test('the status bar opens the spending and its limits', async () => {
  // the run of lakes was deleted, which does not give its money back
  const item = window.page.getByRole('button', { name: /\$0\.0036 today/ });
  await item.click();
  await pick(window, 'LLMOps Spending', 'Runs: $0.0036');
  await item.click();
  await pick(window, 'LLMOps Spending', 'Daily limit: no limit');
  await window.page.getByText('Daily spending limit for this workspace').first().waitFor();
});
