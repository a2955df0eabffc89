// Speed of `llmops eval` beside promptfoo on the same cases. promptfoo is installed once, into the system's folder for temporary
// files (2 GB); LLMOPS_BENCH_PROMPTFOO=no leaves it out, and compares with the figures that were measured before.
// Run: npm run build && node test/bench/evaluation.bench.mjs
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './figures.mjs';

const PROMPTFOO = 'promptfoo@0.123.1';
/** Seconds and MiB of promptfoo for 1,000 cases with three assertions, on two cores (2026-11-23). */
const MEASURED = { seconds: 4.55, startSeconds: 1.17, megabytes: 395 };
const ROUNDS = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = path.join(root, 'dist/llmops.js');
const folder = mkdtempSync(path.join(tmpdir(), 'llmops-eval-bench-'));
const memoryHook = path.join(folder, 'memory.mjs');
writeFileSync(
  memoryHook,
  `import { appendFileSync } from 'node:fs';
process.on('exit', () => appendFileSync(process.env.BENCH_MEMORY, process.resourceUsage().maxRSS + '\\n'));`,
);

function report(name, value, unit, target) {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit, ...(target && { target }) }));
}

/** Runs a program of Node to its end: seconds, and the peak of its memory in MiB. */
async function measure(args, cwd) {
  const memory = path.join(folder, 'memory.txt');
  rmSync(memory, { force: true });
  const began = performance.now();
  const code = await new Promise((resolve) => {
    const env = {
      ...process.env,
      BENCH_MEMORY: memory,
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
    };
    const child = spawn(process.execPath, ['--import', memoryHook, ...args], { cwd, env, stdio: 'ignore' });
    child.on('close', resolve);
  });
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0 && code !== 100) throw new Error(`${args.join(' ')} ended with ${code}`);
  const peaks = readFileSync(memory, 'utf8').trim().split('\n').map(Number);
  return { seconds, megabytes: Math.max(...peaks) / 1024 };
}

async function measureMedian(run) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await run());
  return {
    seconds: median(rounds.map(({ seconds }) => seconds)),
    megabytes: median(rounds.map(({ megabytes }) => megabytes)),
  };
}

function writeWorkspace(count, { model = 'demo/echo', connection } = {}) {
  const workspace = path.join(folder, `cases-${count}-${model.replace('/', '-')}`);
  mkdirSync(path.join(workspace, 'llmops'), { recursive: true });
  const rows = Array.from({ length: count }, (_, index) => {
    return JSON.stringify({
      id: `c${index}`,
      question: `What is ${index} plus one?`,
      expected: `What is ${index} plus one?`,
    });
  });
  writeFileSync(path.join(workspace, 'cases.jsonl'), `${rows.join('\n')}\n`);
  writeFileSync(
    path.join(workspace, 'ask.prompt'),
    `---\nmodel: ${model}\ninput:\n  schema:\n    question: string\n---\n{{question}}\n`,
  );
  writeFileSync(
    path.join(workspace, 'bench.eval.yaml'),
    `prompts: [ask.prompt]\ndataset: cases.jsonl\nconcurrency: 20\nmetrics: [equals, { metric: contains, value: What }, { metric: startsWith, value: What }]\n`,
  );
  if (connection) writeFileSync(path.join(workspace, 'llmops/connections.yaml'), connection);
  return workspace;
}

function evaluate(workspace) {
  rmSync(path.join(workspace, '.llmops'), { recursive: true, force: true });
  return measure([cli, 'eval', 'bench.eval.yaml', '--yes', '--format', 'json'], workspace);
}

async function evaluateWithPromptfoo(program, count) {
  const workspace = path.join(folder, `promptfoo-${count}`);
  mkdirSync(workspace, { recursive: true });
  const tests = Array.from({ length: count }, (_, index) => {
    const question = `What is ${index} plus one?`;
    const assert = [
      { type: 'equals', value: question },
      { type: 'contains', value: 'What' },
      { type: 'starts-with', value: 'What' },
    ];
    return { vars: { question }, assert };
  });
  const config = { prompts: ['{{question}}'], providers: ['echo'], tests };
  writeFileSync(path.join(workspace, 'promptfooconfig.json'), JSON.stringify(config));
  return measure(
    [program, 'eval', '-c', 'promptfooconfig.json', '--no-progress-bar', '--no-table', '--no-cache'],
    workspace,
  );
}

async function installPromptfoo() {
  if (process.env.LLMOPS_BENCH_PROMPTFOO === 'no') return undefined;
  const place = path.join(tmpdir(), 'llmops-bench-promptfoo');
  const program = path.join(place, 'node_modules/promptfoo/dist/src/entrypoint.js');
  if (!existsSync(program)) {
    console.log(`installing ${PROMPTFOO} into ${place}`);
    mkdirSync(place, { recursive: true });
    await new Promise((resolve) => {
      const args = ['install', '--prefix', place, '--no-audit', '--no-fund', PROMPTFOO];
      spawn('npm', args, { stdio: 'ignore', shell: process.platform === 'win32' }).on('close', resolve);
    });
  }
  return existsSync(program) ? program : undefined;
}

/** A server that answers after 200 ms, as OpenAI's streaming chat completions, with the usage for those who ask for it. */
async function startServer() {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      const { stream_options } = JSON.parse(body);
      setTimeout(() => {
        const chunk = (fields) =>
          `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...fields })}\n\n`;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(chunk({ choices: [{ index: 0, delta: { content: 'What is it?' }, finish_reason: null }] }));
        response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
        const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
        if (stream_options?.include_usage) response.write(chunk({ choices: [], usage }));
        response.end('data: [DONE]\n\n');
      }, 200);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}/v1` };
}

/** The shortest program that does the same requests, with its start-up and without. */
const RAW_FETCH = `const [url, count, places] = process.argv.slice(2);
const began = performance.now();
let next = 0;
const work = async () => {
  for (; next < Number(count); ) {
    next += 1;
    const response = await fetch(url + '/chat/completions', { method: 'POST', body: '{}' });
    await response.text();
  }
};
await Promise.all(Array.from({ length: Number(places) }, work));
process.stdout.write(String((performance.now() - began) / 1000));
`;

async function fetchAll(url, count, places) {
  const program = path.join(folder, 'raw-fetch.mjs');
  writeFileSync(program, RAW_FETCH);
  const began = performance.now();
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, [program, url, String(count), String(places)], { stdio });
  let requests = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    requests += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return { seconds: (performance.now() - began) / 1000, requests: Number(requests) };
}

try {
  const program = await installPromptfoo();
  const version = await measureMedian(() => measure([cli, '--version'], folder));
  const single = writeWorkspace(1);
  const start = await measureMedian(() => evaluate(single));
  const workspace = writeWorkspace(1000);
  const own = await measureMedian(() => evaluate(workspace));
  const peer = program ? await measureMedian(() => evaluateWithPromptfoo(program, 1000)) : MEASURED;
  const peerStart = program
    ? (await measureMedian(() => evaluateWithPromptfoo(program, 1))).seconds
    : MEASURED.startSeconds;
  report('eval: 1,000 cases × 3 on demo/echo', own.seconds, 's', `<= ${(peer.seconds / 10).toPrecision(3)}`);
  const beyond = 1000 / (own.seconds - start.seconds) / (1000 / (peer.seconds - peerStart));
  report('eval: cases/s beyond start-up, times promptfoo', beyond, '×', '>= 10');
  report('eval: peak memory of 1,000 cases', own.megabytes, 'MiB', `<= ${Math.round(peer.megabytes / 2)}`);
  report('eval: one case, which is mostly start-up', start.seconds, 's', '<= 0.3');
  report('eval: one case, promptfoo', peerStart, 's');
  report('eval: start of the command line', version.seconds, 's', '<= 0.15');

  const many = await evaluate(writeWorkspace(10_000));
  report('eval: 10,000 cases × 3', many.seconds, 's');
  const most = await evaluate(writeWorkspace(100_000));
  report('eval: 100,000 cases × 3, per 10,000', most.seconds / 10, 's', `<= ${(many.seconds * 1.2).toPrecision(3)}`);
  report('eval: peak memory of 100,000 cases', most.megabytes, 'MiB', '<= 300');

  const { server, url } = await startServer();
  const connection = `local:\n  type: openai-compatible\n  baseUrl: ${url}\n`;
  const remote = writeWorkspace(500, { model: 'local/m', connection });
  const raws = [await fetchAll(url, 500, 20), await fetchAll(url, 500, 20), await fetchAll(url, 500, 20)];
  const asked = await measureMedian(() => evaluate(remote));
  const name = 'eval: 500 cases, 20 at once, 200 ms server';
  report(name, asked.seconds, 's');
  report(`${name}, times raw fetch`, asked.seconds / median(raws.map(({ seconds }) => seconds)), '×', '<= 1.05');
  const requests = median(raws.map((raw) => raw.requests));
  report(`${name}, times the requests of raw fetch`, asked.seconds / requests, '×');
  const again = (asked.seconds - start.seconds) / requests;
  report(`${name}, beyond start-up, times the requests of raw fetch`, again, '×');
  server.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
