import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/core/models/connection.ts';
import { withDefaults } from '../../../src/core/models/connections/connection-defaults.ts';
import { type CodeLanguage, requestAsCode } from '../../../src/core/runs/export/request-as-code.ts';
import { findPythonError } from '../../unit/python-syntax.ts';
import { createSpec } from '../../unit/runs/fixtures.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-hostile-'));
  // Prints the parsed command; anything else that the shell is tricked into running appears on stderr or as a file.
  const curl = '#!/bin/sh\nfor a; do printf "%s\\0" "$a"; done; printf "\\0"; cat\n';
  writeFileSync(path.join(folder, 'curl'), curl, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIECES = [
  "'",
  '"',
  '`',
  '$(touch owned)',
  '${x}',
  '\\',
  '\n',
  'JSON',
  '\nJSON\n',
  ';',
  '&',
  '|',
  '!!',
  '#',
  '"""',
  "'''",
  '*/',
  '//',
  '`; process.exit(1); `',
  '\u2028',
  '\u0000',
  '\ud800',
  '{{',
  '%s',
  '~',
  '-d @/etc/passwd',
  'x',
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
/** Everything that connections.yaml allows as the value of a header. */
const headerValue = hostile.map((text) => text.replace(/[^\x20-\x7e]/g, ''));

const request = fc.record({
  text: hostile,
  tool: hostile,
  extra: fc.dictionary(hostile, hostile, { maxKeys: 3 }),
  literal: headerValue,
  secret: fc.boolean(),
});
type Hostile = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

function connectionOf(type: Connection['type'], { literal, secret }: Hostile): Connection {
  const headers = { 'x-own': secret ? `${literal}\${secret:gate}${literal}` : literal };
  const baseUrl = "https://llm.example/v1/a'b$(x)`y`";
  return withDefaults({ id: 'c', type, source: 'workspace', headers, baseUrl, apiKeyEnv: 'OPENAI_API_KEY' }, {});
}

function codeOf(type: Connection['type'], hostileRequest: Hostile, language: CodeLanguage): Promise<string> {
  const { text, tool, extra } = hostileRequest;
  const spec = createSpec({
    model: `c/m'"\`$(x)`,
    messages: [{ role: 'user', parts: [{ type: 'text', text: text || ' ' }] }],
    parameters: { maxOutputTokens: 9, extra: { own: extra } },
    output: { format: 'text' },
    tools: [{ name: 'find', description: tool, inputSchema: { type: 'object', properties: {} } }],
  });
  return requestAsCode(spec, connectionOf(type, hostileRequest), { language, log });
}

const TYPES = ['openai-compatible', 'anthropic'] as const;
const RUNS = { numRuns: 40 };

describe.each(TYPES)('a malicious request to %s', (type) => {
  it('stays data in a shell', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (value) => {
        const env = { PATH: `${folder}:${process.env.PATH}`, OPENAI_API_KEY: 'key', LLMOPS_SECRET_GATE: 'gate' };
        const command = await codeOf(type, value, 'curl');
        const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { env, cwd: folder, encoding: 'utf8' });
        expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
        const [args = '', body = ''] = stdout.split('\0\0');
        const header = value.secret ? `${value.literal}gate${value.literal}` : value.literal;
        expect(args.split('\0')).toContain(`x-own: ${header}`);
        expect(JSON.parse(body)).toMatchObject({ max_tokens: 9, tools: expect.any(Array), own: value.extra });
      }),
      RUNS,
    );
    expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout.trim()).toBe('curl');
  });

  it('stays data in TypeScript', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (value) => {
        const source = stripTypeScriptTypes(await codeOf(type, value, 'typescript')).replace(/^import .*$/gm, '');
        const seen: Record<string, unknown>[] = [];
        const stream = { on: () => stream, finalMessage: async () => undefined };
        const take = (body: Record<string, unknown>) => seen.push(body);
        class Client {
          constructor(options: Record<string, unknown>) {
            seen.push(options);
          }
          chat = { completions: { create: async (body: object) => take({ ...body }) && { choices: [] } } };
          messages = { stream: (body: object) => take({ ...body }) && stream };
        }
        const env = { OPENAI_API_KEY: 'key', LLMOPS_SECRET_GATE: 'gate' };
        const sandbox = { OpenAI: Client, Anthropic: Client, console: { log() {} }, process: { env } };
        await vm.runInNewContext(`(async () => {\n${source}\n})()`, sandbox);
        const header = value.secret ? `${value.literal}gate${value.literal}` : value.literal;
        const [options, body] = JSON.parse(JSON.stringify(seen));
        expect(options).toMatchObject({ apiKey: 'key', defaultHeaders: { 'x-own': header } });
        expect(body.own).toEqual(JSON.parse(JSON.stringify(value.extra)));
      }),
      RUNS,
    );
  });

  it('parses as Python', async () => {
    for (const value of fc.sample(request, 60)) {
      expect(findPythonError(await codeOf(type, value, 'python'))).toBeUndefined();
    }
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!python)('stays data in Python', async () => {
    const values = fc.sample(request, 60);
    const sources = await Promise.all(values.map((value) => codeOf(type, value, 'python')));
    const script = `import ast, json, sys
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    calls = [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]
    strings = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    print(json.dumps([calls, strings]))`;
    const { stdout, stderr } = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(sources),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const parsed: [string[], string[]][] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const known = new Set(['OpenAI', 'Anthropic', 'client.chat.completions.create', 'client.messages.stream', 'print']);
    parsed.forEach(([calls, strings], index) => {
      expect(calls.filter((call) => !known.has(call))).toEqual([]);
      expect(strings).toContain(values[index]?.tool);
    });
  });
});

it('contains no exclamation mark that an interactive shell would expand from its history', async () => {
  const value = { text: '!!', tool: '!!', extra: {}, literal: 'a!!b', secret: true };
  const command = await codeOf('openai-compatible', value, 'curl');
  expect(command).toContain(`'x-own: ''a!!b'"$LLMOPS_SECRET_GATE"'a!!b'`);
});
