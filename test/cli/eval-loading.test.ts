import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { FILE, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
let coverage: string;
beforeEach(() => {
  workspace = createWorkspace();
  coverage = mkdtempSync(path.join(tmpdir(), 'llmops-loaded-'));
});
afterEach(() => {
  workspace[Symbol.dispose]();
  rmSync(coverage, { recursive: true, force: true });
});

/** The built files that each thread of a command loaded, by their names. */
async function filesLoadedBy(args: string[]): Promise<string[][]> {
  const env = { NODE_V8_COVERAGE: coverage };
  const { code, stderr } = await llmops(args, { cwd: workspace.folder, env, nodeArgs: ['--no-warnings'] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return readdirSync(coverage).map((name) => {
    const { result } = JSON.parse(readFileSync(path.join(coverage, name), 'utf8')) as { result: { url: string }[] };
    return result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => path.posix.basename(url));
  });
}

describe('the files that an evaluation on a demo model loads', () => {
  it('are few, and have no SDK, tokenizer, schema validator or git client', async () => {
    writeEvaluation(workspace);
    const threads = await filesLoadedBy(['eval', FILE, '--format', 'json']);
    const isStore = (files: string[]) => files.includes('store-worker.js');
    expect(threads.find(isStore)).toEqual(['store-worker.js']);
    const files = threads.find((one) => !isStore(one)) ?? [];
    expect(files).toContain('evaluation.js');
    expect(files.length).toBeLessThanOrEqual(15);
    expect(files.filter((name) => /^(?:ajv|openai|undici|o200k|create-versions|dist)-/.test(name))).toEqual([]);
  });

  it('are not loaded to print the version', async () => {
    const [files = []] = await filesLoadedBy(['--version']);
    expect(files).toContain('command-line.js');
    expect(files.filter((name) => /^(?:eval|prompts)/.test(name))).toEqual([]);
    expect(files.length).toBeLessThanOrEqual(10);
  });
});
