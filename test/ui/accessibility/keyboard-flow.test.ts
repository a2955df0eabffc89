import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../../bed/workbench.mjs';
import { type ChatServer, startChatServer } from '../chat-server.ts';
import { type ComparePage, comparePage } from '../compare-page.ts';
import { gitIn } from '../prompt-repository.ts';
import { titled } from '../quick-input.ts';
import { screenshots, useWorkbench } from '../workbench.ts';
import { focusedStop } from './focus-stops.ts';

const openWindow = useWorkbench();
const MODEL = 'demo/swift';
/** A user's speed, in milliseconds per key. */
const HUMAN = { delay: 60 };

let parent: string;
let folder: string;
let server: ChatServer;
let window: WorkbenchWindow;
let compare: ComparePage;

// 1440 x 900 at zoom level 3. Nothing here uses the mouse: each test continues where the one before ended.
beforeAll(async () => {
  server = await startChatServer();
  parent = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'llmops-keyboard-'));
  const workspace = path.join(parent, 'shop');
  fs.mkdirSync(path.join(workspace, 'prompts'), { recursive: true });
  gitIn(workspace, 'init', '--quiet', '--initial-branch=main');
  gitIn(workspace, 'config', 'user.name', 'Ada Byron');
  gitIn(workspace, 'config', 'user.email', 'ada@example.com');
  fs.writeFileSync(path.join(workspace, 'notes.txt'), 'a\n');
  gitIn(workspace, 'add', '.');
  gitIn(workspace, 'commit', '--quiet', '-m', 'Begin');
  window = await openWindow({ workspace, size: { width: 832, height: 520 }, settings: { 'files.autoSave': 'off' } });
  folder = window.workspace ?? '';
}, 60_000);
afterAll(() => {
  server?.stop();
  fs.rmSync(parent, { recursive: true, force: true });
});

const press = (key: string) => window.page.keyboard.press(key);
const type = (text: string) => window.page.keyboard.type(text, HUMAN);
const shot = (name: string) => window.page.screenshot({ path: path.join(screenshots, `keyboard-${name}.png`) });
const focusIs = (name: RegExp) => expect.poll(async () => (await focusedStop(compare.view))?.name).toMatch(name);

async function command(title: string): Promise<void> {
  await press('F1');
  await window.page.locator('.quick-input-widget input.input').waitFor();
  await type(title);
  const first = window.page.locator('.quick-input-list .monaco-list-row').first().locator('.label-name');
  await expect.poll(() => first.textContent()).toBe(title);
  await press('Enter');
}

/** Presses Tab until the element with this name has the focus. */
async function tabTo(name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < 40; stop++) {
    const focused = (await focusedStop(compare.view))?.name ?? '';
    if (name.test(focused)) return;
    passed.push(focused);
    await press('Tab');
  }
  throw new Error(`${name} was not reached by Tab: ${passed.join(' | ')}`);
}

/** Enter below a key of the front matter: the line is indented a moment later, which a user sees before continuing. */
async function enterBelowKey(): Promise<void> {
  const cursor = window.page.locator('.monaco-editor.focused .cursors-layer .cursor');
  const column = () => cursor.evaluate((element) => (element as HTMLElement).offsetLeft);
  await press('Home');
  const before = await column();
  await press('End');
  await press('Enter');
  await expect.poll(column).toBeGreaterThan(before);
}

async function typePrompt(): Promise<void> {
  await type('---');
  await press('Enter');
  await type(`model: ${MODEL}`);
  await press('Enter');
  await type('input:');
  await enterBelowKey();
  await type('schema:');
  await enterBelowKey();
  await type('topic: string');
  await press('Enter');
  await press('Backspace');
  await press('Backspace');
  await type('---');
  await press('Enter');
  await type('Write one sentence about {{topic}}.');
}

test('a prompt is typed in an empty file and saved', async () => {
  await command('Create: New File...');
  await window.page.getByPlaceholder('Select File Type or Enter File Name').waitFor();
  await type('tides.prompt');
  await window.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'tides.prompt' }).waitFor();
  await press('Enter');
  await titled(window, 'Create File');
  await press('Enter');
  await window.page.locator('.monaco-editor.focused').waitFor();
  await typePrompt();
  await press('ControlOrMeta+S');
  const saved = () => fs.readFileSync(path.join(folder, 'tides.prompt'), 'utf8');
  await expect
    .poll(saved)
    .toBe(`---\nmodel: ${MODEL}\ninput:\n  schema:\n    topic: string\n---\nWrite one sentence about {{topic}}.`);
});

test('it is compared on two models, and an answer is rated', async () => {
  await press('Control+Shift+Alt+Enter');
  compare = comparePage(window);
  await compare.button(/^Run$/).waitFor();
  await shot('compare');
  await tabTo(/ topic/);
  await type('the tides');
  await press('Control+Enter');
  await compare.view.getByRole('complementary', { name: 'Inputs' }).getByText('topic the tides').waitFor();
  await compare.column(MODEL, 'done').waitFor();
  await shot('done');

  await press('Shift+F6');
  await tabTo(/Add Model/);
  await press('Enter');
  await type('thorough');
  await compare.view.getByRole('option', { name: /^demo\/thorough/, selected: true }).waitFor();
  await shot('picker');
  await press('ArrowDown');
  await press('Enter');
  await compare.column('demo/thorough').waitFor();
  await focusIs(/demo\/thorough/);
  await press('Control+Enter');
  await compare.column('demo/thorough', 'done').waitFor();
  await tabTo(/Good Answer/);
  await press('Enter');
  await compare.column('demo/thorough').getByRole('button', { name: 'Good Answer', pressed: true }).waitFor();
  await shot('rated');
});

test('a version is saved', async () => {
  await press('Control+1');
  await window.page.locator('.monaco-editor.focused').waitFor();
  await press('Control+Alt+S');
  await titled(window, 'Save Version');
  await shot('save');
  await press('Enter');
  await titled(window, 'Save Version: Label');
  await press('Enter');
  await window.toast('Saved tides v1').waitFor();
  expect(gitIn(folder, 'tag', '--list')).toBe('prompt/tides/v1');
});

test('a server is added, and its models can be selected', async () => {
  await command('LLMOps: Add OpenAI-Compatible Server…');
  await titled(window, 'Add OpenAI-Compatible Server (1/2)');
  await type(new URL(server.url).host);
  await press('Enter');
  await titled(window, 'Add OpenAI-Compatible Server (2/2)');
  await press('ControlOrMeta+A');
  await type('own');
  await press('Enter');
  await window.toast(/own responded in \d+ ms/).waitFor();
  await shot('server');
  expect(fs.readFileSync(path.join(folder, 'llmops/connections.yaml'), 'utf8')).toContain(`baseUrl: ${server.url}`);
});
