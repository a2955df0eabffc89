import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerOf, type ComparePage, openCompare } from './compare-page.ts';
import { chooseTheme, FAINT, THEMES } from './readable.ts';
import { screenshots, useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const FILE = 'prompts/churn-analysis.prompt';
let window: WorkbenchWindow;
let compare: ComparePage;

function git(folder: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], { cwd: folder, env, encoding: 'utf8' }).trim();
}

/** The sample's prompt, with a plain answer as the first version and unchanged as the second. */
beforeAll(async () => {
  window = await openWindow({ size: { width: 1440, height: 900 } });
  const folder = window.workspace ?? '';
  const file = path.join(folder, FILE);
  const text = fs.readFileSync(file, 'utf8');
  const prose = text
    .replace(/output:[\s\S]*?llmops\.models/, 'llmops.models')
    .replace('temperature: 0.2', 'temperature: 0.7');
  git(folder, 'init', '-q', '.');
  for (const [content, message] of [
    [prose, 'Explain in prose'],
    [text, 'Answer as JSON'],
  ] as const) {
    fs.writeFileSync(file, content);
    git(folder, 'add', '--all');
    git(folder, 'commit', '-q', '-m', message);
  }
  compare = await openCompare(window, FILE);
  for (const model of ['demo/balanced', 'demo/thorough']) {
    await compare.pick(compare.column(model), 'More Actions', 'Remove This Column');
  }
});

test('two versions of a prompt answer side by side, and an edit shows in the answers', async () => {
  await compare.button('Add Version').click();
  await compare.view.getByRole('option', { name: /Explain in prose/ }).click();
  const old = compare.view.locator('section.column').nth(1);
  await old.locator('.version-badge').waitFor();
  await compare.run();
  await compare.view.getByText(/^2 runs ended$/).waitFor();

  const now = compare.view.locator('section.column').first();
  expect(JSON.parse(await answerOf(now))).toHaveProperty('risk_level');
  const prose = await answerOf(old);
  expect(prose.length).toBeGreaterThan(40);
  expect(prose.trimStart().startsWith('{')).toBe(false);
  expect(await old.locator('.version-badge').getAttribute('title')).toContain('temperature 0.2 → 0.7');

  await now.getByRole('tab', { name: 'Diff' }).click();
  await now.locator('del, ins, .removed, .added').first().waitFor();
  await now.getByRole('tab', { name: 'Text' }).click();
});

test.for(THEMES)('versions and their picker are readable in the theme $label', async (theme) => {
  await chooseTheme(window, theme);
  await compare.view.locator(`body.${theme.name}`).waitFor();
  await compare.view.locator('.version-badge').nth(1).click();
  await compare.view.getByRole('option', { name: /Explain in prose/ }).waitFor();
  await window.page.screenshot({ path: path.join(screenshots, `versions-${theme.theme}.png`) });
  expect(await compare.view.locator('body').evaluate(FAINT)).toEqual([]);
  await window.page.keyboard.press('Escape');
});
