import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

  it('refuses what holds no prompt, and reads the other files all the same', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    workspace.write('empty.txt', '');
    workspace.write('cut.json', '{"messages": [');
    writeFileSync(path.join(folder, 'binary.prompty'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]));
    for (const [file, message] of [
      ['empty.txt', 'empty.txt is empty.'],
      ['cut.json', 'cut.json is not valid JSON: '],
      ['binary.prompty', 'binary.prompty is not text'],
      ['old', 'old is a folder.'],
      ['nowhere.py', 'nowhere.py does not exist.'],
    ] as const) {
      const { code, stdout, stderr } = await llmops(['import', file], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`llmops: ${message}`);
    }
    const some = await llmops(['import', 'empty.txt', 'old/article.txt'], { cwd: folder });
    expect(some).toMatchObject({ code: 2, stdout: `${path.join('old', 'article.prompt')}\n` });
  });

  it('says which folder it cannot write to', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--out', 'README.md/prompts'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('could not be written');
  });

  it('writes prompts in which the check finds no error, whatever they came from', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    const files = readdirSync(path.join(folder, 'old'), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join('old', entry.name));
    const { code, stderr } = await llmops(['import', ...files, '--out', 'new'], { cwd: folder });
    expect({ code, refusals: stderr.match(/^llmops: .*/gm) }).toEqual({ code: 0, refusals: null });
    const { code: checked, stdout } = await llmops(['check', 'new', '--format', 'json'], { cwd: folder });
    expect(checked).toBe(0);
    expect(JSON.parse(stdout).files.length).toBeGreaterThan(50);
  });

  it('says what it knows when it is told of a format that it does not', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--format', 'word'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('Known: prompty, promptfoo');
  });
});
