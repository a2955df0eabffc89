import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { startVertexServer, type VertexServer } from '../contract/vertex-server.ts';
import { answerOf, type ComparePage, figure, openCompare } from './compare-page.ts';
import { enter, pick } from './quick-input.ts';
import { sharedBed } from './shared-bed.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

/** What each model answers, uses and costs: by the price list, or by llmops.prices for the two that it lacks. */
const COLUMNS = [
  { model: 'openai/gpt-5-mini', in: 910, out: 340, costUsd: (910 * 0.25 + 340 * 2) / 1e6 },
  { model: 'anthropic/claude-sonnet-4-5', in: 820, out: 300, costUsd: (820 * 3 + 300 * 15) / 1e6 },
  { model: 'vertexai/gemini-2.5-flash', in: 730, out: 250, thoughts: 60, costUsd: (730 * 0.3 + 310 * 2.5) / 1e6 },
  // its connection names a region, which adds 10% for Claude
  { model: 'vertexai/claude-haiku-4-5', in: 640, out: 200, costUsd: (640 * 1.1 + 200 * 5.5) / 1e6 },
  { model: 'vertexai/meta/llama-9-maas', in: 550, out: 150, costUsd: (550 * 1 + 150 * 2) / 1e6 },
  { model: 'local/llama-3-70b', in: 460, out: 100, costUsd: (460 * 10 + 100 * 20) / 1e6 },
];
const PRICES = {
  'vertexai/meta/*': { inputUsd: 1, outputUsd: 2 },
  'local/*': { inputUsd: 10, outputUsd: 20 },
};
const KEYS = {
  openai: 'sk-planted-openai-4f1c9a7be2d0',
  anthropic: 'sk-ant-planted-8d2e6b1f9c3a',
  vertexai: 'ya29.planted-token-5c7a0e4b1d',
  local: 'planted-local-key-93b0d7f2a6',
  gateway: 'planted-gateway-secret-1e8f4c',
};

const answer = (model: string) =>
  JSON.stringify({ risk_level: 'medium', factors: [`Judged by ${model}`], recommendations: ['Call the customer'] });

let mock: LLMock;
let front: { url: string; stop(): void };
/** The headers of each request, as received: the mock's own journal leaves the secrets out. */
const seen: Record<string, unknown>[] = [];
let vertex: VertexServer;
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  mock = await startMock();
  front = await startFront(mock.url);
  vertex = await startVertexServer({ token: KEYS.vertexai });
  vertex.reply(({ model }) => {
    const column = COLUMNS.find((one) => one.model.startsWith('vertexai/') && model.endsWith(nameOf(one.model)));
    if (!column) return undefined;
    return {
      text: answer(column.model),
      usage: { input: column.in, output: column.out, thoughts: column.thoughts ?? 0 },
    };
  });
  const churn = fs.readFileSync(path.join(root, 'media/sample-workspace/prompts/churn-analysis.prompt'), 'utf8');
  const models = COLUMNS.map(({ model }) => `  - ${model}\n`).join('');
  window = await openWindow({
    size: { width: 1600, height: 1000 },
    settings: { 'llmops.prices': PRICES },
    files: {
      'llmops/connections.yaml': connections(),
      'prompts/everywhere.prompt': churn.replace(/llmops\.models:\n( {2}- .*\n)+/, `llmops.models:\n${models}`),
    },
  });
  compare = await openCompare(window, 'prompts/everywhere.prompt');
  await compare.view
    .locator('body')
    .evaluate('window.heard = []; addEventListener("message", (event) => heard.push(JSON.stringify(event.data)))');
});
afterAll(async () => {
  front?.stop();
  await mock?.stop();
  await vertex?.stop();
});

const nameOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);

async function startMock(): Promise<LLMock> {
  const server = new LLMock({ port: 0, host: '127.0.0.1' });
  for (const { model, in: input, out: output } of COLUMNS) {
    const usage = { prompt_tokens: input, completion_tokens: output, input_tokens: input, output_tokens: output };
    server.on({ model: nameOf(model) }, { content: answer(model), usage: { ...usage, total_tokens: input + output } });
  }
  await server.start();
  return server;
}

/** Forwards requests to the mock, and records their headers. */
async function startFront(target: string): Promise<{ url: string; stop(): void }> {
  const server = http.createServer((request, response) => {
    const { method = 'GET', headers } = request;
    // the editor lists the models of a connection once it has a key; only chat requests matter here
    if (method !== 'GET') seen.push(headers);
    const upstream = http.request(`${target}${request.url}`, { method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    });
    request.pipe(upstream);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

function connections(): string {
  return `openai:
  type: openai
  baseUrl: ${front.url}/v1
anthropic:
  type: anthropic
  baseUrl: ${front.url}
vertexai:
  type: vertexai
  baseUrl: ${vertex.url}
  project: planted-project
  location: us-central1
local:
  type: openai-compatible
  baseUrl: ${front.url}/v1
  apiKeyEnv: LOCAL_LLM_KEY
  headers:
    x-gateway: \${secret:gateway}
`;
}

test('without keys each column says so, and its button asks for the missing key', async () => {
  await compare.button(/^Run$/).click();
  const openai = compare.column('openai/gpt-5-mini', 'failed');
  await openai.getByRole('button', { name: 'Set API Key' }).click();
  await enter(window, 'API Key for openai', KEYS.openai);
  await window.toast('The key for openai was stored').waitFor();

  const local = compare.column('local/llama-3-70b', 'failed');
  await local.getByRole('button', { name: 'Set API Key' }).click();
  await enter(window, 'API Key for local', KEYS.local);
  await window.toast('The key for local was stored').waitFor();
  await compare.pick(local, 'More Actions', 'Run This Column Again');
  await local.getByText('x-gateway').waitFor();
  await local.locator('.run-error').getByRole('button').first().click();
  await enter(window, 'Secret “gateway” for local', KEYS.gateway);
  await window.toast('The secret “gateway” for local was stored').waitFor();

  expect(seen).toEqual([]);
});

test('keys are set from the palette, for the selected connection', async () => {
  for (const [id, title] of [
    ['anthropic', 'API Key for anthropic'],
    ['vertexai', 'Access Token for vertexai'],
  ] as const) {
    await window.command('LLMOps: Set API Key…');
    await pick(window, 'Set API Key', id);
    await enter(window, title, KEYS[id]);
    await window.toast(`The key for ${id} was stored`).waitFor();
  }
});

test('OpenAI, Anthropic, Vertex AI and a compatible server answer in one comparison, with tokens and cost', async () => {
  await compare.runAll(COLUMNS.map(({ model }) => model));

  for (const { model, in: input, out, thoughts, costUsd } of COLUMNS) {
    const column = compare.column(model, 'done');
    expect(JSON.parse(await answerOf(column))).toMatchObject({ factors: [`Judged by ${model}`] });
    expect(await figure(column, 'input tokens')).toBe(`in ${input}`);
    expect(await figure(column, 'output tokens')).toBe(
      thoughts ? `out ${out + thoughts} (r ${thoughts})` : `out ${out}`,
    );
    const exactly = await column.locator('.figure').filter({ hasText: 'cost' }).getAttribute('title');
    expect(Number(/\$([\d.]+)/.exec(exactly ?? '')?.[1])).toBeCloseTo(costUsd, 8);
    expect(await column.locator('.schema.valid').isVisible()).toBe(true);
  }
  const sum = COLUMNS.reduce((total, { costUsd }) => total + costUsd, 0);
  await compare.totals
    .getByText(`$${sum.toFixed(3)}`)
    .first()
    .waitFor();
});

test('each server received its own key, and no other', () => {
  const sent = (name: string) => new Set(seen.map((headers) => headers[name]).filter(Boolean));
  expect(sent('authorization')).toEqual(new Set([`Bearer ${KEYS.openai}`, `Bearer ${KEYS.local}`]));
  expect(sent('x-api-key')).toEqual(new Set([KEYS.anthropic]));
  expect(sent('x-gateway')).toEqual(new Set([KEYS.gateway]));
  const tokens = vertex.requests.map((request) => request.headers.authorization).filter(Boolean);
  expect(new Set(tokens)).toEqual(new Set([`Bearer ${KEYS.vertexai}`]));
});

test('messages from the host to the panel contain no key', async () => {
  const heard = await compare.view.locator('body').evaluate<string, string>('heard.join("")');
  expect(heard).toContain('Judged by local/llama-3-70b');
  expectNoKey(heard);
});

test('a request is copied as code without its key, and its raw form opens without it', async () => {
  const openai = compare.column('openai/gpt-5-mini');
  await compare.pick(openai, 'More Actions', 'Copy as curl');
  const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');
  await expect.poll(clipboard).toContain('$OPENAI_API_KEY');
  expectNoKey(await clipboard());

  await compare.pick(openai, 'More Actions', 'Open Raw Request');
  const lines = window.page.locator('.editor-group-container.active .view-lines');
  await lines.filter({ hasText: `${front.url}/v1/responses` }).waitFor();
  expectNoKey((await lines.textContent()) ?? '');
  await window.command('View: Close Editor');
});

test('no key is on the screen, in the database, the logs or any file', async () => {
  await compare.button(/^Run$/).waitFor();
  const body = compare.view.locator('body');
  expectNoKey(await body.evaluate('document.documentElement.outerHTML'));
  expectNoKey(await window.page.evaluate<string>('document.documentElement.outerHTML'));

  const folder = window.workspace ?? '';
  const database = readAll(path.join(folder, '.llmops'));
  expect(database).toContain('Judged by vertexai/gemini-2.5-flash');
  expectNoKey(database);
  expectNoKey(readAll(folder));
  expectNoKey(readAll(path.join(sharedBed().dir, 'user')));
});

function expectNoKey(text: string): void {
  for (const key of Object.values(KEYS)) expect(text.includes(key), `${key} is there`).toBe(false);
}

/** The bytes of every file below a folder. */
function readAll(folder: string): string {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
