import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { createNetwork } from '../../src/core/base/network/network.ts';
import { DEFAULT_SETTINGS } from '../../src/core/base/settings.ts';
import type { RunSpec } from '../../src/core/runs/events.ts';
import { createWorkbench, type Workbench } from '../../src/core/workbench.ts';

// The cost of a run compared with the bare SDK on the same local server. Run: node --expose-gc test/bench/overhead.bench.ts

const RUNS = 1000;
const AT_ONCE = 8;
const CHUNKS = 200;
/** 1,000 runs in this many turns, alternating between both kinds. */
const TURNS = 20;
const TTFT_ROUNDS = 150;
const WORDS = ' the answer goes on and on, word by word, as a model writes it'.split(/(?= )/);

/** Runs in a separate process, so that its work is not counted: chunks arrive one by one, as from a model. */
function serve(): void {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (fields: object) =>
      response.write(
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })}\n\n`,
      );
    for (let index = 0; index < CHUNKS; index++) {
      send({ choices: [{ index: 0, delta: { content: WORDS[index % WORDS.length] }, finish_reason: null }] });
      if (index % 4 === 3) await nextTurn();
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    send({ choices: [], usage: { prompt_tokens: 9, completion_tokens: CHUNKS, total_tokens: CHUNKS + 9 } });
    response.end('data: [DONE]\n\n');
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : undefined);
  });
  process.on('disconnect', () => process.exit());
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['--serve'], { execArgv: ['--no-warnings'] });
  const [port] = await once(server, 'message');
  const baseURL = `http://127.0.0.1:${port}/v1`;
  const folder = mkdtempSync(join(tmpdir(), 'llmops-overhead-'));
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  const workbench = await openWorkbench(folder, baseURL);
  try {
    const [bare, own] = await measureTtft(client, workbench);
    report('time to first token, median: bare SDK', bare, 'ms');
    report('time to first token, median: added by a run', own - bare, 'ms', '<= 5');
    await measureCpu(client, workbench);
  } finally {
    await workbench.dispose();
    server.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openWorkbench(folder: string, baseURL: string): Promise<Workbench> {
  await mkdir(join(folder, 'llmops'));
  writeFileSync(join(folder, 'llmops/connections.yaml'), `local:\n  type: openai-compatible\n  baseUrl: ${baseURL}\n`);
  return createWorkbench({
    folder,
    trusted: () => true,
    settings: () => ({ ...DEFAULT_SETTINGS, concurrency: AT_ONCE, discoverOllama: false }),
    files: diskFiles,
    env: {},
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: Date.now,
    network: async () => createNetwork({ systemCa: false, strictSsl: true }),
    storeWorkerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
    windowId: 'bench',
  });
}

async function runBare(client: OpenAI): Promise<number> {
  const start = performance.now();
  let first = 0;
  let text = '';
  const stream = await client.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta.content;
    if (!delta) continue;
    first ||= performance.now() - start;
    text += delta;
  }
  if (text.length < CHUNKS) throw new Error(`Only ${text.length} characters came.`);
  return first;
}

function specs(workbench: Workbench, repeat: number): RunSpec[] {
  return workbench.runs.prepare({
    prompt: { path: undefined, name: 'bench', source: 'Hello' },
    rendered: {
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
      parameters: {},
      output: { format: 'text' },
      tools: [],
      model: undefined,
      contentHash: 'bench',
    },
    columns: [{ model: 'local/m', parameters: {}, promptCaching: false }],
    repeat,
    input: {},
  });
}

/** Time to the first text of the first run; resolves when all have ended and been recorded. */
async function runOwn(workbench: Workbench, repeat: number): Promise<number> {
  const start = performance.now();
  let first = 0;
  let done = 0;
  for await (const event of workbench.runs.compare(specs(workbench, repeat)).events) {
    if (event.type === 'text-delta') first ||= performance.now() - start;
    if (event.type === 'run-end' && event.result.state === 'done') done += 1;
  }
  if (done !== repeat) throw new Error(`Only ${done} of ${repeat} runs ended well.`);
  return first;
}

/** In turns, so that other work of the machine affects both equally. */
async function measureTtft(client: OpenAI, workbench: Workbench): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -20; round < TTFT_ROUNDS; round++) {
    const [bare, own] = [await runBare(client), await runOwn(workbench, 1)];
    if (round < 0) continue;
    times[0].push(bare);
    times[1].push(own);
  }
  return [median(times[0]), median(times[1])];
}

/**
 * CPU time of the whole process, including the database thread. In many small turns, because other work on
 * the machine slows both down, and only what affects both equally cancels out.
 */
async function measureCpu(client: OpenAI, workbench: Workbench): Promise<void> {
  const bareRuns = async () => {
    let left = RUNS / TURNS;
    const work = async () => {
      while (left-- > 0) await runBare(client);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };
  const ownRuns = () => runOwn(workbench, RUNS / TURNS);
  await bareRuns();
  await ownRuns();
  const bare: number[] = [];
  const own: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    bare.push(await cpuOf(bareRuns));
    own.push(await cpuOf(ownRuns));
  }
  report(`${RUNS} streamed runs, processor time: bare SDK`, (median(bare) * TURNS) / 1000, 's');
  const ratios = own.map((time, turn) => time / (bare[turn] ?? Number.NaN));
  report(`${RUNS} streamed runs, processor time: ratio to bare SDK`, median(ratios), '×', '<= 1.3');
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(name: string, value: number, unit: string, target?: string): void {
  console.log(JSON.stringify({ name, value, unit, target }));
}

if (process.argv.includes('--serve')) serve();
else await measure();
