import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { answerDialog, enter, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
// more tokens than the server counts, so that the highest cost of a request is as the client calculates it
const PROMPT = `---
config: { maxOutputTokens: 50 }
input:
  schema:
    city: string
---
Say something about {{city}}.
${'Be very brief and friendly. '.repeat(40)}
`;
const CASES = ['oslo', 'rome', 'paris'].map((city) => JSON.stringify({ id: city, city, expected: 'Hello.' }));
let window: WorkbenchWindow;
let server: ChatServer;

// a request costs 120 × $10 + 30 × $20 per million tokens: $0.0018
beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1440, height: 1000 },
    settings: { 'llmops.prices': { 'local/*': { inputUsd: 10, outputUsd: 20 } } },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/cities.prompt': PROMPT,
      'data/cities.jsonl': `${CASES.join('\n')}\n`,
      'cities.eval.yaml':
        'prompts: [prompts/cities.prompt]\nmodels: [local/echo-1]\ndataset: data/cities.jsonl\nmetrics: [equals]\n',
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  return () => server.stop();
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const chats = () => server.seen.filter(({ path: asked }) => asked.includes('chat')).length;
const write = (text: string) => fs.writeFileSync(path.join(window.workspace ?? '', 'prompts/cities.prompt'), text);

async function watch(limit: string, button: string, cases = 3): Promise<void> {
  await window.command('LLMOps: Watch Evaluation…');
  await pick(window, 'Watch Evaluation', /^cities/);
  await enter(window, 'Watch Evaluation: Limit', limit);
  await answerDialog(window, `Watch cities on ${cases} cases?`, button);
}

test('watching a paid model asks for a limit, refuses none, and asks before anything is sent', async () => {
  await window.command('LLMOps: Watch Evaluation…');
  await pick(window, 'Watch Evaluation', /^cities/);
  await titled(window, 'Watch Evaluation: Limit');
  const input = window.page.locator('.quick-input-widget input.input');
  for (const wrong of ['0', '-1', 'much', 'Infinity']) {
    await input.fill(wrong);
    await window.page.getByText('Enter a number above 0').waitFor();
  }
  await window.page.keyboard.press('Escape');
  await watch('0.02', 'Cancel');
  expect(await row(/^evaluation cities, watched/).count()).toBe(0);
  expect(chats()).toBe(0);
});

test('an edit runs it again, and only what the edit touches is sent', async () => {
  await watch('0.02', 'Watch');
  await row(/^evaluation cities, watched/).waitFor();
  await expect.poll(chats, { timeout: 30_000 }).toBe(3);
  const added = JSON.stringify({ id: 'lima', city: 'lima', expected: 'Hello.' });
  fs.appendFileSync(path.join(window.workspace ?? '', 'data/cities.jsonl'), `${added}\n`);
  await expect.poll(chats, { timeout: 30_000 }).toBe(4);
  await row(/^evaluation cities, watched/).waitFor();
});

test('it ends with a message when the limit is reached, and later edits send nothing', async () => {
  // $0.0072 so far: one more run of four cases fits, another one does not
  write(PROMPT.replace('something', 'everything'));
  await expect.poll(chats, { timeout: 30_000 }).toBeGreaterThanOrEqual(8);
  write(PROMPT.replace('something', 'nothing'));
  await window.toast('cities is no longer watched, because its re-runs reached the limit of $0.02').waitFor();
  await row(/^evaluation cities, watched/).waitFor({ state: 'detached' });
  const before = chats();
  expect(before * 0.0018).toBeLessThanOrEqual(0.02);
  write(PROMPT.replace('something', 'a lot'));
  // a watched evaluation starts within half a second of an edit
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(chats()).toBe(before);
});

test('nothing is watched after a reload', async () => {
  await watch('5', 'Watch', 4);
  await row(/^evaluation cities, watched/).waitFor();
  await row(/^evaluation cities, watched, latest result: cities, done/).waitFor();
  await window.reload();
  await row(/^evaluation cities, latest result/).waitFor();
  const before = chats();
  write(PROMPT);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(chats()).toBe(before);
});

test('an edit of the code of a metric runs it again, and sends nothing', async () => {
  const folder = window.workspace ?? '';
  const database = () => new DatabaseSync(path.join(folder, '.llmops/llmops.db'), { readOnly: true });
  const results = () => {
    using open = database();
    return Number(open.prepare("SELECT count(*) AS n FROM evaluations WHERE file = 'coded.eval.yaml'").get()?.n);
  };
  const writeCheck = (value: number) =>
    fs.writeFileSync(path.join(folder, 'check.mjs'), `export default () => ${value};\n`);
  writeCheck(1);
  const evaluation = fs.readFileSync(path.join(folder, 'cities.eval.yaml'), 'utf8');
  const coded = evaluation.replace('[equals]', '[{ metric: javascript, file: check.mjs }]');
  fs.writeFileSync(path.join(folder, 'coded.eval.yaml'), coded);
  await row(/^evaluation coded/).waitFor();
  await window.command('LLMOps: Watch Evaluation…');
  await pick(window, 'Watch Evaluation', /^coded/);
  await enter(window, 'Watch Evaluation: Limit', '5');
  await answerDialog(window, 'Watch coded on 4 cases?', 'Watch');
  await row(/^evaluation coded, watched, latest result: coded, done/).waitFor();
  await expect.poll(results).toBe(1);
  const before = chats();
  writeCheck(0);
  await expect.poll(results).toBe(2);
  expect(chats()).toBe(before);
});

test('resuming a stopped run names who gets the rest, with the address and the cost', async () => {
  const held = Promise.withResolvers<void>();
  server.script({}, { after: held.promise }, { after: held.promise }, { after: held.promise });
  fs.appendFileSync(path.join(window.workspace ?? '', 'cities.eval.yaml'), "cache: 'off'\nconcurrency: 1\n");
  await window.command('LLMOps: Run Evaluation…');
  await pick(window, 'Run Evaluation', /^cities/);
  await answerDialog(window, 'Run cities on 4 cases?', 'Run');
  await row(/^evaluation cities, latest result: cities, running/).waitFor();
  await window.command('LLMOps: Stop Evaluation…');
  await pick(window, 'Stop Evaluation', 'cities');
  held.resolve();
  await row(/^evaluation cities, latest result: cities, stopped/).waitFor();
  await window.command('LLMOps: Resume Evaluation…');
  await pick(window, 'Resume Evaluation', 'stopped');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.filter({ hasText: `Data is sent to local (${new URL(server.url).origin}).` }).waitFor();
  await dialog.filter({ hasText: /Up to \d requests?\..*Estimated cost: ≈\$0\.00/s }).waitFor();
  await answerDialog(window, 'Resume cities?', 'Cancel');
});
