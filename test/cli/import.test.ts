import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createWorkspace, llmops } from './cli.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/import', import.meta.url));

function createImportWorkspace() {
  const workspace = createWorkspace();
  cpSync(FIXTURES, path.join(workspace.folder, 'old'), { recursive: true });
  return workspace;
}

describe('llmops import', () => {
  it('writes prompts into a folder and tells what it could not carry', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/promptfooconfig.yaml', 'old/service.py', '--out', 'prompts/new'];
    const { code, stdout, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(0);
    expect(stdout).toContain(path.join('prompts/new', 'chat-translator.prompt'));
    expect(stderr).toContain('generate.py:build is not supported');
    const text = readFileSync(path.join(workspace.folder, 'prompts/new/summarize.prompt'), 'utf8');
    expect(text).toContain('model: openai/gpt-4.1-mini');
  });

  it('never overwrites, and writes nothing in a dry run', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    await llmops(['import', 'old/article.txt'], { cwd: folder });
    const again = await llmops(['import', 'old/article.txt'], { cwd: folder });
    expect(again.stdout.trim()).toBe(path.join('old', 'article-2.prompt'));
    const dry = await llmops(['import', 'old/article.txt', '--dry-run'], { cwd: folder });
    expect(dry.stdout.trim()).toBe(path.join('old', 'article-3.prompt'));
    expect(existsSync(path.join(folder, 'old/article-3.prompt'))).toBe(false);
  });

  it('says what it knows when it is told of a format that it does not', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--format', 'word'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('Known: prompty, promptfoo');
  });
});
