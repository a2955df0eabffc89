// The Prompts view of a repository of 20,000 commits and 500 prompts, in the real workbench: how soon after a click on its
// icon it shows rows, in windows where the extension has not been started yet; how soon what git knows of them; and how
// soon after a commit made outside of VS Code the new version is on the screen.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBed } from '../bed/workbench.mjs';
import { median, percentile } from './figures.mjs';
import { makeLargeRepository, promptPath } from './large-repository.ts';

const WINDOWS = 7;
const COMMITS = 15;
const UNLOADED = { 'git.autofetch': false };

using repository = await makeLargeRepository();
const git = (...args) => {
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: repository.root, stdio: 'ignore' });
};

/** Runs in the page: from the next press of a mouse button to the first row of a prompt, and to one with git's facts. */
function watchFirstPaint() {
  return new Promise((resolve) => {
    const isThere = (text) =>
      [...document.querySelectorAll('[role=treeitem]')].some((row) => row.ariaLabel?.includes(text));
    const whenThere = (text) =>
      new Promise((found) => {
        const look = () => (isThere(text) ? found(performance.now()) : requestAnimationFrame(look));
        look();
      });
    const begin = async () => {
      const pressed = performance.now();
      const [rows, facts] = await Promise.all([
        whenThere('prompt prompt-0'),
        whenThere('latest version 1, labels production'),
      ]);
      resolve({ rows: rows - pressed, facts: facts - pressed });
    };
    window.addEventListener('mousedown', begin, { capture: true, once: true });
  });
}

/** Runs in the page: when a row with this text was there, on the clock that Node has too. */
function whenShown(text) {
  return new Promise((resolve) => {
    const isThere = () =>
      [...document.querySelectorAll('[role=treeitem]')].some((row) => row.ariaLabel?.includes(text));
    const look = () => (isThere() ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look));
    look();
  });
}

async function openView(bed) {
  const window = await bed.openWindow({
    workspace: repository.root,
    copy: false,
    size: { width: 1400, height: 900 },
    settings: UNLOADED,
  });
  await window.page.locator('.statusbar-item').filter({ hasText: 'main' }).first().waitFor();
  await window.page.waitForTimeout(1000); // what the window does as it opens is over
  const painting = window.page.evaluate(watchFirstPaint);
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  return { window, painted: await painting };
}

async function measureCommits({ page }) {
  const row = (name) => page.getByRole('treeitem', { name }).first();
  await row(/^prompt prompt-0,/)
    .locator('.monaco-tl-twistie')
    .click();
  await row(/^commit .*Change /).waitFor();
  const file = path.join(repository.root, promptPath(0));
  const times = [];
  for (let count = 0; count < COMMITS; count++) {
    fs.appendFileSync(file, `\nRule ${count}.\n`);
    await row(/^uncommitted changes/).waitFor();
    await page.waitForTimeout(500); // what the change of the file set off is over
    const shown = page.evaluate(whenShown, `Rule number ${count},`);
    git('commit', '--quiet', '-am', `Rule number ${count}`);
    const committed = Date.now();
    times.push((await shown) - committed);
    await row(/^uncommitted changes/).waitFor({ state: 'detached' });
  }
  return times;
}

const list = (times) => times.map((ms) => Math.round(ms)).join(' ');
const report = (name, value, target) =>
  console.log(JSON.stringify({ name, value: Math.round(value), unit: 'ms', ...(target ? { target } : {}) }));

/** A server of its own: windows that were closed go on working for a while, since VS Code expects them back. */
async function measurePaints() {
  await using bed = await openBed();
  const paints = [];
  for (let count = 0; count < WINDOWS; count++) {
    const { window, painted } = await openView(bed);
    paints.push(painted);
    await window.close();
  }
  return paints;
}

const paints = await measurePaints();
await using bed = await openBed();
const { window } = await openView(bed);
const commits = await measureCommits(window);
const [rows, facts] = [paints.map((one) => one.rows), paints.map((one) => one.facts)];
console.log(`from the click to rows, ms: ${list(rows)}`);
console.log(`from the click to git's facts on them, ms: ${list(facts)}`);
console.log(`from a commit to its row, ms: ${list(commits)}`);
console.log(
  `load of the machine, 1 and 5 minutes: ${os
    .loadavg()
    .slice(0, 2)
    .map((one) => one.toFixed(1))
    .join(' ')}`,
);
report('Prompts view of 500 prompts, the extension’s start included: first rows (median of 7)', median(rows), '<= 350');
report('the same with git’s facts on the rows (median of 7)', median(facts), '<= 500');
report('a commit to its row on the screen (median of 15)', median(commits), '<= 300');
report('a commit to its row on the screen (p95 of 15)', percentile(commits, 0.95), '<= 300');
