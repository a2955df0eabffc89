import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { createNetwork } from '../../src/core/base/network/network.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/base/settings.ts';
import type { RunEvent, RunResult, RunSpec } from '../../src/core/runs/events.ts';
import { createWorkbench, type Workbench } from '../../src/core/workbench.ts';

const PROMPT = `---
model: local/echo
---
Say something about late payments.
`;
/** A dollar for each input token, a hundredth for each output token. */
const PRICES = { 'local/*': { inputUsd: 1_000_000, outputUsd: 10_000 } };

let folder: string;
let server: Server;
let url: string;
/** Requests that the test answers one by one, whenever it chooses. */
let requests: ServerResponse[];
let waiting: ((answer: ServerResponse) => void)[];
let open: Workbench[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-budgets-'));
  mkdirSync(path.join(folder, 'prompts'));
  writeFileSync(path.join(folder, 'prompts/a.prompt'), PROMPT);
  requests = [];
  waiting = [];
  open = [];
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const next = waiting.shift();
    if (next) next(response);
    else requests.push(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(async () => {
  server.closeAllConnections();
  for (const workbench of open) await workbench.dispose();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A separate window: its own thread for the database, which is the same file. */
function openWindow(settings: Settings): Workbench {
  const workbench = createWorkbench({
    folder,
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    env: {},
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: Date.now,
    network: async () => createNetwork({ systemCa: false, strictSsl: true, env: {} }),
    storeWorkerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
    windowId: `test-${open.length}`,
  });
  open.push(workbench);
  return workbench;
}

function settingsWith(changes: Partial<Settings>): Settings {
  const connections = { local: { type: 'openai-compatible', baseUrl: url } };
  return { ...DEFAULT_SETTINGS, discoverOllama: false, connections, prices: PRICES, ...changes };
}

async function prepare(workbench: Workbench, repeat = 1): Promise<RunSpec[]> {
  const { prompt } = await workbench.prompts.load(path.join(folder, 'prompts/a.prompt'));
  const rendered = await workbench.prompts.render(prompt, { input: {} });
  const columns = [{ model: 'local/echo', parameters: {}, promptCaching: false }];
  return workbench.runs.prepare({ prompt, rendered, columns, repeat, input: {} });
}

async function run(workbench: Workbench, specs: RunSpec[], onEvent: (event: RunEvent) => void = () => {}) {
  const results: RunResult[] = [];
  for await (const event of workbench.runs.compare(specs).events) {
    onEvent(event);
    if (event.type === 'run-end') results.push(event.result);
  }
  return results;
}

/** The next request that the server receives, or has received. */
function nextRequest(): Promise<ServerResponse> {
  const earlier = requests.shift();
  return earlier ? Promise.resolve(earlier) : new Promise((resolve) => waiting.push(resolve));
}

function send(response: ServerResponse, content: string): void {
  response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
}

function end(response: ServerResponse, usage: { prompt_tokens: number; completion_tokens: number }): void {
  response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
  response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
}

describe('budgets with a server and a database', () => {
  it('stops a run at the text within the budget, closes the connection, and keeps the shown text', async () => {
    const workbench = openWindow(settingsWith({ budgetPerRunUsd: 20 }));
    const specs = await prepare(workbench);
    const input = (await workbench.runs.estimate(specs[0] as RunSpec)).inputTokens ?? 0;
    const running = run(workbench, specs);
    const response = await nextRequest();
    const closed = new Promise((resolve) => response.on('close', resolve));
    send(response, 'x'.repeat(8000));
    const [result] = await running;
    await closed;
    const tokens = Math.floor((20 - input) * 100);
    expect(result).toMatchObject({ state: 'stopped', error: { code: 'budget' } });
    expect(result?.text).toBe('x'.repeat(tokens * 4));
    expect(result?.figures.cost.totalUsd).toBeCloseTo(input + tokens / 100, 9);
    const kept = await workbench.store.runs.get(specs[0]?.runId ?? '');
    expect(kept).toMatchObject({ state: 'stopped', text: result?.text });
    expect(kept?.costUsd).toBeLessThanOrEqual(20);
  });

  it('counts active runs of other windows towards the daily budget', async () => {
    const settings = settingsWith({ budgetPerDayUsd: 20 });
    const [here, there] = [openWindow(settings), openWindow(settings)];
    const specs = await prepare(here);
    const running = run(here, specs);
    const response = await nextRequest();
    // Active runs are in the database within moments, with their input.
    const { store } = there;
    while ((await store.ledger.spentUsd(0)) === 0) await new Promise(setImmediate);
    const refused = await run(there, await prepare(there));
    expect(refused).toMatchObject([{ state: 'failed', error: { code: 'budget' } }]);
    expect(refused[0]?.error?.message).toMatch(/^Not sent: the input alone would cost about \$1\d/);
    send(response, 'Paid late.');
    end(response, { prompt_tokens: 2, completion_tokens: 4 });
    expect(await running).toMatchObject([{ state: 'done' }]);

    // It cost 2 and not the estimated dozen, so there is budget left now.
    const again = run(there, await prepare(there));
    const second = await nextRequest();
    send(second, 'Paid late.');
    end(second, { prompt_tokens: 2, completion_tokens: 4 });
    expect(await again).toMatchObject([{ state: 'done' }]);
    expect(await there.runs.spentToday()).toBeCloseTo(4.08, 9);
  });

  it('counts the input of a run whose answer does not fit at all', async () => {
    const workbench = openWindow(settingsWith({ budgetPerDayUsd: 1000 }));
    const specs = await prepare(workbench);
    const input = (await workbench.runs.estimate(specs[0] as RunSpec)).inputTokens ?? 0;
    const tight = openWindow(settingsWith({ budgetPerRunUsd: input }));
    const running = run(tight, await prepare(tight));
    send(await nextRequest(), 'xxxx');
    const [result] = await running;
    expect(result).toMatchObject({ state: 'stopped', text: '', error: { code: 'budget' } });
    // The server has read the request, and bills it.
    expect(result?.figures.cost.totalUsd).toBe(input);
    expect(result?.figures.usage).toMatchObject({ inputTokens: input, outputTokens: 0 });
    expect(await tight.runs.spentToday()).toBe(input);
  });

  it('uses the current prices, budgets and timeouts from the settings', async () => {
    const settings = settingsWith({ prices: {} });
    const workbench = openWindow(settings);
    const answer = async (running: Promise<RunResult[]>) => {
      const response = await nextRequest();
      send(response, 'Paid late.');
      end(response, { prompt_tokens: 2, completion_tokens: 4 });
      return (await running)[0];
    };
    expect((await answer(run(workbench, await prepare(workbench))))?.figures.cost.totalUsd).toBeUndefined();
    // Like an editor: a new value under the same name, and for another model within the same object.
    settings.prices = { ...PRICES };
    expect((await answer(run(workbench, await prepare(workbench))))?.figures.cost.totalUsd).toBeCloseTo(2.04, 9);
    settings.prices['local/*'] = { inputUsd: 3_000_000, outputUsd: 0 };
    expect((await answer(run(workbench, await prepare(workbench))))?.figures.cost.totalUsd).toBeCloseTo(6, 9);
    settings.budgetPerRunUsd = 1;
    expect(await run(workbench, await prepare(workbench))).toMatchObject([{ error: { code: 'budget' } }]);
  });
});
