import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { churn, gitIn, makePromptRepository } from './prompt-repository.ts';
import { answerDialog, enter, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let made: ReturnType<typeof makePromptRepository>;
let window: WorkbenchWindow;
let folder: string;

// One window with a growing history.
beforeAll(async () => {
  made = makePromptRepository();
  window = await openWindow({
    workspace: made.folder,
    size: { width: 1500, height: 950 },
    settings: { 'files.autoSave': 'off' },
  });
  folder = window.workspace ?? '';
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

const row = (name: RegExp | string) => window.page.getByRole('treeitem', { name }).first();
const prompt = () => row(/^prompt churn/);
const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text);
const read = (file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
const tab = (name: string | RegExp) => window.page.locator('.tab').filter({ hasText: name }).first();

async function unfold(): Promise<void> {
  if ((await prompt().getAttribute('aria-expanded')) !== 'true') await prompt().locator('.monaco-tl-twistie').click();
}

/** The menu of a row. */
async function choose(name: RegExp, entry: string): Promise<void> {
  await window.viewsAreLoaded();
  await row(name).click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: entry, exact: true }).click({ delay: 150 });
}

test('prompts are in their folder, and an expanded one shows its versions, newest first', async () => {
  await row('prompts').waitFor();
  await row(/^prompt reply/).waitFor();
  expect(await window.page.getByRole('treeitem', { name: /tone/ }).count()).toBe(0);
  await unfold();
  const versions = window.page.getByRole('treeitem', { name: /^commit / });
  await expect.poll(() => versions.count()).toBe(4);
  const labels = await versions.evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label') ?? ''));
  expect(labels.map((label) => /not saved as a version, (.*?), by Ada Byron/.exec(label)?.[1])).toEqual([
    'Name the age',
    'Be brief, partial _tone changed',
    'Warm up',
    'Ask about churn',
  ]);
});

test('a change on disk is shown above the versions, and an external commit becomes a version', async () => {
  write('prompts/_tone.prompt', 'Be short.');
  await row(/uncommitted changes, partial _tone changed/).waitFor();
  await row(/^prompt churn, changed/).waitFor();
  gitIn(folder, 'commit', '--quiet', '-am', 'Be short');
  await row(/not saved as a version, Be short, partial _tone changed/).waitFor();
  await row(/uncommitted changes/).waitFor({ state: 'detached' });
});

test('a version is saved by keyboard alone, with a label; invalid messages and names are reported while typing', async () => {
  write('notes.txt', 'staged by someone\n');
  gitIn(folder, 'add', 'notes.txt');
  await window.openFile('prompts/churn.prompt');
  await window.page.locator('.monaco-editor.focused').waitFor();
  await window.page.keyboard.press('Control+End');
  await window.page.keyboard.type('Answer in one word.');
  await window.page.keyboard.press('Control+Alt+s');
  await titled(window, 'Save Version');
  const input = window.page.locator('.quick-input-widget input.input');
  expect(await input.inputValue()).not.toBe('');
  await input.fill(' ');
  await window.page.getByText('Enter a commit message.').waitFor();
  await enter(window, 'Save Version', 'Ask for one word');

  await titled(window, 'Save Version: Label');
  await input.fill('New label');
  await window.page.keyboard.press('Enter');
  await window.page.getByText('Enter a name for the new label').waitFor();
  await input.fill('v3');
  await window.page.getByText('Invalid label: v and a number is the name of a saved version.').waitFor();
  await input.fill('staging');
  await window.page.keyboard.press('Enter');
  await enter(window, 'Save Version: staging', 'ready to try');

  await row(/^version 1, label staging, Ask for one word/).waitFor();
  expect(read('prompts/churn.prompt')).toContain('Answer in one word.');
  expect(gitIn(folder, 'show', '--format=%s', '--name-only', 'HEAD')).toBe('Ask for one word\n\nprompts/churn.prompt');
  expect(gitIn(folder, 'diff', '--cached', '--name-only')).toBe('notes.txt');
  expect(gitIn(folder, 'log', '-1', '--format=%b', 'refs/llmops/labels/prompts%2Fchurn/staging')).toContain(
    'ready to try',
  );
});

test('a version opens as a diff with the previous one, with the changes in its title', async () => {
  await row(/Warm up/).click();
  await tab(/temperature 0\.2 → 0\.7/).waitFor();
  await window.page.locator('.monaco-diff-editor').getByText('temperature: 0.7').waitFor();
});

test('a version opens read-only, with language features and the partials of its commit', async () => {
  await choose(/Ask about churn/, 'Open Version…');
  await tab(/^churn@[0-9a-f]{7,}\.prompt/).waitFor();
  await window.page.locator('.codelens-decoration').getByText('Restore').waitFor();
  await window.page.locator('.monaco-editor').getByText('tone', { exact: true }).last().hover();
  const hover = window.page.locator('.monaco-hover').filter({ hasText: 'Be kind.' });
  await hover.waitFor();
  await window.page.keyboard.press('Escape');
  await window.page.keyboard.type('x');
  expect(await tab(/^churn@/).getAttribute('class')).not.toContain('dirty');
});

test('a version is restored as an edit that can be undone', async () => {
  await window.command('View: Close All Editors');
  await choose(/Warm up/, 'Restore Version…');
  const editor = window.page.locator('.editor-group-container.active .monaco-editor').first();
  await editor.getByText('Say how likely').first().waitFor();
  await window.page.locator('.tab.dirty').filter({ hasText: 'churn.prompt' }).waitFor();
  expect(read('prompts/churn.prompt')).toContain('Answer in one word.');
  await editor.click();
  await window.page.keyboard.press('Control+z');
  await editor.getByText('Answer in one word.').waitFor();
});

test('a row’s menu acts on that row even if the list is refreshed while it is open, and the selection is kept', async () => {
  await window.command('View: Close All Editors');
  await row(/Be brief/).click();
  await row(/Be brief/).click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: 'Open Version…', exact: true }).waitFor();
  write('prompts/_tone.prompt', 'Be short, please.');
  await row(/uncommitted changes, partial _tone changed/).waitFor();
  await window.page.getByRole('menuitem', { name: 'Open Version…', exact: true }).click({ delay: 150 });
  await tab(/^churn@[0-9a-f]{7,}\.prompt/).waitFor();
  await expect.poll(() => window.page.locator('.sidebar .monaco-list-row.selected').count()).toBe(1);
  const chosen = window.page.locator('.sidebar .monaco-list-row.selected');
  expect(await chosen.getAttribute('aria-label')).toContain('Be brief');
  write('prompts/_tone.prompt', 'Be short.');
  await row(/uncommitted changes/).waitFor({ state: 'detached' });
});

test('a prompt that was deleted while its menu was open is reported, and no other is run', async () => {
  write('prompts/short-lived.prompt', '---\nmodel: demo/swift\n---\nHi.\n');
  await row(/^prompt short-lived/).waitFor();
  await row(/^prompt short-lived/).click({ button: 'right' });
  const run = window.page.getByRole('menuitem', { name: /^Run Prompt/ });
  await run.waitFor();
  fs.rmSync(path.join(folder, 'prompts/short-lived.prompt'));
  await run.click({ delay: 150 });
  await window
    .toast(/short-lived\.prompt no longer exists/)
    .or(window.page.getByPlaceholder(/The list was refreshed/))
    .first()
    .waitFor();
  await window.page.keyboard.press('Escape');
});

test('the ⋯ menu of the view works without a focused row', async () => {
  await window.page.getByRole('treeitem', { name: /^prompt reply/ }).hover();
  await window.page
    .locator('.sidebar .pane-header')
    .filter({ hasText: 'Prompts' })
    .getByRole('button', { name: /Views and More Actions|More Actions/ })
    .click();
  await window.page.getByRole('menuitem', { name: 'Push Labels and Results…', exact: true }).click({ delay: 150 });
  await window.page
    .locator('.quick-input-list')
    .getByText(/staging/)
    .first()
    .waitFor();
  await window.page.keyboard.press('Escape');
});

test('labels and versions are pushed after they were shown, and a colleague’s move is fetched', async () => {
  await window.command('LLMOps: Push Labels and Results…');
  const list = window.page.locator('.quick-input-list');
  await list
    .getByText(/staging/)
    .first()
    .waitFor();
  await list.getByText(/v1/).first().waitFor();
  await window.page.keyboard.press('Enter');
  await expect
    .poll(() => gitIn(made.remote, 'for-each-ref', '--format=%(refname)'))
    .toContain('refs/llmops/labels/prompts%2Fchurn/staging');
  expect(gitIn(made.remote, 'for-each-ref', '--format=%(refname)')).toContain('refs/tags/prompt/prompts%2Fchurn/v1');

  const ref = 'refs/llmops/labels/prompts%2Fchurn/staging';
  const target = gitIn(folder, 'rev-parse', 'HEAD~1');
  const tip = gitIn(made.remote, 'rev-parse', ref);
  const message = gitIn(made.remote, 'log', '-1', '--format=%B', ref).replace(
    'Label-Action: set',
    'Label-Action: move',
  );
  const moved = gitIn(
    folder,
    '-c',
    'user.name=Grace',
    '-c',
    'user.email=g@example.com',
    'commit-tree',
    `${target}^{tree}`,
    '-p',
    tip,
    '-p',
    target,
    '-m',
    message,
  );
  gitIn(folder, 'push', '--quiet', 'origin', `${moved}:${ref}`);
  await window.command('LLMOps: Fetch Labels and Results');
  await window.toast(/Grace moved staging/).waitFor();
  await row(/label staging, Be short/).waitFor();
});

test('prompts are filtered by label and by text, and all are shown again', async () => {
  await window.command('LLMOps: Filter Prompts…');
  await pick(window, 'Filter Prompts', 'Label…');
  await pick(window, 'Filter Prompts: Label', 'staging');
  await row(/^prompt reply/).waitFor({ state: 'detached' });
  await prompt().waitFor();
  await window.command('LLMOps: Clear Prompts Filter');
  await window.command('LLMOps: Filter Prompts…');
  await pick(window, 'Filter Prompts', 'Text…');
  await enter(window, 'Filter Prompts: Text', 'nothing like it');
  const welcome = window.page.locator('.welcome-view-content').filter({ hasText: 'No prompts match the filter' });
  await welcome.getByRole('button', { name: 'Clear Filter' }).click();
  await row(/^prompt reply/).waitFor();
});

test('a folder without a repository shows it in the view, and creates one', async () => {
  const bare = await openWindow({ files: { 'prompts/lonely.prompt': churn(1) } });
  await bare.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  // Rows move until the views of the side bar are filled: a click would hit another one.
  await bare.page.getByRole('treeitem', { name: /^prompt lonely/ }).waitFor();
  await bare.page.getByText('demo, no network').waitFor();
  await bare.page.getByRole('treeitem', { name: /This folder has no repository yet/ }).click();
  await answerDialog(bare, 'Create a git repository', 'Create Repository');
  await bare.page.getByRole('treeitem', { name: /^prompt lonely, not in git/ }).waitFor();
  expect(fs.existsSync(path.join(bare.workspace ?? '', '.git', 'HEAD'))).toBe(true);
});

test('a view that is still loading does not claim to be empty', async () => {
  await window.page.addInitScript(`
    globalThis.welcomed = new Set();
    // an animation starts when its element is shown, if only for a frame, and costs nothing meanwhile: looking after every
    // change, or every frame, leaves VS Code no idle time, in which it ends its start
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('@keyframes shown { to { outline-color: transparent } } .welcome-view-content { animation: shown 1ms }');
    document.adoptedStyleSheets = [sheet];
    document.addEventListener('animationstart', ({ animationName, target }) => {
      if (animationName === 'shown') globalThis.welcomed.add(target.textContent);
    });
  `);
  await window.reload();
  await prompt().waitFor();
  const welcomed = () => window.page.evaluate<string>('[...globalThis.welcomed].join()');
  await expect.poll(welcomed).toContain('no evaluations yet');
  expect(await welcomed()).not.toContain('no prompts yet');
});
