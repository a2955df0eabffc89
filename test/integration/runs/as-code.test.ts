import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/core/models/connection.ts';
import { withDefaults } from '../../../src/core/models/connections/connection-defaults.ts';
import type { RunSpec } from '../../../src/core/runs/events.ts';
import { type CodeLanguage, requestAsCode } from '../../../src/core/runs/export/request-as-code.ts';
import { findPythonError } from '../../unit/python-syntax.ts';
import { createSpec } from '../../unit/runs/fixtures.ts';

/** Everything that could break a shell, Python or TypeScript. */
const NASTY = [
  `It's "quoted", \`ticked\`, $HOME, $(touch /tmp/never), \${x}, {{y}}, \\n is no newline`,
  'JSON',
  '\'\'\'"""\u2028\u0000\t← שלום 🎉 \ud800',
].join('\n');

const log = { debug() {}, info() {}, warn() {}, error() {} };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-code-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function connection(type: Connection['type'], more: Partial<Connection> = {}): Connection {
  return withDefaults({ id: type, type, source: 'workspace', headers: {}, ...more }, {});
}

const CONNECTIONS: { name: string; model: string; connection: Connection }[] = [
  { name: 'openai', model: 'openai/gpt-5', connection: connection('openai') },
  { name: 'anthropic', model: 'anthropic/claude-test', connection: connection('anthropic') },
  { name: 'googleai', model: 'googleai/gemini-2.5-flash', connection: connection('googleai') },
  {
    name: 'azure-openai',
    model: 'azure-openai/my-gpt',
    connection: connection('azure-openai', { baseUrl: 'https://r.openai.azure.com' }),
  },
  {
    name: 'openai-compatible',
    model: 'vllm/org/llama-3',
    connection: connection('openai-compatible', {
      id: 'vllm',
      baseUrl: 'https://vllm.example/v1',
      apiKeyEnv: 'VLLM_KEY',
      headers: { 'x-team': `it's $5`, 'x-token': 'a ${secret:gate-token}b' },
    }),
  },
  ...['gemini-2.5-pro', 'claude-test', 'meta/llama-3.3-70b'].map((model) => ({
    name: `vertexai ${model}`,
    model: `vertexai/${model}`,
    connection: connection('vertexai', { project: 'my-project', location: 'europe-west4' }),
  })),
];

function specFor(model: string): RunSpec {
  return createSpec({
    model,
    messages: [
      { role: 'system', parts: [{ type: 'text', text: NASTY }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    ],
    parameters: { maxOutputTokens: 100, extra: { some_extra: true } },
    output: { format: 'json', schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] } },
    tools: [{ name: 'find', description: 'Finds', inputSchema: { type: 'object', properties: {} } }],
  });
}

const code = (entry: (typeof CONNECTIONS)[number], language: CodeLanguage) =>
  requestAsCode(specFor(entry.model), entry.connection, { language, log });

/** Runs the command with a `curl` that prints its arguments, as the shell parsed them. */
function runWithFakeCurl(command: string): { args: string[]; body: unknown } {
  writeFileSync(path.join(folder, 'curl'), '#!/bin/sh\nfor a; do printf "%s\\0" "$a"; done; printf "\\0"; cat\n', {
    mode: 0o755,
  });
  writeFileSync(path.join(folder, 'gcloud'), '#!/bin/sh\necho token-of-gcloud\n', { mode: 0o755 });
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    OPENAI_API_KEY: 'key-in-env',
    LLMOPS_SECRET_GATE_TOKEN: 'gate',
    VLLM_KEY: 'v',
  };
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { env, encoding: 'utf8' });
  expect(stderr).toBe('');
  const [args = '', body = ''] = stdout.split('\0\0');
  return { args: args.split('\0'), body: JSON.parse(body) };
}

describe.each(CONNECTIONS)('the request of $name', (entry) => {
  it('is a curl command that a shell passes on unchanged', async () => {
    const { args, body } = runWithFakeCurl(await code(entry, 'curl'));
    expect(args[0]).toMatch(/^https:\/\//);
    expect(args).toContain('Content-Type: application/json');
    expect(JSON.stringify(body)).toContain(JSON.stringify(NASTY).slice(1, -1));
    expect(body).not.toHaveProperty('stream');
  });

  it('is a TypeScript module that parses', async () => {
    const source = await code(entry, 'typescript');
    // Node's own parser; it throws at the first text that is not TypeScript.
    expect(() => stripTypeScriptTypes(source)).not.toThrow();
    expect(source).toContain(JSON.stringify(NASTY));
  });
});

it.each(CONNECTIONS)('is a Python program that parses for $type', async (entry) => {
  expect(findPythonError(await code(entry, 'python'))).toBeUndefined();
});

const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python)('every request is a Python program that parses and contains the text unchanged', async () => {
  const sources = await Promise.all(CONNECTIONS.map((entry) => code(entry, 'python')));
  const script = `import ast, json, sys
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    print(json.dumps([n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: JSON.stringify(sources), encoding: 'utf8' });
  expect(stderr).toBe('');
  const strings = stdout
    .trim()
    .split('\n')
    .map((line): string[] => JSON.parse(line));
  expect(strings).toHaveLength(CONNECTIONS.length);
  for (const texts of strings) expect(texts).toContain(NASTY);
});

describe('a request as code', () => {
  const text = async (name: string, language: CodeLanguage) => {
    const entry = CONNECTIONS.find((candidate) => candidate.name === name);
    if (!entry) throw new Error(name);
    return code(entry, language);
  };

  it('contains the address and the key variable of its provider', async () => {
    const openai = runWithFakeCurl(await text('openai', 'curl'));
    expect(openai.args).toContain('https://api.openai.com/v1/responses');
    expect(openai.args).toContain('Authorization: Bearer key-in-env');
    expect(await text('anthropic', 'curl')).toContain('"x-api-key: $ANTHROPIC_API_KEY"');
    expect(await text('anthropic', 'python')).toContain('api_key=os.environ["ANTHROPIC_API_KEY"]');
    expect(await text('googleai', 'typescript')).toContain('apiKey: process.env.GEMINI_API_KEY');
    expect(await text('azure-openai', 'curl')).toMatch(
      /https:\/\/r\.openai\.azure\.com\/openai\/deployments\/my-gpt\/chat\/completions\?api-version=/,
    );
    const azure = await text('azure-openai', 'python');
    expect(azure).toMatch(
      /AzureOpenAI\(\n {4}base_url="https:\/\/r\.openai\.azure\.com\/openai",\n {4}api_version="[\d-]+"/,
    );
  });

  it('keeps custom headers, with secrets as variables only', async () => {
    const { args } = runWithFakeCurl(await text('openai-compatible', 'curl'));
    expect(args).toContain(`x-team: it's $5`);
    expect(args).toContain('x-token: a gateb');
    expect(await text('openai-compatible', 'python')).toContain('"a " + os.environ["LLMOPS_SECRET_GATE_TOKEN"] + "b"');
    expect(await text('openai-compatible', 'typescript')).toContain('`a ${process.env.LLMOPS_SECRET_GATE_TOKEN}b`');
  });

  it('uses the API that the provider uses, and its own way to read the answer', async () => {
    expect(await text('openai', 'python')).toMatch(/client\.responses\.create\([\s\S]*print\(response\.output_text\)/);
    expect(await text('openai', 'typescript')).toContain('console.log(response.output_text)');
    expect(await text('openai-compatible', 'python')).toContain('client.chat.completions.create(');
  });

  it('passes parameters that the Python client does not know as extra_body', async () => {
    expect(await text('openai', 'python')).toMatch(/extra_body=\{\n {8}"some_extra": True,\n {4}\}/);
  });

  it('uses each of Vertex AI’s three protocols', async () => {
    const parent = 'https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4';
    const gemini = runWithFakeCurl(await text('vertexai gemini-2.5-pro', 'curl'));
    expect(gemini.args[0]).toBe(`${parent}/publishers/google/models/gemini-2.5-pro:generateContent`);
    expect(gemini.args).toContain('Authorization: Bearer token-of-gcloud');
    const claude = runWithFakeCurl(await text('vertexai claude-test', 'curl'));
    expect(claude.args[0]).toBe(`${parent}/publishers/anthropic/models/claude-test:rawPredict`);
    expect(claude.body).toMatchObject({ anthropic_version: 'vertex-2023-10-16' });
    expect(claude.body).not.toHaveProperty('model');
    expect(await text('vertexai gemini-2.5-pro', 'python')).toContain('from google import genai');
  });

  it('reports that demo models have no API', async () => {
    const spec = createSpec({ model: 'demo/swift' });
    const made = requestAsCode(spec, connection('demo'), { language: 'curl', log });
    await expect(made).rejects.toMatchObject({ code: 'usage', message: /no API/ });
  });

  it('accepts no shell code in the name of a variable', async () => {
    const evil = connection('openai-compatible', {
      baseUrl: 'https://x.example/v1',
      apiKeyEnv: 'A";touch /tmp/never;"',
    });
    const command = await requestAsCode(specFor('x/y'), evil, { language: 'curl', log });
    expect(command).not.toContain('touch /tmp/never;');
  });
});
