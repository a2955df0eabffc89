import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
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

/** A folder outside any workspace. */
function createOutside() {
  const folder = mkdtempSync(path.join(tmpdir(), 'llmops-outside-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

describe('llmops import', () => {
  it('writes prompts into a folder and reports what it could not import', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/promptfooconfig.yaml', 'old/service.py', '--out', 'prompts/new'];
    const { code, stdout, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(0);
    expect(stdout).toContain(path.join('prompts/new', 'chat-translator.prompt'));
    expect(stderr).toContain('generate.py:build is not supported');
    const text = readFileSync(path.join(workspace.folder, 'prompts/new/summarize.prompt'), 'utf8');
    expect(text).toContain('model: openai/gpt-4.1-mini');
  });

  it('writes into the workspace’s prompts folder, never over a file, and nothing in a dry run', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    const first = await llmops(['import', 'old/article.txt'], { cwd: folder });
    expect(first.stdout.trim()).toBe(path.join('prompts', 'article.prompt'));
    const again = await llmops(['import', 'article.txt'], { cwd: path.join(folder, 'old') });
    expect(again.stdout.trim()).toBe(path.join('..', 'prompts', 'article-2.prompt'));
    const dry = await llmops(['import', 'old/article.txt', '--dry-run'], { cwd: folder });
    expect(dry.stdout.trim()).toBe(path.join('prompts', 'article-3.prompt'));
    expect(existsSync(path.join(folder, 'prompts/article-3.prompt'))).toBe(false);
  });

  it('writes next to a file outside any workspace', async () => {
    using outside = createOutside();
    writeFileSync(path.join(outside.folder, 'hello.txt'), 'Hello {name}.');
    const { code, stdout } = await llmops(['import', 'hello.txt'], { cwd: outside.folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello.prompt\n' });
  });

  it('reads files named in a file only in its workspace, and reports those it did not read', async () => {
    using workspace = createImportWorkspace();
    using outside = createOutside();
    const { folder } = workspace;
    const secret = path.join(outside.folder, 'secret.txt');
    writeFileSync(secret, 'TOP SECRET {x}');
    symlinkSync(secret, path.join(folder, 'old/linked.txt'));
    execFileSync('mkfifo', [path.join(folder, 'old/pipe.txt')]);
    writeFileSync(path.join(folder, 'old/latin.txt'), Buffer.from('voil\u00e0', 'latin1'));
    const up = path.relative(path.join(folder, 'old'), secret);
    const langchain = (template_path: string) =>
      JSON.stringify({ _type: 'prompt', input_variables: [], template_path });
    const sources: [file: string, text: string, said: RegExp][] = [
      [
        'lc-absolute.json',
        langchain('/etc/hostname'),
        /The template file \/etc\/hostname was not read: it is outside the workspace/,
      ],
      ['lc-up.json', langchain(up), /was not read: it is outside the workspace/],
      ['lc-link.json', langchain('linked.txt'), /linked\.txt was not read: it is outside the workspace/],
      ['lc-pipe.json', langchain('pipe.txt'), /pipe\.txt was not read: it is not a regular file/],
      ['lc-latin.json', langchain('latin.txt'), /latin\.txt was not read: .*latin\.txt:1:5: the byte 0xE0/],
      ['lc-zero.json', langchain('/dev/zero'), /\/dev\/zero was not read/],
      [
        'pf.yaml',
        `prompts:\n  - file://${secret}\n  - Hi {{x}}\n`,
        /The prompt file .*secret\.txt was not read: it is outside/,
      ],
      [
        'providers.yaml',
        `prompts: [Hi]\nproviders: file://${secret.replace('.txt', '.yaml')}\n`,
        /The file of providers/,
      ],
      [
        'p.prompty',
        `---\nname: p\nsample: ${secret}\n---\nuser:\nHi {{x}}\n`,
        /The file .*secret\.txt was not read: it is outside/,
      ],
      [
        'q.prompty',
        `---\nname: q\nsample:\n  x: \${file:${up}}\n---\nuser:\nHi {{x}}\n`,
        /was not read: it is outside the workspace/,
      ],
      ['loop.yaml', 'prompts:\n  - file://loop.yaml\n  - file://a.yaml\n  - Hi {{x}}\n', /a\.yaml could not be read/],
    ];
    for (const [file, text, said] of sources) {
      workspace.write(`old/${file}`, text);
      const { stderr } = await llmops(['import', `old/${file}`, '--out', `new-${file}`], { cwd: folder });
      expect(stderr, file).toMatch(said);
      const out = path.join(folder, `new-${file}`);
      const written = existsSync(out) ? readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8')) : [];
      expect(written.join('\n'), file).not.toContain('TOP SECRET');
    }
  });

  it('does not follow a prompts folder that links out of the workspace, unless the user names it', async () => {
    using workspace = createImportWorkspace();
    using outside = createOutside();
    const { folder } = workspace;
    rmSync(path.join(folder, 'prompts'), { recursive: true });
    symlinkSync(outside.folder, path.join(folder, 'prompts'));
    const { code, stderr } = await llmops(['import', 'old/article.txt'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('outside the workspace');
    expect(readdirSync(outside.folder)).toEqual([]);
    const named = await llmops(['import', 'old/article.txt', '--out', 'prompts'], { cwd: folder });
    expect(named.code).toBe(0);
    expect(readdirSync(outside.folder)).toEqual(['article.prompt']);
  });

  it('rejects files that are not regular, where reading would block or never end', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    execFileSync('mkfifo', [path.join(folder, 'pipe.py')]);
    for (const file of ['pipe.py', '/dev/zero']) {
      const { code, stderr } = await llmops(['import', file], { cwd: folder });
      expect({ file, code }).toEqual({ file, code: 2 });
      expect(stderr).toContain('is not a regular file');
    }
  });

  it('uses another name if there is a broken link with the prompt’s name', async () => {
    using workspace = createImportWorkspace();
    writeFileSync(path.join(workspace.folder, 'a.txt'), 'Hi {x}');
    mkdirSync(path.join(workspace.folder, 'prompts'), { recursive: true });
    symlinkSync(path.join(workspace.folder, 'nowhere'), path.join(workspace.folder, 'prompts/a.prompt'));
    const { stdout } = await llmops(['import', 'a.txt'], { cwd: workspace.folder });
    expect(stdout).toBe(`${path.join('prompts', 'a-2.prompt')}\n`);
    expect(existsSync(path.join(workspace.folder, 'nowhere'))).toBe(false);
  });

  it('puts a value that is too long for a prompt into a dataset next to it', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    const page = 'word '.repeat(30_000);
    workspace.write(
      'long.yaml',
      JSON.stringify({ prompts: ['Sum up {{page}} for {{who}}'], tests: [{ vars: { page, who: 'Ann' } }] }),
    );
    const { code, stdout, stderr } = await llmops(['import', 'long.yaml'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'prompts/long.prompt\nprompts/long.rows.jsonl\n' });
    expect(stderr).toContain('The value of `page` is too long');
    const prompt = readFileSync(path.join(folder, 'prompts/long.prompt'), 'utf8');
    expect(prompt).toContain('llmops.dataset: long.rows.jsonl\n');
    expect(prompt.length).toBeLessThan(1_000);
    expect(JSON.parse(readFileSync(path.join(folder, 'prompts/long.rows.jsonl'), 'utf8'))).toEqual({ page });
    const again = await llmops(['import', 'long.yaml'], { cwd: folder });
    expect(again.stdout).toBe('prompts/long-2.prompt\nprompts/long.rows-2.jsonl\n');
    expect(readFileSync(path.join(folder, 'prompts/long-2.prompt'), 'utf8')).toContain(
      'llmops.dataset: long.rows-2.jsonl\n',
    );
    const { code: checked } = await llmops(['check', 'prompts'], { cwd: folder });
    expect(checked).toBe(0);
  });

  it('rejects files without a prompt, and still reads the others', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    workspace.write('empty.txt', '');
    workspace.write('cut.json', '{"messages": [');
    writeFileSync(path.join(folder, 'binary.prompty'), Buffer.from([0x50, 0x4e, 0x47, 0x50, 0x4e, 0x47, 0]));
    writeFileSync(
      path.join(folder, 'latin.prompty'),
      Buffer.from(`system:\n${'Bonjour. '.repeat(50)}voil\u00e0\n`, 'latin1'),
    );
    for (const [file, message] of [
      ['empty.txt', 'empty.txt is empty.'],
      ['cut.json', 'cut.json is not valid JSON: '],
      ['binary.prompty', 'binary.prompty is not text'],
      ['latin.prompty', 'latin.prompty:2:455: the byte 0xE0 here is not valid UTF-8.'],
      ['old', 'old is a folder.'],
      ['nowhere.py', 'nowhere.py does not exist.'],
    ] as const) {
      const { code, stdout, stderr } = await llmops(['import', file], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`llmops: ${message}`);
    }
    const some = await llmops(['import', 'empty.txt', 'old/article.txt'], { cwd: folder });
    expect(some).toMatchObject({ code: 2, stdout: `${path.join('prompts', 'article.prompt')}\n` });
  });

  it('reports an unwritable folder', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--out', 'README.md/prompts'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('could not be written');
  });

  it.skipIf(process.platform !== 'linux')('ends where no folder can be made at all', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--out', '/proc/prompts'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: /article\.prompt could not be written \(ENOENT\)/ });
  });

  it('leaves only complete prompts when it is killed', async () => {
    using workspace = createImportWorkspace();
    const { folder } = workspace;
    const texts = Array.from({ length: 400 }, (_, index) => `Prompt ${index}: {{text}}${' and so on'.repeat(200)}`);
    workspace.write('many.json', JSON.stringify({ prompts: texts, providers: ['openai:gpt-5'], tests: [] }));
    const seen = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      const out = path.join(folder, `out-${round}`);
      mkdirSync(out);
      const watcher = watch(out);
      await llmops(['import', 'many.json', '--format', 'promptfoo', '--out', out], {
        cwd: folder,
        onStart(child) {
          let prompts = 0;
          watcher.on('change', (_, name) => {
            prompts += String(name).endsWith('.prompt') ? 1 : 0;
            if (prompts > 7 * round) child.kill('SIGKILL');
          });
        },
      });
      watcher.close();
      for (const file of readdirSync(out).filter((name) => name.endsWith('.prompt'))) {
        seen.add(file);
        expect(readFileSync(path.join(out, file), 'utf8'), file).toMatch(/and so on\n?$/);
      }
    }
    expect(seen.size).toBeGreaterThan(0);
  });

  it('writes prompts without errors, from any source', async () => {
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

  it('lists the known formats if the given one is unknown', async () => {
    using workspace = createImportWorkspace();
    const args = ['import', 'old/article.txt', '--format', 'word'];
    const { code, stderr } = await llmops(args, { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('Known formats: prompty, promptfoo');
  });
});
