import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { openTarget } from '../../../src/core/evals/targets/open-target.ts';
import { answerOf, caseOf, targetPorts } from '../../contract/evals/target-bed.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of Node as a target. */
function script(code: string, { timeoutMs = 10_000, env = {} } = {}): TargetSpec {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(
    file,
    `import { readFileSync, writeFileSync } from 'node:fs';\nimport { spawn } from 'node:child_process';\n${code}\n`,
  );
  return { name: 'script', timeoutMs, folder, env, command: [process.execPath, path.basename(file)] };
}

const READ = "const input = JSON.parse(readFileSync(0, 'utf8'));";
const CHILD = `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], OPTIONS)`;

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
};

/** The process with the number in a file ends, sooner or later. */
async function ended(file: string): Promise<void> {
  const pid = Number(readFileSync(path.join(folder, file), 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
}

describe('a program as the target of an evaluation', () => {
  it('reads the inputs as JSON and writes the answer as text', async () => {
    const answer = await answerOf(script(`${READ} console.log('Grüße, ' + input.name + ' 漢字 👋');`), { name: 'Zoë' });
    expect(answer).toMatchObject({
      output: 'Grüße, Zoë 漢字 👋',
      contexts: undefined,
      error: undefined,
      costUsd: undefined,
    });
    expect(answer.latencyMs).toBeGreaterThan(0);
  });

  it('writes the parts of an answer as JSON; other JSON is the answer itself', async () => {
    const parts = {
      answer: { risk: 'high' },
      contexts: ['a'],
      toolCalls: [{ name: 'f', args: { x: 1 } }],
      usage: { inputTokens: 5, costUsd: 0.5 },
    };
    const found = await answerOf(script(`console.log(${JSON.stringify(JSON.stringify(parts))})`), {});
    expect(found).toMatchObject({
      output: '{"risk":"high"}',
      contexts: ['a'],
      toolCalls: [{ name: 'f', arguments: { x: 1 } }],
      usage: { inputTokens: 5 },
      costUsd: 0.5,
    });
    const other = '{"answer": "yes", "certainty": 1}';
    expect((await answerOf(script(`console.log(${JSON.stringify(other)})`), {})).output).toBe(other);
  });

  it('runs in the folder of the file, with no variables but those that programs need', async () => {
    const planted = {
      OPENAI_API_KEY: 'sk-planted-0000000000000000',
      LLMOPS_SECRET_APP: 'planted-1',
      AWS_SECRET_ACCESS_KEY: 'planted-2',
      MYAPP_PAT: 'planted-3',
      DATABASE_URL: 'postgres://u:planted-4@db/x',
      HTTPS_PROXY: 'http://user:planted-5@proxy:8080',
    };
    const code = 'console.log(JSON.stringify({ cwd: process.cwd(), env: process.env }));';
    const { output } = await answerOf(script(code, { env: { MODE: 'test' } }), {}, { env: planted });
    const { cwd, env } = JSON.parse(output) as { cwd: string; env: Record<string, string> };
    expect(path.basename(cwd)).toBe(path.basename(folder));
    expect(output).not.toContain('planted');
    expect(env).toMatchObject({ MODE: 'test', HTTPS_PROXY: 'http://proxy:8080', PATH: process.env.PATH });
  });

  it.each([
    [
      'exits with a code',
      `console.error('Traceback: no such table'); process.exit(3);`,
      'bad-response',
      /^script ended with exit code 3\.\nTraceback: no such table$/,
    ],
    [
      'is ended by a signal',
      `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 9);`,
      'bad-response',
      /^script was ended by SIGTERM\.$/,
    ],
    ['writes nothing', '', 'bad-response', /^script wrote no answer\.$/],
    [
      'writes bytes that are no text',
      'process.stdout.write(Buffer.from([0xff, 0xfe, 0x41]));',
      'bad-response',
      /^script wrote bytes that are not UTF-8\.$/,
    ],
    [
      'writes contexts that are no texts',
      `console.log('{"answer": "a", "contexts": [1]}');`,
      'bad-response',
      /^script gave contexts that are not a list of texts\./,
    ],
    [
      'floods its standard output',
      `const piece = Buffer.alloc(1024 * 1024, 'a'); const write = () => process.stdout.write(piece, write); write();`,
      'bad-response',
      /^script wrote more than 16 MB/,
    ],
    [
      'floods its standard error',
      `for (let i = 0; i < 100000; i++) console.error('\\u001b[31mline ' + i + '\\u001b[0m'); process.exitCode = 1;`,
      'bad-response',
      /^script ended with exit code 1\.\n(?:line \d+\n){11}line 99999$/,
    ],
  ])('makes a program that %s an error of the answer', async (_, code, errorCode, message) => {
    const { output, error } = await answerOf(script(code), { question: 'a'.repeat(1_000_000) });
    expect(output).toBe('');
    expect(error).toMatchObject({ code: errorCode, message: expect.stringMatching(message), hint: expect.any(String) });
  });

  it('keeps half a JSON as the answer, which metrics judge', async () => {
    expect((await answerOf(script(`console.log('{"answer": "cut o')`), {})).output).toBe('{"answer": "cut o');
  });

  it.skipIf(process.platform === 'win32').each([
    [
      'that hangs and ignores signals',
      `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});`,
      'stdio: "inherit"',
    ],
    ['whose child has left its group', '', 'stdio: "ignore", detached: true'],
  ])('ends a program %s, with what it started', async (_, code, options) => {
    const child = CHILD.replace('OPTIONS', `{ ${options} }`);
    const spec = script(`${code} writeFileSync('child', String(${child}.pid)); setInterval(() => {}, 1000);`, {
      timeoutMs: 1500,
    });
    const { error } = await answerOf(spec, {});
    expect(error).toMatchObject({ code: 'timeout', message: 'script did not end within 1.5 s.' });
    await ended('child');
  });

  it.skipIf(process.platform === 'win32')('ends what a program left running, and does not wait for it', async () => {
    const child = CHILD.replace('OPTIONS', '{ stdio: "inherit" }');
    const spec = script(`writeFileSync('left', String(${child}.pid)); console.log('done'); process.exit(0);`);
    expect((await answerOf(spec, {})).output).toBe('done');
    await ended('left');
  });

  it('ends the program after a cancellation', async () => {
    await using ports = targetPorts();
    const spec = script(`writeFileSync('cancelled', String(process.pid)); setInterval(() => {}, 1000);`);
    const target = await openTarget(spec, ports);
    const control = new AbortController();
    const answered = target.answer(caseOf({}), 1, control.signal);
    await expect.poll(() => existsSync(path.join(folder, 'cancelled'))).toBe(true);
    control.abort();
    await expect(answered).rejects.toMatchObject({ name: 'AbortError' });
    await ended('cancelled');
  });

  it('names a program that does not exist or cannot be started, and runs none in an untrusted workspace', async () => {
    const spec = { ...script(''), command: ['no-such-program-here'] } as TargetSpec;
    await expect(answerOf(spec, {})).rejects.toMatchObject({
      code: 'invalid-evaluation',
      message: 'The program no-such-program-here was not found.',
    });
    await expect(answerOf(script(''), {}, { trusted: false })).rejects.toMatchObject({ code: 'untrusted' });
    const file = path.join(folder, 'not-executable');
    writeFileSync(file, 'text');
    if (process.platform === 'win32') return;
    chmodSync(file, 0o644);
    const { error } = await answerOf({ ...spec, command: ['./not-executable'] } as TargetSpec, {});
    expect(error).toMatchObject({ message: 'script cannot be started: ./not-executable (EACCES).' });
  });

  it('starts python as the selected interpreter, or as the one of the system', async () => {
    const file = path.join(folder, 'app.py');
    writeFileSync(file, 'import json, sys\nprint("héllo " + json.load(sys.stdin)["name"])\n');
    const spec: TargetSpec = { name: 'py', timeoutMs: 20_000, folder, env: {}, command: ['python', 'app.py'] };
    expect((await answerOf(spec, { name: '漢字' })).output).toBe('héllo 漢字');
    const selected = await answerOf(spec, {}, { python: path.join(folder, 'no-python') });
    expect(selected.error?.message).toContain('py');
  });
});
