import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillEvaluation } from '../bed/fill-evaluation.ts';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, openBed, type WorkbenchWindow } from '../bed/workbench.mjs';

/** A `git` that records when it was started, first on the PATH of the extension host. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'llmops-trust-'));
const gitLog = path.join(folder, 'git.log');
let bed: Bed;
let window: WorkbenchWindow;

beforeAll(async () => {
  const git = path.join(folder, 'git');
  writeFileSync(git, `#!/bin/sh\necho "$PWD: $*" >> '${gitLog}'\nexit 1\n`);
  chmodSync(git, 0o755);
  bed = await openBed({
    trust: true,
    env: { PATH: `${folder}${path.delimiter}${process.env.PATH}` },
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
  });
  window = await bed.openWindow({ workspace: path.join(root, 'media/sample-workspace') });
  writeFileSync(
    path.join(window.workspace ?? '', 'llmops/connections.yaml'),
    'lure:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:9/v1\n',
  );
  await window.openFile('prompts/churn-analysis.prompt');
});

afterAll(async () => {
  await bed?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('language features work in an untrusted workspace', async () => {
  await window.page.locator('.codelens-decoration').getByText('Compare').waitFor();
  const label = window.page.locator('.view-line').filter({ hasText: 'description:' }).first();
  await label.locator('[class*=mtk]').nth(1).waitFor();
});

test('running reports that the workspace is not trusted, and offers to manage trust', async () => {
  await window.page.locator('.codelens-decoration a').filter({ hasText: 'Run' }).first().click();
  await window.toast('This workspace is not trusted').getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await window.page.locator('.workspace-trust-editor').waitFor();
  await window.page.keyboard.press('Escape');
  expect(existsSync(path.join(window.workspace ?? '', '.llmops'))).toBe(false);
});

test('the views show it, and the workspace’s connections are not read', async () => {
  await window.page.locator('.activitybar').getByRole('tab', { name: 'LLMOps' }).click();
  const models = window.page.locator('.pane').filter({ hasText: 'Models' }).first();
  await models.getByText('Not trusted').waitFor();
  await models.getByText('anthropic').first().waitFor();
  expect(await models.getByText('lure').count()).toBe(0);
  await window.page.locator('.welcome-view-content').getByText('nothing runs and its run history').waitFor();
});

test('the prompts are listed without their versions, with the reason', async () => {
  const prompts = window.page.locator('.pane').filter({ hasText: 'Prompts' }).first();
  await prompts.getByText('git is not started').waitFor();
  await prompts
    .getByRole('treeitem', { name: /^prompt churn-analysis/ })
    .locator('.monaco-tl-twistie')
    .click();
  await window.command('LLMOps: Save Version…');
  await window.toast('This workspace is not trusted').waitFor();
});

test('results of evaluations can be browsed, but not run, pinned or deleted', async () => {
  await fillEvaluation(window.workspace ?? '', { cases: 12 });
  const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
  await window.command('LLMOps: Focus on Evaluations View');
  await row(/^evaluation churn, file deleted, latest result: /)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^result, churn quality, done/).click();
  await window.page
    .locator('.tab.active')
    .filter({ hasText: /^Evaluation/ })
    .waitFor();
  for (const command of ['Run Evaluation…', 'Pin Evaluation Result…', 'Delete Evaluation Result…']) {
    await window.command(`LLMOps: ${command}`);
    await window.toast('This workspace is not trusted').first().waitFor();
    await window.command('Notifications: Clear All Notifications');
  }
});

test('no git process was started', () => {
  expect(existsSync(gitLog) ? readFileSync(gitLog, 'utf8') : '').toBe('');
});
