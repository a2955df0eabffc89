import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { answerDialog } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const promptOf = (text: string) => `---\ninput:\n  schema:\n    city: string\n---\n${text} {{city}}.\n`;
const CASES = ['oslo', 'rome', 'paris'].map((city) => JSON.stringify({ id: city, city, expected: 'Hello.' }));
let window: WorkbenchWindow;
let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1440, height: 1000 },
    settings: { 'llmops.prices': { 'local/*': { inputUsd: 10, outputUsd: 20 } } },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/cities.prompt': promptOf('Say something about'),
      'prompts/towns.prompt': promptOf('Say nothing about'),
      'data/cities.jsonl': `${CASES.join('\n')}\n`,
      'cities.eval.yaml': `prompts: [prompts/cities.prompt, prompts/towns.prompt]
models: [local/echo-1]
dataset: data/cities.jsonl
metrics: [equals]
concurrency: 1
cache: 'off'
`,
    },
  });
  await window.command('Testing: Focus on Test Explorer View');
  return () => server.stop();
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const chats = () => server.seen.filter(({ path: asked }) => asked.includes('chat')).length;

interface Result {
  state: string;
  cells: number;
  columns: { prompt: string }[];
}

/** The results of the file, the newest first. */
function results(): Result[] {
  const database = new DatabaseSync(path.join(window.workspace ?? '', '.llmops/llmops.db'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT state, cells, columns FROM evaluations ORDER BY seq DESC').all();
    return rows.map(({ state, cells, columns }) => {
      return { state: String(state), cells: Number(cells), columns: JSON.parse(String(columns)) };
    });
  } finally {
    database.close();
  }
}

async function run(found: Locator): Promise<void> {
  await found.click();
  await found.getByRole('button', { name: /^Run Test/ }).click();
  await answerDialog(window, 'Run cities on', 'Run');
}

type State = 'passed' | 'failed' | 'skipped' | 'queued' | 'running';

/** By its icon: VS Code writes the label of a row for screen readers only when it draws the row. */
function inState(name: string, state: State) {
  const icon = state === 'running' ? '.codicon-loading' : `.codicon-testing-${state}-icon`;
  return row(new RegExp(`^${name} \\(`)).filter({ has: window.page.locator(icon) });
}

test('each case is reported as soon as it is answered, and cancelling keeps it without an error', async () => {
  const held = Promise.withResolvers<void>();
  server.script({}, {}, { after: held.promise });
  await run(row(/^cities \(/).first());
  // the item was never opened, and has its cases all the same
  await row(/^cities \(/)
    .nth(1)
    .locator('.monaco-tl-twistie')
    .click();
  await inState('oslo', 'passed').waitFor();
  await inState('rome', 'queued').waitFor();
  await inState('paris', 'queued').waitFor();
  expect(chats()).toBe(3);
  await window.command('Test: Cancel Test Run');
  await expect.poll(() => results()[0]?.state).toBe('stopped');
  held.resolve();
  await inState('oslo', 'passed').waitFor();
  await inState('paris', 'queued').waitFor({ state: 'detached' });
  expect(await window.page.locator('.codicon-testing-error-icon').count()).toBe(0);
  expect(chats()).toBe(3);
});

test('a prompt runs without the others', async () => {
  const before = chats();
  await run(row(/^towns \(/).first());
  await expect.poll(() => results()[0]).toMatchObject({ state: 'done', cells: 3, columns: [{ prompt: 'towns' }] });
  expect(chats() - before).toBe(3);
});

test('a case runs alone, and the others stay listed', async () => {
  const before = chats();
  server.script({ pieces: ['Hi.'] });
  await run(row(/^oslo \(/).first());
  await inState('oslo', 'failed').waitFor();
  expect(chats() - before).toBe(1);
  await expect.poll(() => results()[0]).toMatchObject({ state: 'done', cells: 1, columns: [{ prompt: 'cities' }] });
  await row(/^rome \(/)
    .first()
    .waitFor();
});

test('a hidden case is not sent when its prompt runs', async () => {
  const before = chats();
  await row(/^paris \(/)
    .first()
    .click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: 'Hide Test' }).click({ delay: 150 });
  await run(row(/^cities \(/).nth(1));
  await expect.poll(() => results()[0]).toMatchObject({ state: 'done', cells: 2, columns: [{ prompt: 'cities' }] });
  expect(chats() - before).toBe(2);
});
