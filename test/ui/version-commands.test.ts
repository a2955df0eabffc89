import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { addLongHistory, churn, gitIn, makePromptRepository } from './prompt-repository.ts';
import { enter, goTo, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let made: ReturnType<typeof makePromptRepository>;
let window: WorkbenchWindow;
let folder: string;

// One window, one prompt with a label that moves, and one with more than a page of versions.
beforeAll(async () => {
  made = makePromptRepository();
  addLongHistory(made.folder, 55);
  window = await openWindow({
    workspace: made.folder,
    size: { width: 1500, height: 950 },
    settings: { 'files.autoSave': 'off', 'editor.minimap.enabled': false },
  });
  folder = window.workspace ?? '';
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await row(/^prompt long/).waitFor();
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

const LABEL = 'refs/llmops/labels/prompts%2Fchurn/production';
const row = (name: RegExp | string) => window.page.getByRole('treeitem', { name }).first();
const tab = (name: string | RegExp) => window.page.locator('.tab').filter({ hasText: name }).first();
const picks = () => window.page.locator('.quick-input-list .monaco-list-row');
const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');
const hashOf = (subject: string) => gitIn(folder, 'log', '--format=%h', `--grep=^${subject}$`);

async function unfold(name: RegExp): Promise<void> {
  if ((await row(name).getAttribute('aria-expanded')) !== 'true') await row(name).locator('.monaco-tl-twistie').click();
}

/** The menu of a row. */
async function choose(name: RegExp, entry: string): Promise<void> {
  await window.viewsAreLoaded();
  await row(name).click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: entry, exact: true }).click({ delay: 150 });
}

test('a label is set on a version from its menu, and the reason is saved', async () => {
  await unfold(/^prompt churn/);
  const hash = hashOf('Warm up');
  await choose(/, Warm up,/, 'Set Label…');
  await pick(window, `Set Label on ${hash}`, 'production');
  await enter(window, `production → ${hash}`, 'goes live');
  await row(/label production, Warm up/).waitFor();
  await window.toast(`Set production of churn to ${hash}.`).waitFor();
  expect(gitIn(folder, 'log', '-1', '--format=%b', LABEL)).toContain('Why: goes live');
});

test('the gutter marks changes in the editor since production, and follows the label', async () => {
  await window.openFile('prompts/churn.prompt');
  const marks = () =>
    window.page.evaluate<string[]>(
      `[...document.querySelectorAll('.cgmr')].flatMap((one) => /changed-(\\w+)\\.svg/.exec(getComputedStyle(one).backgroundImage)?.[1] ?? [])`,
    );
  await expect.poll(marks).toEqual(['light']);
  await goTo(window, '12:11');
  await window.page.keyboard.press('Enter');
  await window.page.keyboard.insertText('One line that wraps. '.repeat(12));
  await window.page.keyboard.press('Enter');
  await window.page.keyboard.type('One more line.');
  await expect.poll(marks).toEqual(['light', 'light', 'light']);
  await window.command('File: Revert File');
  await expect.poll(marks).toEqual(['light']);
});

test('a changed line shows since which version, and opens the diff from there', async () => {
  await window.page.mouse.move(5, 5);
  await window.page.locator('.view-line').filter({ hasText: 'whether' }).locator('span span').first().hover();
  const hover = window.page
    .locator('.monaco-hover-content')
    .filter({ hasText: `changed since production ${hashOf('Warm up')}` });
  await hover.getByText('Show Diff').click();
  await window.page
    .locator('.tab.active')
    .filter({ hasText: /churn: production ↔ file/ })
    .waitFor();
  await window.command('View: Close Editor');
});

test('a label is moved by keyboard; the version is found by its text, and cancelling moves nothing', async () => {
  await window.command('LLMOps: Move Label…');
  await titled(window, 'Move Label');
  await window.page.keyboard.press('Enter');
  await titled(window, 'Move Label production');
  await window.page.keyboard.press('Escape');
  expect(gitIn(folder, 'rev-list', '--first-parent', '--count', LABEL)).toBe(
    String(1 + Number(gitIn(folder, 'rev-list', '--first-parent', '--count', hashOf('Warm up')))),
  );

  const hash = hashOf('Name the age');
  await window.command('LLMOps: Move Label…');
  await titled(window, 'Move Label');
  await window.page.keyboard.press('Enter');
  await titled(window, 'Move Label production');
  await picks().filter({ hasText: 'Warm up' }).waitFor();
  await window.page.keyboard.type('Name the');
  await expect.poll(() => picks().count()).toBe(1);
  await window.page.keyboard.press('Enter');
  await enter(window, `production → ${hash}`, '');
  await row(/label production, Name the age/).waitFor();
});

test('the history of a label shows each move, and opens the version of one', async () => {
  await choose(/label production, Name the age/, 'Show Label History…');
  await pick(window, 'Show Label History', 'production');
  await titled(window, 'Show Label History: production');
  const [warm, named] = [hashOf('Warm up'), hashOf('Name the age')];
  await expect
    .poll(() => picks().allInnerTexts())
    .toEqual([expect.stringContaining(`${warm} → ${named}`), expect.stringContaining(`Set on ${warm}`)]);
  await picks().filter({ hasText: 'goes live' }).getByText('Ada Byron').waitFor();
  await picks().filter({ hasText: 'No reason given' }).waitFor();
  await window.page.keyboard.press('ArrowDown');
  await window.page.keyboard.press('Enter');
  await tab(`churn@${warm}.prompt`).waitFor();
});

test('a label is removed, its history stays in git, and without a label the next step is offered', async () => {
  await choose(/^prompt churn/, 'Remove Label…');
  await pick(window, 'Remove Label', 'production');
  await enter(window, 'Remove Label production', 'taken back');
  await row(/not saved as a version, Name the age/).waitFor();
  expect(gitIn(folder, 'log', '-1', '--format=%b', LABEL)).toContain('Label-Action: remove');
  await window.command('View: Close All Editors');
  await window.openFile('prompts/churn.prompt');
  await window.command('LLMOps: Compare with Label…');
  const toast = window.toast('churn has no labels.');
  await toast.getByRole('button', { name: 'Set Label' }).click();
  await titled(window, 'Set Label');
  await window.page.keyboard.press('Escape');
});

test('blame is shown after the first line of each commit, follows edits, and is hidden by a second call', async () => {
  const said = () =>
    window.page.evaluate<string[]>(
      `[...document.querySelectorAll('.view-line span')].map((one) => getComputedStyle(one, '::after').content).filter((text) => text.includes('·') || text.includes('committed'))`,
    );
  await window.command('LLMOps: Toggle Line Blame');
  await expect.poll(async () => (await said()).join('\n')).toMatch(/Ada Byron, .* · Warm up/);
  expect((await said()).join('\n')).toContain('Ask about churn');
  await window.page.locator('.monaco-editor .view-line').first().click();
  await window.page.keyboard.press('Control+End');
  await window.page.keyboard.type('Mine.');
  await expect.poll(async () => (await said()).join('\n')).toContain('Not committed yet');
  await window.command('LLMOps: Toggle Line Blame');
  await expect.poll(said).toEqual([]);
  await window.command('File: Revert File');
});

test('the history opens from the editor’s title; a long one loads more in place, and a version is found by text', async () => {
  await window.openFile('prompts/long.prompt');
  await window.page
    .locator('.editor-actions')
    .getByRole('button', { name: /Show Versions of Prompt/ })
    .click();
  await titled(window, 'Versions of long');
  await picks().filter({ hasText: 'Turn 55' }).waitFor();
  await window.page.keyboard.press('ArrowUp');
  await picks().filter({ hasText: 'Show More…' }).waitFor();
  await window.page.keyboard.press('Enter');
  await window.page
    .locator('.quick-input-list .monaco-list-row.focused')
    .filter({ hasText: /Turn 5(?!\d)/ })
    .waitFor();
  await window.page.keyboard.type('Turn 7');
  await picks().filter({ hasText: 'Turn 7' }).first().waitFor();
  await window.page.keyboard.press('Enter');
  await tab(/^long@[0-9a-f]+\.prompt/).waitFor();
});

test('a long history is shown page by page in the view, by mouse and by keyboard', async () => {
  await window.page
    .getByRole('treeitem', { name: /^prompt churn/ })
    .locator('.monaco-tl-twistie')
    .click();
  await unfold(/^prompt long/);
  const size = () => row(/Turn 55/).getAttribute('aria-setsize');
  await expect.poll(size).toBe('21');
  await row(/Turn 55/).focus();
  await window.page.keyboard.press('End');
  await row('Show More…').click();
  await row(/Turn 35,/).waitFor();
  expect(await row(/Turn 35,/).getAttribute('aria-setsize')).toBe('41');
  await window.page.keyboard.press('End');
  await window.page.keyboard.press('ArrowUp');
  await window.page.keyboard.press('Enter');
  await row(/Turn 15,/).waitFor();
  expect(await row(/Turn 15,/).getAttribute('aria-setsize')).toBe('55');
  await window.command('LLMOps: Refresh Prompts');
  await expect.poll(() => row(/Turn 15,/).getAttribute('aria-setsize')).toBe('55');
});

test('the hash and the name of a version are copied', async () => {
  await row(/^prompt long/)
    .locator('.monaco-tl-twistie')
    .click();
  await unfold(/^prompt churn/);
  await choose(/Warm up/, 'Copy Commit Hash');
  await expect.poll(clipboard).toBe(gitIn(folder, 'log', '--format=%H', '--grep=Warm up'));
  await choose(/Warm up/, 'Copy Link to Version…');
  await pick(window, 'Copy Link to Version', 'Name');
  await expect.poll(clipboard).toBe(`prompts/churn@${hashOf('Warm up')}`);
});

test('the rendered prompts of two versions are compared, and missing inputs are reported', async () => {
  await window.command('View: Close All Editors');
  fs.writeFileSync(path.join(folder, 'prompts/churn.prompt'), churn(0.9, 'Say why, {{name}}.'));
  await window.openFile('prompts/churn.prompt');
  await window.command('LLMOps: Compare Rendered Messages…');
  await pick(window, 'Compare Rendered Messages', 'Ask about churn');
  await tab(/churn rendered: [0-9a-f]+ ↔ file/).waitFor();
  const diff = window.page.locator('.monaco-diff-editor');
  await diff.locator('.original').getByText('Be kind.').waitFor();
  await diff.locator('.modified').getByText('Be brief.').waitFor();
  await diff.locator('.original').getByText('Age: 42.').first().waitFor();
  await diff.locator('.modified').getByText('temperature: 0.9').waitFor();
  gitIn(folder, 'checkout', '--quiet', '--', 'prompts/churn.prompt');
});

test('prompts are sorted by their last change, and only changed ones are listed on request', async () => {
  const prompts = async () => {
    const rows = window.page.getByRole('treeitem', { name: /^prompt / });
    const labels = await rows.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    return labels.map((label) => /^prompt (\w+)/.exec(label)?.[1]);
  };
  await window.command('LLMOps: Sort Prompts…');
  await pick(window, 'Sort Prompts', 'Last Change');
  await expect.poll(prompts).toEqual(['long', 'churn', 'reply']);
  fs.appendFileSync(path.join(folder, 'prompts/reply.prompt'), 'Be quick.\n');
  await expect.poll(prompts).toEqual(['reply', 'long', 'churn']);
  await window.command('LLMOps: Filter Prompts…');
  await pick(window, 'Filter Prompts', 'Changed Only');
  await expect.poll(prompts).toEqual(['reply']);
  await window.page.getByText('Filter: changed').waitFor();
  await window.command('LLMOps: Clear Prompts Filter');
  await window.command('LLMOps: Sort Prompts…');
  await pick(window, 'Sort Prompts', 'Name');
  await row('prompts').waitFor();
});
