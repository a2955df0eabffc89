import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { openCompare } from './compare-page.ts';
import { openPreview, type PreviewPage, previewPage } from './preview-page.ts';
import { pick } from './quick-input.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

// One window for all tests. Each has a prompt of its own, whose inputs no other one has changed.
let window: WorkbenchWindow;

const GREETING = '---\nmodel: demo/swift\ninput:\n  default:\n    name: Ana\n---\n{{role "user"}}\nHello {{name}}';

const ACCOUNT = `---
model: demo/swift
input:
  schema:
    email: string
    age: integer
---
{{email}} is {{age}}`;

const JUDGE = `---
model: openai/gpt-5
output:
  format: json
  schema:
    risk: string, how likely the customer is to leave
    reasons(array): string
---
{{role "system"}}
You judge customers.
{{role "user"}}
Say who leaves.
`;

beforeAll(async () => {
  window = await openWindow({
    files: {
      'prompts/greeting.prompt': GREETING,
      'prompts/account.prompt': ACCOUNT,
      'prompts/welcome.prompt': GREETING,
      'prompts/judge.prompt': JUDGE,
    },
  });
});

/** Closes what the previous test opened, with its estimate in the status bar. */
async function closeAll(): Promise<void> {
  await window.command('View: Close All Editors');
  await window.page
    .locator('.statusbar-item')
    .filter({ hasText: /≈\d+ tok/ })
    .waitFor({ state: 'hidden' });
}

describe('the preview', () => {
  let preview: PreviewPage;

  beforeAll(async () => {
    preview = await openPreview(window, 'prompts/greeting.prompt');
  });

  test('shows each message with its tokens, and follows edits while the editor keeps the focus', async () => {
    await expect.poll(() => preview.message('user').textContent()).toMatch(/^user≈\d+ tok\s*Hello Ana$/);
    await window.page.keyboard.press('ControlOrMeta+End');
    await window.page.keyboard.type(', welcome');
    await expect.poll(() => preview.message('user').textContent()).toContain('Hello Ana, welcome');
  });

  test('keeps the last messages while braces are half typed, and shows why', async () => {
    await window.page.keyboard.type(' {{#if name');
    await preview.view.getByRole('status').filter({ hasText: 'Line 8' }).waitFor();
    expect(await preview.message('user').textContent()).toContain('welcome');
    for (let key = 0; key < 2; key++) await window.page.keyboard.press('Delete'); // the editor auto-closed the braces
    for (let key = 0; key < 11; key++) await window.page.keyboard.press('Backspace');
    await preview.view.getByRole('button', { name: 'Go to Line 8' }).waitFor({ state: 'detached' });
  });

  test('renders the values of the form, and shows the request body', async () => {
    await preview.input('name').fill('Ben');
    await expect.poll(() => preview.message('user').textContent()).toContain('Hello Ben');
    await preview.tab('Request').click();
    await expect.poll(() => preview.view.getByRole('tabpanel').textContent()).toContain('Hello Ben, welcome');
  });

  test('is restored after a reload', async () => {
    await window.page.keyboard.press('ControlOrMeta+S');
    await window.reload();
    preview = previewPage(window);
    await preview.tab('Messages').click();
    await preview.message('user').waitFor();
  });
});

test('a prompt with empty inputs shows their names, and explains what to fill in', async () => {
  await closeAll();
  const preview = await openPreview(window, 'prompts/account.prompt');
  const { view } = preview;

  await view.getByRole('status').filter({ hasText: 'Fill in email and age to see the messages.' }).waitFor();
  expect(await preview.message('user').textContent()).toContain('{{email}} is {{age}}');
  expect(await view.locator('mark').allTextContents()).toEqual(['{{email}}', '{{age}}']);
  expect(await view.getByText('Value required').count()).toBe(2);
  expect(await view.locator('.field.invalid').count()).toBe(0);
  await window.page.screenshot({ path: path.join(screenshots, 'preview-missing.png') });

  await preview.input('age').fill('old');
  await view.locator('.field.invalid').waitFor();
  await view.getByRole('status').filter({ hasText: 'age: “old” is not a number.' }).waitFor();
  await preview.input('age').fill('41');
  await preview.input('email').fill('a@b.c');
  await expect.poll(() => preview.message('user').textContent()).toContain('a@b.c is 41');
  await view.locator('mark').first().waitFor({ state: 'detached' });
});

test('the preview and the comparison share their inputs', async () => {
  await closeAll();
  const compare = await openCompare(window, 'prompts/welcome.prompt');
  await compare.input('name').fill('Carla');
  await compare.run();
  await compare.column('demo/swift', 'done').waitFor();
  await window.page.keyboard.press('ControlOrMeta+1');

  const preview = await openPreview(window, 'prompts/welcome.prompt');

  await expect.poll(() => preview.message('user').textContent()).toContain('Hello Carla');

  const form = preview.view.getByRole('button', { name: /^Inputs/ });
  await form.click();
  await preview.input('name').waitFor({ state: 'detached' });
  expect(await form.textContent()).toContain('name Carla');
  await preview.view.getByRole('button', { name: 'Edit' }).click();
  await preview.input('name').waitFor();
  await preview.view.locator('.header .codicon-keyboard').waitFor();
});

test('the status bar shows tokens and cost of the prompt, and opens the preview', async () => {
  await closeAll();
  await window.openFile('prompts/churn-analysis.prompt');
  const item = window.page.locator('.statusbar-item').filter({ hasText: /≈\d+ tok · ≈\$/ });
  await item.click();
  await previewPage(window).message('system').waitFor();
});

test('hint, status bar and preview show the same estimate, and the parts of the preview add up to it', async () => {
  await closeAll();
  await window.openFile('prompts/judge.prompt');
  const hint = window.page.locator('.view-line', { hasText: 'model: openai/gpt-5' });
  await expect.poll(() => hint.textContent()).toMatch(/≈\$\d+․\d+\sinput\s\/\s1‚000\sruns/);
  const hinted = /≈(\$[\d․]+)\sinput/.exec((await hint.textContent()) ?? '')?.[1]?.replace('․', '.');
  const item = window.page.locator('.statusbar-item').filter({ hasText: /≈\d+ tok · ≈\$[\d.]+ input/ });
  const [, tokens, usd] = /≈(\d+) tok · ≈\$([\d.]+) input/.exec((await item.textContent()) ?? '') ?? [];
  await item.click();
  const preview = previewPage(window);
  await preview.message('system').waitFor();
  const total = await preview.view.locator('.sum').textContent();
  const counts = [
    await preview.message('system').textContent(),
    await preview.message('user').textContent(),
    ...(await preview.view.locator('.rest li').allTextContents()),
  ].map((text) => Number(/≈(\d+) tok/.exec(text ?? '')?.[1]));

  expect(total).toBe(`≈${tokens} tok input≈${hinted} input / 1,000 runs`);
  expect(counts).toHaveLength(4);
  expect(counts.reduce((sum, count) => sum + count)).toBe(Number(tokens));
  expect(Number(usd) * 1000).toBeCloseTo(Number(hinted?.slice(1)), 1);
});

test('a new prompt starts from a template, selected by name', async () => {
  await closeAll();
  await window.openFile('prompts/churn-analysis.prompt');
  await window.command('LLMOps: New Prompt File…');
  await pick(window, 'New Prompt File', 'Few-Shot from Dataset');
  await pick(window, 'Few-Shot Examples', 'customers.jsonl');
  const editor = window.page.locator('.editor-group-container.active .view-lines');
  await expect.poll(() => editor.textContent()).toContain('support_tickets');
  await window.command('View: Revert and Close Editor');
});

describe('the appearance of the preview', () => {
  let preview: PreviewPage;

  beforeAll(async () => {
    await closeAll();
    preview = await openPreview(window, 'prompts/support-reply.prompt');
  });

  test.for(THEMES)('every text is readable in the theme $label', async (theme) => {
    await chooseTheme(window, theme);
    await preview.view.locator(`body.${theme.name}`).waitFor();
    for (const tab of ['Messages', 'Request']) {
      await preview.tab(tab).click();
      await window.page.screenshot({ path: path.join(screenshots, `preview-${theme.theme}-${tab.toLowerCase()}.png`) });
      expect(await preview.view.locator('body').evaluate(FAINT)).toEqual([]);
    }
  });
});
