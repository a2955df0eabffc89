import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ComparePage, openCompare } from './compare-page.ts';
import { enterSavedFile, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const PROMPT = `---
model: demo/swift
config:
  demo: { tokensPerSecond: 4000, ttftMs: 1 }
input:
  schema:
    city: string
  default:
    city: Lima
---
Say something about {{city}}.
`;
const ROWS = ['Oslo', 'Rome'].map((city) => `${JSON.stringify({ city, ground_truth: 'A capital.' })}\n`).join('');
const DATASET = 'data/cities.jsonl';
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  window = await openWindow({
    size: { width: 1500, height: 1000 },
    settings: { 'files.autoSave': 'off' },
    files: { 'prompts/cities.prompt': PROMPT, [DATASET]: ROWS },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const read = (file: string) => fs.readFileSync(path.join(window.workspace ?? '', file), 'utf8');
const rowsOnDisk = (): Record<string, unknown>[] =>
  read(DATASET)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The added row is an edit: undone, redone and saved like one. */
async function undoRedoSave(added: RegExp): Promise<void> {
  const { page } = window;
  const line = page.locator('.editor-group-container.active .view-line').filter({ hasText: added }).last();
  await line.waitFor();
  const before = read(DATASET);
  const editor = page.locator('.editor-group-container.active .monaco-editor.focused');
  await editor.waitFor();
  await page.keyboard.press('ControlOrMeta+z');
  await line.waitFor({ state: 'detached' });
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await line.waitFor();
  expect(read(DATASET)).toBe(before);
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => read(DATASET)).not.toBe(before);
}

test('a result of Run on Dataset is saved as an evaluation, and belongs to its file from then on', async () => {
  await window.command('LLMOps: Run on Dataset…');
  await pick(window, 'Run on Dataset', 'cities');
  await pick(window, 'Run on Dataset', 'cities.jsonl');
  await row(/^evaluations without a file, latest: cities on cities.jsonl, done/).waitFor();
  await window.command('LLMOps: Save as Evaluation…');
  await pick(window, 'Save as Evaluation', 'cities on cities.jsonl');
  // the rest of the name is added
  await enterSavedFile(window, 'Save as Evaluation', path.join(window.workspace ?? '', 'capitals.yaml'));
  await window.page.locator('.tab.active').filter({ hasText: 'capitals.eval.yaml' }).waitFor();
  const text = read('capitals.eval.yaml');
  expect(text).toMatch(/^prompts:.*prompts\/cities\.prompt/m);
  expect(text).toMatch(/^dataset: data\/cities\.jsonl$/m);
  await row(/^evaluation capitals, latest result: cities on cities.jsonl, done/).waitFor();
  await row(/^evaluations without a file/).waitFor({ state: 'detached' });
});

test('Compare Evaluations says that one result is not enough, instead of a list of one', async () => {
  await window.command('LLMOps: Compare Evaluations…');
  await window.toast('Two results are needed').waitFor();
  await window.command('Notifications: Clear All Notifications');
});

test('Save as Evaluation says why there is nothing to save', async () => {
  await window.command('LLMOps: Save as Evaluation…');
  await window.toast('Every result has an evaluation file').waitFor();
  await window.command('Notifications: Clear All Notifications');
});

test('the inputs of a comparison become a case, with the answer that is expected', async () => {
  await window.command('View: Close All Editors');
  compare = await openCompare(window, 'prompts/cities.prompt');
  await compare.runColumn('demo/swift');
  await window.command('LLMOps: Add as Case…');
  await pick(window, 'Add as Case', 'Answer of demo/swift');
  await pick(window, 'Add as Case', 'cities.jsonl');
  await undoRedoSave(/Lima/);
  const added = rowsOnDisk()[2];
  expect(rowsOnDisk()).toHaveLength(3);
  expect(added).toMatchObject({ city: 'Lima' });
  // under the name that the other rows have
  expect(String(added?.ground_truth).length).toBeGreaterThan(3);
});

test('an answer that is rated down is not offered as the expected one', async () => {
  await window.command('View: Close All Editors');
  compare = await openCompare(window, 'prompts/cities.prompt');
  await compare.showInputs();
  await compare.input('city').fill('Quito');
  await compare.runColumn('demo/swift');
  await compare.column('demo/swift').getByRole('button', { name: 'Bad Answer' }).click();
  await compare.column('demo/swift').getByRole('button', { name: 'Bad Answer', pressed: true }).waitFor();
  await window.command('LLMOps: Add as Case…');
  // the next question is for the dataset
  await window.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'cities.jsonl' }).waitFor();
  await window.page.keyboard.press('Escape');
});

test('a run that was rated down becomes a case without an open comparison', async () => {
  await window.command('View: Close All Editors');
  await window.command('LLMOps: Add as Case…');
  await titled(window, 'Add as Case');
  const run = window.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'cities' });
  await run.getByRole('checkbox').click();
  await window.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
  await pick(window, 'Add as Case', 'cities.jsonl');
  await undoRedoSave(/Quito/);
  expect(rowsOnDisk().at(-1)).toEqual({ city: 'Quito' });
});

test('cells of a spreadsheet become cases, and an empty clipboard is refused', async () => {
  await window.command('View: Close All Editors');
  await window.page.evaluate(() => navigator.clipboard.writeText(' '));
  await window.command('LLMOps: Paste Cases into Dataset…');
  await window.toast('The clipboard has no text').waitFor();
  await window.page.evaluate(() => navigator.clipboard.writeText('city\treference\nBern\tA federal city.\n'));
  await window.command('LLMOps: Paste Cases into Dataset…');
  await pick(window, 'Paste Cases into Dataset', 'cities.jsonl');
  await undoRedoSave(/Bern/);
  expect(rowsOnDisk().at(-1)).toEqual({ city: 'Bern', reference: 'A federal city.' });
});
