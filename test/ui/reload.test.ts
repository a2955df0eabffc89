import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { answerOf, type ComparePage, comparePage, figure, openCompare } from './compare-page.ts';
import { makePromptRepository } from './prompt-repository.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const slow = `---
model: demo/balanced
config:
  demo:
    tokensPerSecond: 6
    outputTokens: 2000
---
Tell a long story.
`;

const streaming = (compare: ComparePage) =>
  expect
    .poll(() => answerOf(compare.column('demo/balanced')).then((text) => text.length), { timeout: 30_000 })
    .toBeGreaterThan(40);

/** What the database has of the last answer. It is written every 1.5 s: later text is lost with the window. */
function recordedAnswer(folder: string): string {
  const database = new DatabaseSync(path.join(folder, '.llmops/llmops.db'), { readOnly: true });
  try {
    const row = database.prepare(`SELECT body ->> '$.text' AS text FROM run_answers ORDER BY run DESC LIMIT 1`).get();
    return String(row?.text ?? '');
  } finally {
    database.close();
  }
}
const withoutMarkup = (text: string) => text.replaceAll(/[\s*`#>_-]/g, '');

test('panels are restored after a reload: answers unchanged, and active runs as interrupted', async () => {
  const window = await openWindow({ size: { width: 1600, height: 1000 }, files: { 'prompts/slow.prompt': slow } });
  const churn = await openCompare(window, 'prompts/churn-analysis.prompt');
  await churn.input('customer_age').fill('77');
  await churn.runColumn('demo/swift');
  const swift = churn.column('demo/swift', 'done');
  await swift.getByRole('button', { name: 'Bad Answer' }).click();
  await swift.getByRole('button', { name: 'Bad Answer', pressed: true }).waitFor();
  await swift.getByRole('tab', { name: 'JSON' }).click();
  await swift.getByRole('treeitem', { name: /^risk_level/ }).waitFor();
  const cost = await figure(swift, 'cost');
  const story = await openCompare(window, 'prompts/slow.prompt');
  await story.run();
  await streaming(story);
  const before = await answerOf(story.column('demo/balanced'));
  const recorded = () => withoutMarkup(recordedAnswer(window.workspace ?? ''));
  await expect.poll(recorded).toContain(withoutMarkup(before));

  await window.reload();

  const again = comparePage(window);
  const cut = again.column('demo/balanced', 'interrupted');
  await cut.locator('.notes summary').getByText('The window was closed during this run.').waitFor();
  expect((await answerOf(cut)).startsWith(before)).toBe(true);
  expect(await figure(cut, 'output tokens')).toMatch(/^out ≈\d+/);
  await window.page.getByRole('tab', { name: /^Compare: churn-analysis/ }).click();
  const back = again.column('demo/swift', 'done');
  await back.getByRole('treeitem', { name: /^risk_level/ }).waitFor();
  await back.getByRole('button', { name: 'Bad Answer', pressed: true }).waitFor();
  expect(await figure(back, 'cost')).toBe(cost);
  expect(await again.input('customer_age').inputValue()).toBe('77');
  await again.column('demo/thorough', 'not run yet').waitFor();
});

test('a run of another window is not affected while that window is open, and interrupted once it is closed', async () => {
  const first = await openWindow({ files: { 'prompts/slow.prompt': slow } });
  const compare = await openCompare(first, 'prompts/slow.prompt');
  await compare.run();
  await streaming(compare);

  const second = await openWindow({ workspace: first.workspace ?? '', copy: false });
  await second.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  const row = (state: string) => second.page.getByRole('treeitem', { name: new RegExp(`slow, ${state}`) });
  await row('streaming').waitFor();
  expect(await compare.column('demo/balanced', 'streaming').isVisible()).toBe(true);
  await first.page.goto('about:blank');
  // VS Code ends the extension host some time after the page, its last heartbeat counts for 20 s, and the second window
  // looks every 20 s
  await row('interrupted').waitFor({ timeout: 90_000 });

  await row('interrupted').click();
  const again = comparePage(second).column('demo/balanced', 'interrupted');
  await again.waitFor();
  expect((await answerOf(again)).length).toBeGreaterThan(40);
});

test('an old version is restored after a reload with the text of its commit, and is read-only', async () => {
  const made = makePromptRepository();
  const window = await openWindow({ workspace: made.folder });
  fs.rmSync(made.parent, { recursive: true, force: true });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  const row = (name: RegExp) => window.page.getByRole('treeitem', { name }).first();
  await row(/^prompt churn/)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/Ask about churn/).click();
  await window.page
    .locator('.tab')
    .filter({ hasText: /^churn: nothing/ })
    .waitFor();
  await window.command('LLMOps: Open Version…');
  const lines = window.page.locator('.editor-group-container.active .monaco-editor .view-lines').first();
  await lines.getByText('temperature: 0.2').waitFor();

  await window.reload();

  await lines.getByText('temperature: 0.2').waitFor();
  await lines.click();
  await window.page.keyboard.type('xyzzy');
  await window.page.locator('.monaco-editor-overlaymessage').waitFor();
  expect(await lines.textContent()).not.toContain('xyzzy');
  const tab = window.page.locator('.tab').filter({ hasText: /^churn@/ });
  expect(await tab.first().getAttribute('class')).not.toContain('dirty');
});
