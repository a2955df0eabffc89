import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageExtension } from '../bed/package.mjs';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, openBed } from '../bed/workbench.mjs';
import { openCompare } from './compare-page.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'llmops-vsix-'));
let vsix: string;
let bed: Bed;

/** The extension's folder in the clean VS Code. */
function installed(): string {
  const [name] = readdirSync(path.join(bed.dir, 'extensions')).filter((entry) => entry.includes('llmops-workbench'));
  if (!name) throw new Error('the package was not installed');
  return path.join(bed.dir, 'extensions', name);
}

beforeAll(async () => {
  vsix = await packageExtension(path.join(folder, 'llmops-workbench.vsix'));
  bed = await openBed({ vsix });
});
afterAll(async () => {
  await bed?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the package is at most 5 MB', () => {
  expect(statSync(vsix).size).toBeLessThanOrEqual(5 * 1024 * 1024);
});

test('the package contains built files and media, no sources and no tests', () => {
  const allowed = [
    'package.json',
    'readme.md',
    'changelog.md',
    'license.txt',
    'dist',
    'media',
    'syntaxes',
    '.vsixmanifest',
  ];
  const there = readdirSync(installed()).map((name) => name.toLowerCase());
  expect(there.filter((name) => !allowed.includes(name))).toEqual([]);
  const files = readdirSync(installed(), { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => /\.tsx?$|\.map$|metafile|(^|\/)test/.test(name))).toEqual([]);
});

test('the installed extension compares the sample prompt on the three demo models', async () => {
  const window = await bed.openWindow({ workspace: path.join(root, 'media/sample-workspace') });
  const compare = await openCompare(window, 'prompts/churn-analysis.prompt');

  await compare.run();

  for (const model of ['demo/swift', 'demo/balanced', 'demo/thorough']) await compare.column(model, 'done').waitFor();
});

test('the command line of the package runs', () => {
  const result = spawnSync(process.execPath, [path.join(installed(), 'dist/llmops.js'), '--version'], {
    encoding: 'utf8',
  });
  expect(result.stdout).toMatch(/^\d+\.\d+\.\d+\s*$/);
});
