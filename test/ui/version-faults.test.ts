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

// One window; each test leaves the repository without uncommitted changes.
beforeAll(async () => {
  made = makePromptRepository();
  window = await openWindow({
    workspace: made.folder,
    size: { width: 1500, height: 950 },
    settings: { 'files.autoSave': 'off' },
  });
  folder = window.workspace ?? '';
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await unfold();
});
afterAll(() => fs.rmSync(made.parent, { recursive: true, force: true }));

const LABEL = 'refs/llmops/labels/prompts%2Fchurn/staging';
const row = (name: RegExp | string) => window.page.getByRole('treeitem', { name }).first();
const tab = (name: string | RegExp) => window.page.locator('.tab').filter({ hasText: name }).first();
const write = (text: string) => fs.writeFileSync(path.join(folder, 'prompts/churn.prompt'), text);

async function unfold(): Promise<void> {
  await row(/^prompt churn/).waitFor();
  if ((await row(/^prompt churn/).getAttribute('aria-expanded')) !== 'true')
    await row(/^prompt churn/)
      .locator('.monaco-tl-twistie')
      .click();
}

function hook(place: string, name: string, lines: string): void {
  fs.mkdirSync(path.join(place, 'hooks'), { recursive: true });
  fs.writeFileSync(path.join(place, 'hooks', name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
}

/** The menu of a row, once git's data is loaded. */
async function choose(name: RegExp, entry: string): Promise<void> {
  await window.viewsAreLoaded();
  await row(name).click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: entry, exact: true }).click({ delay: 150 });
}

/** Save Version from the palette up to its last prompt, without a label. */
async function save(message: string): Promise<void> {
  await window.command('LLMOps: Save Version…');
  await enter(window, 'Save Version', message);
  await pick(window, 'Save Version: Label', 'No Label');
}

/** A colleague's move of the label in the remote, from the current commit to another one. */
function moveAtRemote(target: string): void {
  const tip = gitIn(made.remote, 'rev-parse', LABEL);
  const message = gitIn(made.remote, 'log', '-1', '--format=%B', LABEL).replace('Action: set', 'Action: move');
  const who = ['-c', 'user.name=Grace', '-c', 'user.email=g@example.com'];
  const parents = ['-p', tip, '-p', target];
  const moved = gitIn(folder, ...who, 'commit-tree', `${target}^{tree}`, ...parents, '-m', message);
  gitIn(folder, 'push', '--quiet', 'origin', `${moved}:${LABEL}`);
}

test('a rejecting hook has its output shown, and nothing is committed', async () => {
  const head = gitIn(folder, 'rev-parse', 'HEAD');
  hook(path.join(folder, '.git'), 'pre-commit', 'echo "prompts need a ticket" >&2; exit 1');
  write(churn(0.1));
  await window.openFile('prompts/churn.prompt');
  await save('Cool down');
  const toast = window.toast(/A hook of this repository \(pre-commit\) refused the commit/);
  await toast.getByText(/prompts need a ticket/).waitFor();
  expect(gitIn(folder, 'rev-parse', 'HEAD')).toBe(head);
  expect(gitIn(folder, 'status', '--porcelain')).toBe('M prompts/churn.prompt');
  fs.rmSync(path.join(folder, '.git/hooks/pre-commit'));
  await window.command('Notifications: Clear All Notifications');
});

test('differing staged changes need a confirmation; no keeps them, yes saves the file', async () => {
  gitIn(folder, 'add', 'prompts/churn.prompt');
  const staged = gitIn(folder, 'rev-parse', ':prompts/churn.prompt');
  write(churn(0.15));
  await row(/uncommitted changes.*staged differently/).waitFor();
  await save('Cool down');
  await answerDialog(window, 'is staged with content that differs', 'Cancel');
  expect(gitIn(folder, 'rev-parse', ':prompts/churn.prompt')).toBe(staged);
  await save('Cool down');
  await answerDialog(window, 'is staged with content that differs', 'Save File Content');
  await row(/^version 1, Cool down/).waitFor();
  expect(gitIn(folder, 'show', 'HEAD:prompts/churn.prompt')).toContain('temperature: 0.15');
});

test('a missing git user name is asked for, used once and not stored', async () => {
  gitIn(folder, 'config', 'user.name', '');
  gitIn(folder, 'config', 'user.email', '');
  write(churn(0.2));
  await save('Warmer');
  await titled(window, 'Commit Author');
  const input = window.page.locator('.quick-input-widget input.input');
  await input.fill('a <b>');
  await window.page.getByText('Enter a name without < and >.').waitFor();
  await enter(window, 'Commit Author', 'Mary');
  await window.page.getByText('Enter your email address for this commit.').waitFor();
  await input.fill('not an address');
  await window.page.getByText('Enter an email address without spaces, < and >.').waitFor();
  await enter(window, 'Commit Author', 'mary@example.com');
  await row(/^version 2, Warmer, by Mary/).waitFor();
  expect(gitIn(folder, 'log', '-1', '--format=%cn <%ce>')).toBe('Mary <mary@example.com>');
  expect(gitIn(folder, 'config', 'user.name')).toBe('');
  gitIn(folder, 'config', 'user.name', 'Ada Byron');
  gitIn(folder, 'config', 'user.email', 'ada@example.com');
});

test('a rejection by the remote is shown with its message, and the push succeeds once it is allowed', async () => {
  hook(path.join(folder, '.git'), 'pre-push', 'echo "$VSCODE_GIT_COMMAND" >> .git/pushed-by');
  hook(made.remote, 'update', 'case "$1" in refs/tags/*) echo "tags are frozen"; exit 1;; esac');
  // A second try starts where the first did.
  for (const place of [folder, made.remote]) {
    for (const ref of gitIn(place, 'for-each-ref', '--format=%(refname)', 'refs/llmops', 'refs/llmops-remote')
      .split('\n')
      .filter(Boolean)) {
      gitIn(place, 'update-ref', '-d', ref);
    }
  }
  await window.command('Notifications: Clear All Notifications');
  await row(/^prompt churn, latest version 2/).waitFor();
  await choose(/^version 1, Cool down/, 'Set Label…');
  await pick(window, 'Set Label on v1', 'staging');
  await enter(window, 'staging → v1', 'try it');
  await row(/^version 1, label staging/).waitFor();

  await window.command('LLMOps: Push Labels and Results…');
  await titled(window, 'Push Labels and Results: origin');
  await window.page
    .locator('.quick-input-list')
    .getByText(/staging/)
    .first()
    .waitFor();
  await window.page.keyboard.press('Enter');
  await expect.poll(() => gitIn(made.remote, 'for-each-ref', '--format=%(refname)', 'refs/llmops')).toBe(LABEL);
  // A toast may be gone by now; the notification center keeps it.
  await window.page.waitForTimeout(1500);
  await window.command('Notifications: Show Notifications');
  const toast = window.page
    .locator('.notifications-center .notification-list-item')
    .filter({ hasText: /origin rejected .*v1.*tags are frozen/ })
    .first();
  await toast.waitFor();
  await toast.getByText('1 of 3 refs pushed').waitFor();
  expect(gitIn(made.remote, 'for-each-ref', '--format=%(refname)', 'refs/llmops', 'refs/tags')).toBe(LABEL);

  fs.rmSync(path.join(made.remote, 'hooks/update'));
  await toast.getByRole('button', { name: 'Fetch First' }).click();
  await window.page
    .locator('.notifications-center')
    .getByText(/No changes from origin/)
    .first()
    .waitFor();
  await window.command('Notifications: Clear All Notifications');
  await window.command('LLMOps: Push Labels and Results…');
  await titled(window, 'Push Labels and Results: origin');
  await window.page.keyboard.press('Enter');
  await expect.poll(() => gitIn(made.remote, 'tag').split('\n').length).toBe(2);
});

test('refs are pushed with the Git extension, which knows how to sign in', () => {
  const pushes = fs.readFileSync(path.join(folder, '.git/pushed-by'), 'utf8').trim().split('\n');
  expect(new Set(pushes)).toEqual(new Set(['push']));
});

test('a label that moved on both sides is resolved by the user, and both moves are kept', async () => {
  moveAtRemote(gitIn(folder, 'rev-parse', 'HEAD~2'));
  await row(/^prompt churn, latest version 2, labels staging/).waitFor();
  await choose(/^version 1, label staging/, 'Move Label…');
  await pick(window, 'Move Label', 'staging');
  await pick(window, 'Move Label staging', 'v2');
  await enter(window, 'staging → v2', 'mine');
  await row(/^version 2, label staging/).waitFor();

  await window.command('LLMOps: Fetch Labels and Results');
  const title = window.page.locator('.quick-input-titlebar:visible');
  await title.getByText(/Moved Here and on the Remote: prompts\/churn: staging is on .* there \(Grace\)/).waitFor();
  await window.page.keyboard.press('Escape');
  await row(/^version 2, label staging/).waitFor();
  await window.command('LLMOps: Resolve Label Conflict…');
  await title.getByText(/Moved Here and on the Remote/).waitFor();
  await window.page.locator('.quick-input-list').getByText('Keep Theirs').click();
  await row(/label staging, Name the age/).waitFor();
  expect(gitIn(folder, 'log', '--format=%an', LABEL)).toContain('Grace');
  expect(gitIn(folder, 'log', '--format=%b', LABEL)).toContain('Why: mine');
  await window.command('LLMOps: Resolve Label Conflict…');
  await window.page.locator('.statusbar').getByText('No conflicting labels.').waitFor();
  await window.command('Notifications: Clear All Notifications');
});

test('changes of a branch in prompts are listed, and open as a diff', async () => {
  gitIn(folder, 'push', '--quiet', 'origin', 'HEAD:main');
  gitIn(folder, 'checkout', '--quiet', '-b', 'hotter');
  await window.command('LLMOps: Show Branch Changes…');
  await window.page.locator('.statusbar').getByText('No prompts differ from origin/main.').waitFor();
  write(churn(0.9));
  gitIn(folder, 'commit', '--quiet', '-am', 'Heat up');
  await row(/Heat up/).waitFor();
  await window.command('LLMOps: Show Branch Changes…');
  await pick(window, 'Changes Compared with origin/main', 'prompts/churn');
  await tab(/churn: origin\/main ↔ file \(temperature 0\.2 → 0\.9\)/).waitFor();
});

test('a prompt with a conflict is marked in the view and opens in the merge editor', async () => {
  await window.command('LLMOps: Resolve Conflict');
  await window.page.locator('.statusbar').getByText('churn has no conflicts.').waitFor();
  gitIn(folder, 'checkout', '--quiet', '-b', 'cooler', 'main');
  write(churn(0.05));
  gitIn(folder, 'commit', '--quiet', '-am', 'Freeze');
  expect(() => gitIn(folder, 'merge', '--quiet', 'hotter')).toThrow();
  await row(/^prompt churn, .*merge conflict/).waitFor();
  await row(/A merge is in progress/).waitFor();
  await row(/uncommitted changes, unresolved merge conflict/).click();
  await window.page.locator('.merge-editor').waitFor();
  await window.command('View: Close All Editors');
  gitIn(folder, 'merge', '--abort');
  await row(/A merge is in progress/).waitFor({ state: 'detached' });
});
