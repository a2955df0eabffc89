import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import { createWindow, type WorkbenchWindow } from '../bed/workbench.mjs';
import { comparePage } from './compare-page.ts';
import { sharedBed } from './shared-bed.ts';

let started: ChildProcess;
let ended: Promise<number | null>;
let said = '';
let browser: Browser;
let page: Page;
let window: WorkbenchWindow;

/** `npm start` unchanged: what it prints, and what its address shows. */
beforeAll(async () => {
  const args = [path.join(root, 'test/bed/start.mjs'), '--no-open'];
  started = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  ended = new Promise((resolve) => started.on('exit', resolve));
  for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk) => (said += chunk));
  browser = await chromium.connect(sharedBed().endpoint);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(30_000);
  window = createWindow(page);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (started?.kill()) await ended;
});

const tab = (name: string | RegExp) => page.locator('.tab').filter({ hasText: name }).first();
const walkthrough = () => page.locator('.gettingStartedContainer');
const workbench = () => page.locator('.monaco-workbench .statusbar').waitFor();

test('npm start prints an address that opens a prompt and the walkthrough in front of it', {
  timeout: 120_000,
}, async () => {
  await expect.poll(() => said, { timeout: 90_000 }).toMatch(/Press Ctrl-C to stop it/);
  expect(said).not.toContain('\r');
  const address = /^ {2}(http:\S+)$/m.exec(said)?.[1] ?? '';
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?folder=[^&]+sample-workspace$/);
  await page.goto(address);
  await workbench();
  await walkthrough().getByText('Get Started with LLMOps Workbench').first().waitFor();
  await walkthrough().locator('.getting-started-step.expanded').getByText('Write a prompt').waitFor();
  await tab('churn-analysis.prompt').waitFor();
  expect(await walkthrough().locator('[data-done-step-id][aria-checked="true"]').count()).toBe(0);
});

/** Everything is open again: the tabs, and the contents of a panel once it is shown. */
async function expectRestored(reload: () => Promise<unknown>): Promise<void> {
  const [address, before] = [page.url(), await page.locator('.tab').allTextContents()];
  await Promise.all([page.waitForEvent('load'), reload()]);
  await workbench();
  await expect.poll(() => page.locator('.tab').allTextContents(), { timeout: 20_000 }).toEqual(before);
  await tab(/^Compare: /).click();
  await comparePage(window).button(/^Run$/).waitFor();
  expect(page.url()).toBe(address);
}

test('after Reload Window the editors and panels are restored, at the same address', { timeout: 120_000 }, async () => {
  await window.openFile('prompts/churn-analysis.prompt');
  // next to it are the panels that compare the prompt with its versions
  await page.locator('.codelens-decoration a').getByText('Compare', { exact: true }).first().click();
  await comparePage(window).button(/^Run$/).waitFor();
  await window.openFile('prompts/support-reply.prompt');
  await expectRestored(() => window.command('Developer: Reload Window'));
  await tab('support-reply.prompt').waitFor();
  await tab('Welcome').waitFor();
});

test('after F5 they are restored too', { timeout: 120_000 }, async () => {
  // the browser's own reload: headless, there is no key for it
  await expectRestored(() => page.reload());
  await tab('support-reply.prompt').waitFor();
});

test('it stops on request, and reports it', async () => {
  started.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said).toMatch(/Stopping\.\n$/);
});
