import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const FAST = 'config:\n  demo.tokensPerSecond: 20000\n  demo.ttftMs: 1\n';
const SCHEMA = 'input:\n  schema:\n    name: string\n    age?: integer\n';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const writePrompt = (schema = SCHEMA) =>
  workspace.write('p.prompt', promptText({ model: 'demo/swift', config: FAST + schema, body: '{{name}} {{age}}' }));
const run = (args: string[], options: Partial<Parameters<typeof llmops>[1]> = {}) =>
  llmops(['run', 'p.prompt', '--no-record', '--json', ...args], { cwd: workspace.folder, ...options });
const inFolder = (file: string) => path.join(workspace.folder, file);

describe('columns without an input in the prompt', () => {
  it.each([
    ['rows.csv', 'id,name,expected\n1,Ada,yes\n'],
    ['rows.tsv', 'id\tname\texpected\n1\tAda\tyes\n'],
    ['rows.jsonl', '{"id":1,"name":"Ada","expected":"yes"}\n'],
  ])('are ignored and reported once: %s', async (file, text) => {
    writePrompt();
    workspace.write(file, text);
    const { code, stdout, stderr } = await run(['--input-file', file]);
    const notice = `${file} has columns that are not inputs of the prompt: id, expected. They were ignored; --strict rejects them.`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${notice}\n` });
    expect(JSON.parse(stdout)).toMatchObject({ input: { name: 'Ada' }, notices: [notice] });
    expect(JSON.parse(stdout).input).toEqual({ name: 'Ada' });
  });

  it('have a name in the notice even if the header has none, as for the index that some programs write', async () => {
    writePrompt();
    workspace.write('rows.csv', ',name\n0,Ada\n');
    const { code, stderr } = await run(['--input-file', 'rows.csv']);
    expect(stderr).toMatch(/has a column that is not an input of the prompt: \(no name\)\. It was ignored/);
    expect(code).toBe(0);
  });

  it('are rejected by --strict, and so are inputs given by the user', async () => {
    writePrompt();
    workspace.write('rows.csv', 'id,name\n1,Ada\n');
    const strict = await run(['--input-file', 'rows.csv', '--strict']);
    expect(strict).toMatchObject({
      code: 2,
      stdout: '',
      stderr: /has a column that is not an input of the prompt: id\./,
    });
    const own = await run(['--input-file', 'rows.csv', '--input', 'id=1']);
    expect(own).toMatchObject({ code: 2, stdout: '', stderr: /id is not in the schema/ });
  });
});

describe('text that is not UTF-8', () => {
  const latin1 = Buffer.from('name;age\nJos\u00e9;36\n', 'latin1');

  it('in a table is read as Windows-1252 with a notice, and rejected by --strict', async () => {
    writePrompt();
    writeFileSync(inFolder('rows.csv'), latin1);
    const { code, stdout, stderr } = await run(['--input-file', 'rows.csv']);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: /not valid UTF-8 \(first at line 2\) and was read as Windows-1252/,
    });
    expect(JSON.parse(stdout).input).toEqual({ name: 'José', age: 36 });
    const strict = await run(['--input-file', 'rows.csv', '--strict']);
    expect(strict).toMatchObject({
      code: 2,
      stdout: '',
      stderr: /rows\.csv:2:4: the byte 0xE9 here is not valid UTF-8/,
    });
  });

  it('in JSON, and UTF-16 anywhere, is rejected with its place', async () => {
    writePrompt();
    writeFileSync(inFolder('rows.jsonl'), Buffer.from('{"name":"Ada"}\n{"name":"Jos\u00e9"}\n', 'latin1'));
    writeFileSync(inFolder('wide.csv'), Buffer.from('\ufeffname;age\nAda;36\n', 'utf16le'));
    expect((await run(['--input-file', 'rows.jsonl'])).stderr).toMatch(/rows\.jsonl:2:13: the byte 0xE9/);
    const wide = await run(['--input-file', 'wide.csv']);
    expect(wide).toMatchObject({ code: 2, stdout: '', stderr: /wide\.csv:1:1: the text is UTF-16/ });
  });
});

describe('integers over 2^53', () => {
  const BIG = '12345678901234567890';

  it('are sent unchanged if the input is a text', async () => {
    writePrompt();
    workspace.write('rows.csv', `name\n${BIG}\n`);
    for (const args of [
      ['--input-file', 'rows.csv'],
      ['--input', `name=${BIG}`],
    ]) {
      expect(JSON.parse((await run(args)).stdout).input).toEqual({ name: BIG });
    }
  });

  it.each([
    ['a number field of a table', 'rows.csv', `name,age\nAda,${BIG}\n`, []],
    ['JSON Lines', 'rows.jsonl', `{"name":"Ada","age":${BIG}}\n`, []],
    ['JSON', 'rows.json', `[{"name":"Ada","age":${BIG}}]`, []],
    ['--input', 'rows.csv', 'name\nAda\n', ['--input', `age=${BIG}`]],
    ['--input :=', 'rows.csv', 'name\nAda\n', ['--input', `age:=${BIG}`]],
  ])('are rejected, never rounded: %s', async (_, file, text, args) => {
    writePrompt();
    workspace.write(file, text);
    const { code, stdout, stderr } = await run(['--input-file', file, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(BIG);
    expect(stderr).toContain('cannot be represented exactly as a number');
  });

  it('are rejected among the defaults of a prompt, with their place', async () => {
    writePrompt(`${SCHEMA}  default:\n    name: x\n    age: ${BIG}\n`);
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`p\\.prompt:12:10: .*${BIG}`));
  });
});

/** Not `ru_maxrss` if there is something else: a child's starts with the size of the test runner. */
const NOTE_PEAK = `import { readFileSync } from 'node:fs';
process.on('exit', () => {
  const isLinux = process.platform === 'linux';
  const peak = isLinux ? /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS;
  process.stderr.write('rss=' + peak);
});`;

describe('an input file', () => {
  it('is read up to its row in constant memory', async () => {
    writePrompt();
    const file = inFolder('large.jsonl');
    const rows = `${JSON.stringify({ name: 'x', note: 'y'.repeat(1000) })}\n`.repeat(10_000);
    writeFileSync(file, rows);
    for (let count = 1; count < 30; count += 1) appendFileSync(file, rows);
    appendFileSync(file, '{"name":"last"}\n');
    const measure = `data:text/javascript,${encodeURIComponent(NOTE_PEAK)}`;
    const peak = async (row: string) => {
      const outcome = await run(['--input-file', 'large.jsonl', '--row', row], { nodeArgs: ['--import', measure] });
      expect(outcome.code).toBe(0);
      return { kilobytes: Number(/rss=(\d+)/.exec(outcome.stderr)?.[1]), input: JSON.parse(outcome.stdout).input };
    };
    const first = await peak('1');
    const last = await peak('300001');
    expect(last.input).toEqual({ name: 'last' });
    // The file has 306 MB; the rest is what the garbage collector has not freed yet.
    expect(last.kilobytes - first.kilobytes).toBeLessThan(150_000);
  });

  it.skipIf(process.platform === 'win32')('that is a pipe is refused before it is read', async () => {
    writePrompt();
    execFileSync('mkfifo', [inFolder('rows.jsonl')]);
    const { code, stderr } = await run(['--input-file', 'rows.jsonl']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: /rows\.jsonl is not a regular file/ });
  });

  it('with too few rows reports how many there are', async () => {
    writePrompt();
    workspace.write('rows.csv', 'name\nAda\nBo\n');
    const { code, stderr } = await run(['--input-file', 'rows.csv', '--row', '3']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: /rows\.csv has 2 rows, but row 3 was requested/ });
  });
});
