// How long after a commit made outside of VS Code the Prompts view shows it as a version, in the real workbench: from the
// end of `git commit` to the row on the screen.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../bed/vscode-host.mjs';
import { openBed } from '../bed/workbench.mjs';
import { percentile } from './figures.mjs';

const COMMITS = 15;
const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'llmops-bench-')), 'prompts');
fs.cpSync(path.join(root, 'media/sample-workspace'), folder, { recursive: true });

function git(cwd, ...args) {
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
git(folder, 'init', '--quiet', '--initial-branch=main');
git(folder, 'add', '.');
git(folder, 'commit', '--quiet', '-m', 'Begin');

/** Runs in the page: when a row with this text was there, on the clock that Node has too. */
function whenShown(text) {
  return new Promise((resolve) => {
    const isThere = () =>
      [...document.querySelectorAll('[role=treeitem]')].some((row) => row.ariaLabel?.includes(text));
    const look = () => (isThere() ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look));
    look();
  });
}

const times = [];
await using bed = await openBed();
const window = await bed.openWindow({ workspace: folder, size: { width: 1400, height: 900 } });
await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
await window.page
  .getByRole('treeitem', { name: /^prompt support-reply/ })
  .locator('.monaco-tl-twistie')
  .click();
await window.page.getByRole('treeitem', { name: /Begin/ }).first().waitFor();
const file = path.join(window.workspace, 'prompts/support-reply.prompt');
for (let count = 0; count < COMMITS; count++) {
  fs.appendFileSync(file, `\nRule ${count}.\n`);
  await window.page.getByRole('treeitem', { name: /^uncommitted changes/ }).waitFor();
  await window.page.waitForTimeout(500); // what the change of the file set off is over
  const shown = window.page.evaluate(whenShown, `Rule number ${count},`);
  git(window.workspace, 'commit', '--quiet', '-am', `Rule number ${count}`);
  const committed = Date.now();
  times.push((await shown) - committed);
  await window.page.getByRole('treeitem', { name: /^uncommitted changes/ }).waitFor({ state: 'detached' });
}
await window.close();
fs.rmSync(path.dirname(folder), { recursive: true, force: true });
console.log(`from a commit to its row, ms: ${times.map((ms) => Math.round(ms)).join(' ')}`);
console.log(
  JSON.stringify({
    name: 'Prompts view: a commit to its row on the screen (p95 of 15)',
    value: Math.round(percentile(times, 0.95)),
    unit: 'ms',
    target: '<= 300',
  }),
);
