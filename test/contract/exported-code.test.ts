import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/core/models/connection.ts';
import { withDefaults } from '../../src/core/models/connections/connection-defaults.ts';
import { parsePrompt } from '../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../src/core/prompts/render/render.ts';
import { promptAsCode } from '../../src/core/runs/export/prompt-as-code.ts';
import { preparePromptProgram } from '../../src/core/runs/export/prompt-program.ts';
import type { CodeLanguage } from '../../src/core/runs/export/request-as-code.ts';
import { prepareRuns } from '../../src/core/runs/prepare-runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ANSWER = 'Grüße — a mocked answer.';
const log = { debug() {}, info() {}, warn() {}, error() {} };

const head = (lines: string) => `---\n${lines}\n---\n`;
const PROMPTS: Record<string, string> = {
  ...shipped('media/templates'),
  ...shipped('media/sample-workspace/prompts'),
  image: `${head('input:\n  schema:\n    pic: string\n    q: string')}{{role "system"}}\nSee.\n{{role "user"}}\n{{q}}\n{{media url=pic}}\n{{media url="data:image/png;base64,iVBORw0KGgo="}}`,
  history:
    '{{role "system"}}\nBe.\n{{history}}\n{{role "user"}}\n{{q}}\n{{role "model"}}\nOk "a"\n{{role "user"}}\nMore',
  json: `${head('output:\n  format: json\n  schema:\n    name: string\n    tags(array): string\n    kind(enum): [A, B]\n    opt?: number')}Extract {{q}}`,
  tools: `${head('config:\n  maxOutputTokens: 50\ntoolDefs:\n  - name: find\n    description: it\'s "x"\n    inputSchema:\n      type: object\n      properties:\n        a: { type: string }\n      required: [a]')}{{q}}`,
  nasty: `${head('input:\n  default:\n    q: "it\'s \\"x\\" `y` ${z} $HOME \\\\ \\u2028"')}Text """ ''' \` \${q} $(touch x) \\\\ \\n {{q}} " + q + " שלום 🎉 "{{q}}" {{q}}{{q}}\nJSON\n{{json q}} {{{q}}}`,
  lists: `${head('input:\n  schema:\n    rows(array):\n      name: string\n      size?: number\n    any: any\n    n: integer\n    b: boolean')}{{#each rows}}{{name}},{{/each}} {{any}} {{n}} {{#if b}}yes{{/if}}`,
};

function shipped(folder: string): Record<string, string> {
  const files = readdirSync(path.join(ROOT, folder)).filter((file) => /^[^_].*\.prompt$/.test(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(ROOT, folder, file), 'utf8')]));
}

let mock: LLMock;
let folder: string;
beforeAll(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1' });
  mock.onMessage(/[\s\S]*/, { content: ANSWER });
  await mock.start();
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-export-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
});
afterAll(async () => {
  await mock.stop();
  rmSync(folder, { recursive: true, force: true });
});

const MODELS = {
  responses: ['openai/gpt-5', 'openai', '/v1'],
  chat: ['openai/gpt-4.1', 'openai', '/v1'],
  anthropic: ['anthropic/claude-sonnet-5', 'anthropic', ''],
} as const;
type Api = keyof typeof MODELS;
const APIS = Object.keys(MODELS) as Api[];

async function write(source: string, api: Api, { language, file }: { language: CodeLanguage; file?: string }) {
  const [model, type, base] = MODELS[api];
  const given = { id: type, type, source: 'workspace' as const, headers: {}, baseUrl: mock.url + base };
  const connection: Connection = withDefaults(given, {});
  const { prompt, diagnostics } = parsePrompt(source, { path: '/w/ask.prompt' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const context = { partials: async () => 'Be kind.', workspaceRoots: [], promptDir: undefined };
  const program = await preparePromptProgram(
    prompt,
    { model, connection },
    {
      prompts: { render: (asked, input) => renderPrompt(asked, input, context) },
      runs: { prepare: (plan) => prepareRuns({ newId: () => 'id', sourceHash: () => 'hash' }, plan) },
    },
  );
  return promptAsCode({ ...program, file }, { language, log });
}

const ENV = { OPENAI_API_KEY: 'sk-any-key', ANTHROPIC_API_KEY: 'sk-any-key' };

function run(command: string, args: string[], input = ''): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...ENV, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
    const child = spawn(command, args, { cwd: folder, env });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        out[name] += text;
      });
    }
    child.on('error', reject).on('close', () => resolve(out));
    child.stdin.end(input);
  });
}

/** Behaves like the real tool, on machines that do not have it. */
const CURL = `#!${process.execPath}
const [url, ...rest] = process.argv.slice(2);
const headers = rest.flatMap((word, index) => (rest[index - 1] === '-H' ? [word.split(/: (.*)/s).slice(0, 2)] : []));
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const response = await fetch(url, { method: 'POST', headers, body: Buffer.concat(chunks) });
process.stdout.write(await response.text());
`;

describe.each(APIS)('a prompt exported for %s', (api) => {
  it('is TypeScript that runs, with its text inline', async () => {
    for (const name of ['nasty', 'tools', 'lists', 'support-reply.prompt']) {
      const file = path.join(folder, `run-${api}.mts`);
      writeFileSync(file, await write(PROMPTS[name] ?? '', api, { language: 'typescript' }));
      const { stdout, stderr } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file]);
      expect({ name, stdout: stdout.trim(), stderr }).toEqual({ name, stdout: ANSWER, stderr: '' });
    }
  });

  it('is TypeScript that runs, with its text read from the file', async () => {
    const file = path.join(folder, `read-${api}.mts`);
    writeFileSync(path.join(folder, 'ask it.prompt'), PROMPTS.lists ?? '');
    writeFileSync(file, await write(PROMPTS.lists ?? '', api, { language: 'typescript', file: 'ask it.prompt' }));
    const { stdout, stderr } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file]);
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: ANSWER, stderr: '' });
    expect(JSON.stringify(mock.getRequests().at(-1)?.body)).toContain('<name>, <any> 1 yes');
  });

  it('is a shell command that runs', async () => {
    writeFileSync(path.join(folder, 'curl'), CURL);
    chmodSync(path.join(folder, 'curl'), 0o755);
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, source] of Object.entries(PROMPTS)) {
      const { stdout, stderr } = await run('sh', ['-s'], await write(source, api, { language: 'curl' }));
      expect({ name, stderr }).toEqual({ name, stderr: '' });
      expect(JSON.stringify(JSON.parse(stdout))).toContain(ANSWER);
    }
  });
});

it('every prompt exported as TypeScript matches the types of the providers’ own packages', async () => {
  const files: string[] = [];
  for (const [name, source] of Object.entries(PROMPTS)) {
    for (const api of APIS) {
      for (const file of [undefined, 'ask.prompt']) {
        const target = path.join(folder, `${name}-${api}-${file ? 'file' : 'own'}.mts`.replaceAll('.prompt', ''));
        writeFileSync(target, await write(source, api, { language: 'typescript', ...(file ? { file } : {}) }));
        files.push(target);
      }
    }
  }
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = '--noEmit --strict --skipLibCheck --target es2024 --module nodenext --types node'.split(' ');
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, ...files], { cwd: folder, encoding: 'utf8' });
  expect(stdout).toBe('');
});

it('an export that reads the file says that it leaves pictures out', async () => {
  for (const language of ['python', 'typescript'] as const) {
    const code = await write(PROMPTS.image ?? '', 'chat', { language, file: 'ask.prompt' });
    expect(code).toContain('images and documents must be added');
    expect(await write(PROMPTS.json ?? '', 'chat', { language, file: 'ask.prompt' })).not.toContain('pictures');
  }
});
