import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { comparePage, openCompare } from './compare-page.ts';
import { answerDialog, enter, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const KEY = 'right-key-0123456789';
let server: ChatServer;
let moved: ChatServer;
let window: WorkbenchWindow;

const prompt = (model: string) => `---\n${model}---\nSay hello.\n`;
const connections = (url: string) => `# Kept: why this server is here.
gated: # the team's own
  type: openai-compatible
  baseUrl: ${url}
  apiKeyEnv: GATED_KEY
`;
const file = () => path.join(window.workspace ?? '', 'llmops/connections.yaml');

// One window; the tests follow a user from the first view to a removed key.
beforeAll(async () => {
  server = await startChatServer({ key: KEY });
  moved = await startChatServer({ key: KEY });
  window = await openWindow({
    // high enough for every row: three views share the side bar
    size: { width: 1600, height: 1700 },
    files: {
      'llmops/connections.yaml': connections(server.url),
      'prompts/gated.prompt': prompt('model: gated/echo-1\n'),
      'prompts/unnamed.prompt': prompt('description: names no model\n'),
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});
afterAll(() => {
  server?.stop();
  moved?.stop();
});

const row = (name: string | RegExp) => window.page.getByRole('treeitem', { name });
const gated = (state: string) => row(`Connection gated, openai-compatible, ${state}`);

async function menu(name: string | RegExp, item: string): Promise<void> {
  await row(name).click({ button: 'right' });
  // VS Code ignores a mouse button released within a tenth of a second: it may belong to the click that opened the menu
  await window.page.getByRole('menuitem', { name: item, exact: true }).click({ delay: 150 });
}

test('connections are listed with their state, and expand to their models with context window and price', async () => {
  await row('Connection openai, openai, no key').waitFor();
  await row('Connection anthropic, anthropic, no key').waitFor();
  await gated('no key').waitFor();
  await row('Connection vertexai, vertexai, not tested').waitFor();
  // no extension of this window provides a model
  await row('Connection vscode, vscode, no models').waitFor();
  expect(server.seen).toEqual([]);

  await row(/^Connection demo, demo, /).click();
  await row(/^Model demo\/swift, .*context .*per million \(simulated\)$/).waitFor();
  await row(/^Model demo\/thorough, /).waitFor();
  await gated('no key').click();
  await row('Set the API key to list models').waitFor();
});

test('a wrong key, set with the row’s button, is reported by Test with the next step', async () => {
  await gated('no key').hover();
  await gated('no key').getByRole('button', { name: 'Set API Key…' }).click();
  await enter(window, 'API Key for gated', 'wrong-key');
  const stored = window.toast('The key for gated was stored');
  await stored.getByRole('button', { name: 'Test Connection' }).click();

  const refused = window.toast("The key of 'gated' was refused");
  await refused.getByRole('button', { name: 'Set API Key' }).waitFor();
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer wrong-key');
});

test('a column that failed because of the key offers to set it, and then answers', async () => {
  const compare = await openCompare(window, 'prompts/gated.prompt');
  await compare.run();
  const failed = compare.column('gated/echo-1', 'failed');
  await failed.getByRole('button', { name: 'Set API Key' }).click();
  await enter(window, 'API Key for gated', KEY);
  await window.toast('The key for gated was stored').waitFor();

  await compare.runColumn('gated/echo-1');

  await compare.column('gated/echo-1').getByText('Hello.').waitFor();
  await gated('ready').waitFor();
});

test('Test shows how long the server took and how many models it has, and the row is ready', async () => {
  await menu(/^Connection gated/, 'Test Connection');
  await window.toast(/gated responded in \d+ ms: 2 models\./).waitFor();
  await gated('ready').waitFor();
  await row(/^Model gated\/echo-2, /).waitFor();
});

test('a model becomes the default: its row shows it, and so does a prompt without a model', async () => {
  await row(/^Model gated\/echo-2/).hover();
  await row(/^Model gated\/echo-2/)
    .getByRole('button', { name: 'Set as Default Model' })
    .click();
  await row(/^Model gated\/echo-2, default/).waitFor();

  await window.openFile('prompts/unnamed.prompt');
  const lens = window.page.locator('.codelens-decoration').getByText('gated/echo-2 (from the setting');
  await lens.waitFor();
});

test('a model’s id is copied', async () => {
  await menu(/^Model gated\/echo-1/, 'Copy Model ID');
  await expect.poll(() => window.page.evaluate('navigator.clipboard.readText()')).toBe('gated/echo-1');
});

test('a server is added by its URL, to the file, whose comments are kept', async () => {
  const other = await startChatServer({ models: ['own-7b'] });
  try {
    await row(/^Connection demo/).hover();
    await window.page.getByRole('button', { name: 'Add OpenAI-Compatible Server…' }).click();
    const message = window.page.locator('.quick-input-message');
    await enter(window, 'Add OpenAI-Compatible Server (1/2)', other.url.replace('//', '/'));
    await message.getByText(`Did you mean ${other.url}?`).waitFor();
    const written = ` ${new URL(other.url).host} `;
    await window.page.locator('.quick-input-widget input.input').fill(written);
    await message.getByText(`Requests will be sent to ${other.url}`).waitFor();
    await enter(window, 'Add OpenAI-Compatible Server (1/2)', written);
    await enter(window, 'Add OpenAI-Compatible Server (2/2)', 'gated');
    await window.page.locator('.quick-input-message').getByText('A connection “gated” already exists.').waitFor();
    await enter(window, 'Add OpenAI-Compatible Server (2/2)', 'own');

    await window.toast(/own responded in \d+ ms: 1 model\./).waitFor();
    await row('Connection own, openai-compatible, ready').waitFor();
    const text = fs.readFileSync(file(), 'utf8');
    expect(text).toBe(`${connections(server.url)}own:\n  type: openai-compatible\n  baseUrl: ${other.url}\n`);
    // the added lines are visible and selected: copying copies them
    await window.page.locator('.editor-group-container.active .view-line').getByText('own:').waitFor();
    await window.page.locator('.editor-group-container.active .selected-text').first().waitFor();
    await window.page.keyboard.press('ControlOrMeta+C');
    const copied = await window.page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe(`own:\n  type: openai-compatible\n  baseUrl: ${other.url}`);
  } finally {
    other.stop();
  }
});

test('after a connection moved, its key is sent only once the user allows it', async () => {
  fs.writeFileSync(file(), connections(moved.url));
  await gated(`key is for ${new URL(server.url).origin}`).waitFor();
  const compare = await openCompare(window, 'prompts/gated.prompt');
  await compare.button(/^Run$/).click();
  const failed = compare.column('gated/echo-1', 'failed');
  const allow = failed.getByRole('button', { name: `Allow ${new URL(moved.url).origin}` });
  await allow.waitFor();
  expect(moved.seen).toEqual([]);

  await allow.click();
  await answerDialog(window, `Send the key for gated to ${new URL(moved.url).origin}?`, 'Allow');
  await compare.runColumn('gated/echo-1');

  expect(moved.seen.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test('a removed key is removed immediately', async () => {
  await menu(/^Connection gated/, 'Remove API Key');
  await answerDialog(window, 'Remove the key for gated?', 'Remove');
  await gated('no key').waitFor();
  const compare = comparePage(window);
  await compare.button(/^Run$/).click();
  await compare.column('gated/echo-1', 'failed').getByText('has no API key').waitFor();
});

test('an error in the connections file is a row that leads to it', async () => {
  await window.command('View: Close All Editors');
  fs.writeFileSync(file(), `${connections(server.url)}broken: [\n`);
  await row(/^Line \d+: /).click();
  await window.page.getByRole('tab', { name: /^connections\.yaml/ }).waitFor();
  await window.page.locator('.monaco-editor.focused').waitFor();
});

test('an unreachable server is reported once, briefly, with the next step; only this machine is queried automatically', async () => {
  const other = await startChatServer({ models: ['own-7b'] });
  const remote = 'remote:\n  type: openai-compatible\n  baseUrl: https://models.invalid/v1\n';
  fs.writeFileSync(file(), `own:\n  type: openai-compatible\n  baseUrl: ${other.url}\n${remote}`);
  // nobody asked, and its state is known
  await row(/^Connection own, openai-compatible, ready, 1 model, /).waitFor();
  await row('Connection remote, openai-compatible, not tested').waitFor();
  other.stop();
  await menu(/^Connection own/, 'Test Connection');
  const toast = window.toast(/own: Could not connect to 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
  for (const name of ['Retry', 'Edit Connection', 'Show Log']) await toast.getByRole('button', { name }).waitFor();
  await row(/^Connection own, openai-compatible, unreachable: connection refused, /).waitFor();
  const words = window.page.locator('.sidebar').getByText('unreachable');
  expect(await words.count()).toBe(1);
  await toast.getByRole('button', { name: 'Edit Connection' }).click();
  await window.page.getByRole('tab', { name: /^connections\.yaml/ }).waitFor();

  const again = await startChatServer({ models: ['own-7b'] });
  fs.writeFileSync(file(), `own:\n  type: openai-compatible\n  baseUrl: ${again.url}\n${remote}`);
  await row(/^Connection own, openai-compatible, ready/).waitFor();
  again.stop();
});

test('one model’s error marks only that model in the picker, until it answers', async () => {
  const several = await startChatServer({ models: ['echo-1', 'echo-2'] });
  try {
    fs.writeFileSync(file(), `gated:\n  type: openai-compatible\n  baseUrl: ${several.url}\n`);
    await row(/^Connection gated, openai-compatible, ready/).waitFor();
    const compare = await openCompare(window, 'prompts/gated.prompt');
    several.script(...Array.from({ length: 6 }, () => ({ status: 500, raw: '{"error":{"message":"No."}}' })));
    await compare.button(/^Run$/).click();
    await compare.column('gated/echo-1', 'failed').waitFor();
    await row(/^Connection gated, openai-compatible, ready/).waitFor();
    const unfolded = await row(/^Connection gated/).getAttribute('aria-expanded');
    if (unfolded !== 'true') await row(/^Connection gated/).click();
    await row(/^Model gated\/echo-1, failed: HTTP 500/).waitFor();
    expect(await row(/^Model gated\/echo-2, failed/).count()).toBe(0);

    const marks = async () => {
      await compare.button('Add Model').click();
      const option = (name: string) => compare.view.getByRole('option', { name: `gated/${name}` });
      await option('echo-2').waitFor();
      const found = await Promise.all(
        ['echo-1', 'echo-2'].map((name) => option(name).locator('.blocked').allTextContents()),
      );
      await window.page.keyboard.press('Escape');
      return found.map((texts) => texts.join('').replace(/ · .*/, '').trim());
    };
    await expect.poll(marks).toEqual(['failed: HTTP 500', '']);
    several.script();
    await compare.runColumn('gated/echo-1');
    await compare.column('gated/echo-1').getByText('Hello.').waitFor();
    await expect.poll(marks).toEqual(['', '']);
  } finally {
    several.stop();
  }
});

test('Set API Key asks for the connection if none is selected', async () => {
  await window.command('LLMOps: Set API Key…');
  await titled(window, 'Set API Key');
  await window.page.locator('.quick-input-list').getByText('anthropic').first().waitFor();
  expect(await window.page.locator('.quick-input-list').getByText('demo', { exact: true }).count()).toBe(0);
  await window.page.keyboard.press('Escape');
});
