import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { openCompare } from './compare-page.ts';
import { answerDialog, enter, pick } from './quick-input.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const PROMPT = `---
model: demo/swift
config:
  demo: { tokensPerSecond: 4000, ttftMs: 1 }
input:
  schema:
    city: string
---
Say something about {{city}}.
`;
const CASES = ['oslo', 'rome', 'paris'].map((city) => JSON.stringify({ id: city, city, expected: 'A capital.' }));
const EVALUATION = `prompts: [prompts/cities.prompt]
dataset: data/cities.jsonl
metrics: [equals, { metric: regex, value: '[a-z]' }]
gates: [{ metric: equals, threshold: 0.5 }]
`;
let window: WorkbenchWindow;
let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1700, height: 1100 },
    settings: { 'files.autoSave': 'off', 'llmops.prices': { 'local/*': { inputUsd: 10, outputUsd: 20 } } },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/cities.prompt': PROMPT,
      'data/cities.jsonl': `${CASES.join('\n')}\n`,
      'cities.eval.yaml': EVALUATION,
      'paid.eval.yaml': EVALUATION.replace('dataset', 'models: [local/echo]\ndataset'),
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  return () => server.stop();
});

const chats = () => server.seen.filter(({ path: asked }) => asked.includes('chat')).length;
const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const lens = (text: string) => window.page.locator('.codelens-decoration a').filter({ hasText: text }).first();

test('Run above the file answers every case and says that the gate failed', async () => {
  await window.openFile('cities.eval.yaml');
  await lens('Run').click();
  await row(/^evaluation cities, latest result: cities, done, 1 gate failed/).waitFor();
  await row(/^evaluation cities, done, 1 gate failed/).waitFor(); // one row of the Runs view
  await window.openFile('cities.eval.yaml');
  await lens('gate failed').waitFor();
});

test('Estimate names who would get data and the cost, and sends nothing', async () => {
  await window.openFile('paid.eval.yaml');
  await lens('Estimate').click();
  await window.page
    .locator('.monaco-dialog-box')
    .filter({ hasText: /Data is sent to local \(http:\/\/127/ })
    .waitFor();
  const dialog = window.page.locator('.monaco-dialog-box').filter({ hasText: /Estimated cost: ≈\$/ });
  expect(await dialog.locator('.dialog-buttons').getByRole('button').allInnerTexts()).toEqual(['Close']);
  await window.page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(chats()).toBe(0);
});

test('a run that sends data asks first, and Cancel sends nothing', async () => {
  await lens('Run').click();
  await answerDialog(window, 'Run paid on 3 cases?', 'Cancel');
  expect(chats()).toBe(0);
});

test('a pause that waits for the provider is shown as long as it lasts', async () => {
  const refusal = { status: 503, raw: '{"error":{"message":"Overloaded."}}' };
  server.script(...Array.from({ length: 100 }, () => refusal));
  await window.openFile('paid.eval.yaml');
  await lens('Run').click();
  await answerDialog(window, 'Run paid on 3 cases?', 'Run');
  const paused = window.toast('The evaluation is paused.');
  await paused.waitFor();
  await row(/^evaluation paid, latest result: paid, paused/).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, 'evaluation-paused.png') });
  server.script();
  await paused.waitFor({ state: 'detached' });
  await row(/^evaluation paid, latest result: paid, done/).waitFor();
});

test('Create Evaluation writes a file with metrics that fit the prompt and the dataset', async () => {
  await window.command('View: Close All Editors');
  await window.command('LLMOps: Create Evaluation…');
  await pick(window, 'Create Evaluation', 'cities');
  await pick(window, 'Create Evaluation', 'cities.jsonl');
  await window.page
    .getByRole('tab', { name: /prompts?\/?cities|cities-2\.eval\.yaml/ })
    .first()
    .waitFor();
  const text = fs.readFileSync(path.join(window.workspace ?? '', 'cities-2.eval.yaml'), 'utf8');
  expect(text).toContain('prompts: [prompts/cities.prompt]');
  expect(text).toContain('dataset: data/cities.jsonl');
  expect(text).toContain('equals');
});

test('Changed Cases asks only for rows that were edited, and says if nothing was', async () => {
  const again = async () => {
    await window.command('LLMOps: Re-run Cases of Evaluation…');
    await pick(window, 'Re-run Cases of Evaluation', /^cities/);
    await pick(window, 'Re-run Cases of Evaluation', 'Changed Cases');
  };
  const before = resultsOf('cities.eval.yaml');
  await again();
  const toast = window.toast('Nothing has changed since this result of cities');
  await toast.locator('.codicon-info').waitFor();
  expect(resultsOf('cities.eval.yaml')).toBe(before);
  await window.command('Notifications: Clear All Notifications');
  const rows = [...CASES.slice(0, 2), JSON.stringify({ id: 'paris', city: 'lyon', expected: 'A capital.' })];
  fs.writeFileSync(path.join(window.workspace ?? '', 'data/cities.jsonl'), `${rows.join('\n')}\n`);
  await again();
  await window
    .toast('cities has a new result, and the earlier one is kept. Changed since that result: 1 case.')
    .waitFor();
  expect(resultsOf('cities.eval.yaml')).toBe(before + 1);
  await row(/^evaluation cities, latest result: cities, done/).waitFor();
  fs.writeFileSync(path.join(window.workspace ?? '', 'data/cities.jsonl'), `${CASES.join('\n')}\n`);
  await window.command('Notifications: Clear All Notifications');
});

test('Run on Dataset lists its result without a file', async () => {
  await window.command('View: Close All Editors');
  await window.command('LLMOps: Run on Dataset…');
  await pick(window, 'Run on Dataset', 'cities');
  await pick(window, 'Run on Dataset', 'cities.jsonl');
  await row(/^evaluations without a file, latest: cities on cities.jsonl/).waitFor();
});

test('the Test Explorer runs an evaluation and shows failures at the row, with expected and actual', async () => {
  await window.command('View: Close All Editors');
  await window.command('Testing: Focus on Test Explorer View');
  const file = row(/^cities \(/).first();
  await file.click();
  await file.getByRole('button', { name: /^Run Test/ }).click();
  await row(/^cities \(Failed\)/)
    .first()
    .waitFor();
  await row(/^cities \(Failed\)/)
    .nth(1)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^oslo \(Failed\)/).dblclick();
  await window.page.locator('.tab.active').filter({ hasText: 'cities.jsonl' }).waitFor();
  await window.page
    .getByText(/cities: equals: /)
    .first()
    .waitFor();
});

test('Compare evaluates its prompt on a dataset, and adds the inputs of an answer as a case', async () => {
  await window.command('View: Close All Editors');
  const compare = await openCompare(window, 'prompts/cities.prompt');
  await compare.showInputs();
  await compare.input('city').fill('Lima');
  await compare.runColumn('demo/swift');
  await compare.column('demo/swift').getByRole('button', { name: 'More Actions', exact: true }).click();
  await compare.view.getByRole('menuitem', { name: 'Add as Case…' }).click();
  await pick(window, 'Add as Case', 'Answer of demo/swift');
  await pick(window, 'Add as Case', /cities\.jsonl/);
  await window.page.locator('.editor-group-container.active .view-line').filter({ hasText: /Lima/ }).last().waitFor();
  await window.command('File: Revert File');
  await window.command('View: Close Editor');
  await compare.view.getByRole('button', { name: 'Run on Dataset…' }).click();
  await pick(window, 'Run on Dataset', /cities\.jsonl/);
  await window.page.locator('.tab.active').filter({ hasText: 'Evaluation: cities on cities.jsonl' }).waitFor();
});

test('a dataset is split into files beside it, which are only replaced after a question', async () => {
  const textOf = (part: string) =>
    fs.readFileSync(path.join(window.workspace ?? '', `data/cities.${part}.jsonl`), 'utf8');
  const split = async (parts: string) => {
    await window.command('LLMOps: Split Dataset…');
    await pick(window, 'Split Dataset', /cities\.jsonl/);
    await enter(window, 'Split Dataset: Parts', parts);
    await enter(window, 'Split Dataset: Seed', '0');
  };
  await split('dev=2,test=1');
  await window.page.getByText('Wrote cities.dev.jsonl (2 rows) and cities.test.jsonl (1 row).').first().waitFor();
  expect([...textOf('dev').trim().split('\n'), textOf('test').trim()].toSorted()).toEqual(
    CASES.map((line) => JSON.stringify(JSON.parse(line)).replaceAll('":', '": ').replaceAll(',"', ', "')).toSorted(),
  );
  const before = textOf('dev');
  await split('dev=1,test=2');
  await answerDialog(window, 'cities.dev.jsonl and cities.test.jsonl exist already.', 'Cancel');
  expect(textOf('dev')).toBe(before);
});

function resultsOf(file: string): number {
  const database = new DatabaseSync(path.join(window.workspace ?? '', '.llmops/llmops.db'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM evaluations WHERE file = ?').get(file)?.n);
  } finally {
    database.close();
  }
}

test('a watched evaluation runs after an edit that touches it, not after another one, and is off after a reload', async () => {
  const write = (file: string, text: string) => fs.writeFileSync(path.join(window.workspace ?? '', file), text);
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.command('View: Close All Editors');
  const before = resultsOf('cities.eval.yaml');
  await window.command('LLMOps: Watch Evaluation…');
  await pick(window, 'Watch Evaluation', /^cities(?!-)/);
  await enter(window, 'Watch Evaluation: Limit', '0.5');
  await row(/^evaluation cities, watched/).waitFor();
  await expect.poll(() => resultsOf('cities.eval.yaml'), { timeout: 30_000 }).toBe(before + 1);
  write('prompts/support-reply.prompt', '---\nmodel: demo/swift\n---\nHello.\n');
  write('prompts/cities.prompt', PROMPT.replace('something', 'everything'));
  await expect.poll(() => resultsOf('cities.eval.yaml'), { timeout: 30_000 }).toBe(before + 2);
  await window.reload();
  await row(/^evaluation cities, latest result/).waitFor();
  expect(await row(/^evaluation cities, watched/).count()).toBe(0);
});
