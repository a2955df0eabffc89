import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/core/models/connection.ts';
import { withDefaults } from '../../../src/core/models/connections/connection-defaults.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { promptAsCode, relativePrompt } from '../../../src/core/runs/export/prompt-as-code.ts';
import { preparePromptProgram } from '../../../src/core/runs/export/prompt-program.ts';
import type { CodeLanguage } from '../../../src/core/runs/export/request-as-code.ts';
import { prepareRuns } from '../../../src/core/runs/prepare-runs.ts';
import { findPythonError } from '../../unit/python-syntax.ts';

const SOURCE = `---
config:
  maxOutputTokens: 100
input:
  schema:
    question: string, what is asked
    class: string
    count: integer
    formal: boolean
    plan(enum): [Basic, Gold]
  default:
    question: "It's \\"why\\"? $HOME \`x\` \\\\n {{y}}"
    class: first
    count: 3
---
{{role "system"}}
Be {{#if formal}}formal{{else}}brief{{/if}}.
{{role "user"}}
{{question}} of {{class}}, {{count}} times, on {{plan}}.
`;

const log = { debug() {}, info() {}, warn() {}, error() {} };
const python = spawnSync('python3', ['--version']).status === 0;

const CASES: { model: string; connection: Connection }[] = [
  { model: 'openai/gpt-5', connection: connect('openai') },
  { model: 'anthropic/claude-sonnet-5', connection: connect('anthropic') },
  { model: 'googleai/gemini-2.5-flash', connection: connect('googleai') },
  { model: 'vertexai/gemini-2.5-pro', connection: connect('vertexai', { project: 'p', location: 'europe-west4' }) },
  { model: 'local/llama', connection: connect('openai-compatible', { id: 'local', baseUrl: 'http://127.0.0.1:1/v1' }) },
];

function connect(type: Connection['type'], more: Partial<Connection> = {}): Connection {
  return withDefaults({ id: type, type, source: 'workspace', headers: {}, ...more }, {});
}

async function write(
  entry: (typeof CASES)[number],
  language: CodeLanguage,
  file?: string,
  source = SOURCE,
): Promise<string> {
  const { prompt } = parsePrompt(source, { path: '/w/prompts/ask.prompt' });
  const program = await preparePromptProgram(prompt, entry, {
    prompts: {
      render: (given, input) =>
        renderPrompt(given, input, { partials: async () => undefined, workspaceRoots: [], promptDir: undefined }),
    },
    runs: { prepare: (plan) => prepareRuns({ newId: () => 'id', sourceHash: () => 'hash' }, plan) },
  });
  return promptAsCode({ ...program, file }, { language, log });
}

function expectPython(code: string): void {
  expect(findPythonError(code)).toBeUndefined();
  if (!python) return;
  const { stderr } = spawnSync('python3', ['-c', 'import sys; compile(sys.stdin.read(), "p.py", "exec")'], {
    input: code,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
}

function expectTypeScript(code: string): void {
  const plain = stripTypeScriptTypes(code);
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: plain,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
}

describe.each(CASES)('a prompt on $model as code', (entry) => {
  it('is Python that compiles, with its inputs as variables', async () => {
    const code = await write(entry, 'python');
    expectPython(code);
    expect(code).toMatch(/^question = "It's \\"why\\"/m);
    expect(code).toMatch(/question \+ " of " \+ class_input \+ ", " \+ str\(count\) \+ " times, on " \+ plan \+ "\."/);
    expect(code).not.toContain('LLMOPS');
  });

  it('is Python that compiles and reads the file', async () => {
    const code = await write(entry, 'python', '../prompts/ask.prompt');
    expectPython(code);
    expect(code).toContain('Path(__file__).parent / "../prompts/ask.prompt"');
    expect(code).not.toMatch(/LLMOPS|Be formal/);
  });

  it('is TypeScript that parses, with its inputs as variables', async () => {
    const code = await write(entry, 'typescript');
    expectTypeScript(code);
    expect(code).toMatch(
      /question \+ " of " \+ class_input \+ ", " \+ String\(count\) \+ " times, on " \+ plan \+ "\."/,
    );
    expect(code).not.toContain('LLMOPS');
  });

  it('is TypeScript that parses and reads the file', async () => {
    const code = await write(entry, 'typescript', 'ask.prompt');
    expectTypeScript(code);
    expect(code).toContain('new URL("./ask.prompt", import.meta.url)');
    expect(code).not.toMatch(/LLMOPS|Be formal/);
  });

  it('is a shell command that parses, with the default inputs', async () => {
    const code = await write(entry, 'curl');
    expect(spawnSync('sh', ['-n'], { input: code, encoding: 'utf8' }).stderr).toBe('');
    expect(code).toContain('of first, 3 times, on Basic.');
    expect(code).not.toContain('LLMOPS');
  });
});

it('removes comments before the front matter if the program reads the file', async () => {
  const [openai] = CASES;
  if (!openai) throw new Error('cases');
  const headed = `# Copyright\r\n# Apache-2.0\r\n\r\n${SOURCE}`;
  const code = await write(openai, 'typescript', 'ask.prompt', headed);
  expectTypeScript(code);
  const [, expression = '', flags] = /\.replace\(\/(.+)\/(\w*), ''\)/.exec(code) ?? [];
  expect(headed.replace(new RegExp(expression, flags), '')).toBe(SOURCE);
  const script = await write(openai, 'python', 'ask.prompt', headed);
  expectPython(script);
  if (python) {
    const line = /source = .*/.exec(script)?.[0].replace(/prompt_file\.read_text\([^)]*\)/, 'sys.stdin.read()');
    const { stdout } = spawnSync('python3', ['-c', `import re, sys\n${line}\nsys.stdout.write(source)`], {
      input: headed,
      encoding: 'utf8',
    });
    expect(stdout).toBe(SOURCE);
  }
  expect(await write(openai, 'python', 'ask.prompt')).not.toContain('re.sub');
});

it('uses each provider’s own package', async () => {
  const [openai, anthropic, googleai] = CASES;
  if (!openai || !anthropic || !googleai) throw new Error('cases');
  expect(await write(openai, 'python')).toContain('from openai import OpenAI');
  expect(await write(anthropic, 'python')).toContain('from anthropic import Anthropic');
  const gemini = await write(googleai, 'python');
  expect(gemini).toContain('from google import genai');
  expect(gemini).toContain('api_key=os.environ["GEMINI_API_KEY"]');
});

it('keeps the default of an input that a condition depends on', async () => {
  const [openai] = CASES;
  if (!openai) throw new Error('cases');
  expect(await write(openai, 'python')).not.toContain('formal =');
});

it('finds the prompt relative to the program', () => {
  expect(relativePrompt('/w/prompts/ask.prompt', '/w/src')).toBe('../prompts/ask.prompt');
});
