import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fillEvaluation } from '../bed/fill-evaluation.ts';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerDialog, pick } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const HOUR_MS = 3_600_000;
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({ size: { width: 1500, height: 1100 } });
  for (const file of ['churn-quality.eval.yaml', 'data/churn-cases.jsonl']) {
    fs.rmSync(path.join(window.workspace ?? '', file), { force: true });
  }
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.command('LLMOps: Focus on Evaluations View');
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const pane = () => window.page.locator('.pane').filter({ hasText: 'Evaluations' }).last();

test('an empty view explains what an evaluation is, and creates nothing', async () => {
  const welcome = window.page.locator('.welcome-view-content').filter({ hasText: 'This workspace has no evaluations' });
  await welcome.getByRole('button', { name: 'Create Evaluation' }).waitFor();
  expect(fs.existsSync(path.join(window.workspace ?? '', '.llmops'))).toBe(false);
});

test('Create Evaluation writes the first file into evals/ and says so', async () => {
  await window.page.locator('.welcome-view-content').getByRole('button', { name: 'Create Evaluation' }).click();
  await pick(window, 'Create Evaluation', 'churn-analysis');
  await pick(window, 'Create Evaluation', 'customers.jsonl');
  await window.page.getByText('Created evals/churn-analysis.eval.yaml.').first().waitFor();
  const file = path.join(window.workspace ?? '', 'evals/churn-analysis.eval.yaml');
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toMatch(/^prompts: \[\.\.\/prompts\/churn-analysis\.prompt\]$/m);
  expect(text).toMatch(/^dataset: \.\.\/data\/customers\.jsonl$/m);
  await row(/^evaluation churn-analysis, no results yet/).waitFor();
  fs.rmSync(file);
  await row(/^evaluation churn-analysis/).waitFor({ state: 'detached' });
  await window.command('View: Close All Editors');
});

test('a file is listed once it is written', async () => {
  const file = path.join(window.workspace ?? '', 'evals', 'churn.eval.yaml');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(
    file,
    'prompts: [../prompts/churn-analysis.prompt]\nrows: [{ customer_age: 42 }]\nmetrics: [schemaValid]\n',
  );
  await row(/^evaluation churn, no results yet/).waitFor();
});

test('results that another process stores appear under their file, with verdict, score, cost and age', async () => {
  await fillEvaluation(window.workspace ?? '', { id: 'older', cases: 40, startedAt: Date.now() - 3 * HOUR_MS });
  await fillEvaluation(window.workspace ?? '', {
    id: 'running',
    cases: 20,
    startedAt: Date.now() - 5 * HOUR_MS,
    changes: { state: 'running', endedAt: undefined, summary: undefined },
  });
  await row(/^evaluation churn, latest result: /).waitFor();
  await row(/^evaluation churn, latest result: /)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^result, churn quality, done, better in some metrics and worse in others than the baseline/).waitFor();
  await row(/^result, churn quality, running/).waitFor();
  const labels = await window.page
    .getByRole('treeitem', { name: /^result, / })
    .evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label')));
  expect(labels[0]).toMatch(/running/);
  expect(labels[1]).toMatch(/3 hours ago/);
});

test('the cases that did not pass are listed under a result with the metric that failed', async () => {
  await row(/^result, churn quality, done/)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^case customer-4, failed, schemaValid, rougeL/).waitFor();
  await row(/^case customer-8, error, error/).waitFor();
});

test('a result is pinned and unpinned', async () => {
  await row(/^result, churn quality, done/).click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: 'Pin Evaluation Result…' }).click({ delay: 150 });
  await row(/^result, churn quality, done.* pinned/).waitFor();
  await window.command('LLMOps: Unpin Evaluation Result…');
  await pick(window, 'Unpin Evaluation Result', 'churn quality');
  await row(/^result, churn quality, done(?!.* pinned)/).waitFor();
});

test('a result is deleted after a confirmation, and not after Cancel', async () => {
  const remove = async (button: string) => {
    await row(/^result, churn quality, done/).click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Delete Evaluation Result…' }).click({ delay: 150 });
    await answerDialog(window, 'Delete the result of churn quality?', button);
  };
  await remove('Cancel');
  await row(/^result, churn quality, done/).waitFor();
  await remove('Delete');
  await row(/^result, churn quality, done/).waitFor({ state: 'detached' });
  await pane().getByText('churn').first().waitFor();
});
