import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { WORKER_URL } from '../store/temporary-store.ts';
import { buildProgram } from './build-program.ts';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, localModel, rowsOf } from './eval-folder.ts';

const DAY_MS = 86_400_000;
const KILLS = 50;
const CASES = 400;
const CONCURRENCY = 4;
const FILE = `prompts: [ask.prompt]
models: [local/m]
dataset: cases.jsonl
metrics: [equals]
cache: off
concurrency: ${CONCURRENCY}
`;

function start(program: string, folder: string): { child: ChildProcess; err: () => string; lines: () => string[] } {
  const child = spawn(process.execPath, [program, folder, path.join(folder, 'a.eval.yaml'), WORKER_URL.href]);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return { child, err: () => err, lines: () => out.split('\n').slice(0, -1) };
}

it('that is killed does not count the time until it is resumed', async () => {
  const program = await buildProgram('eval-process');
  await using server = await startChatServer((text) => ({ text, delayMs: 10 }));
  await using folder = createEvalFolder({
    ...localModel(server.url),
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(CASES),
    'a.eval.yaml': FILE,
  });
  const { child, lines } = start(program, folder.folder);
  while (lines().length === 0 && child.exitCode === null) await sleep(2);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const tomorrow = folder.open({ now: () => Date.now() + DAY_MS });
  const { record } = await endOf(
    await tomorrow.evals.resume(await tomorrow.evals.find(undefined, path.join(folder.folder, 'a.eval.yaml'))),
  );

  expect(record.counts.passed).toBe(CASES);
  expect(record.endedAt! - record.startedAt).toBeGreaterThanOrEqual(DAY_MS);
  // 400 requests of 10 ms, 4 at once
  expect(record.workedMs).toBeGreaterThan(500);
  expect(record.workedMs).toBeLessThan(DAY_MS / 2);
}, 60_000);

it('that is killed at any point is resumed, and only the requests in flight are repeated', async () => {
  const program = await buildProgram('eval-process');
  await using server = await startChatServer((text) => ({ text, delayMs: 10 }));
  await using folder = createEvalFolder({
    ...localModel(server.url),
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(CASES),
    'a.eval.yaml': FILE,
  });
  let kills = 0;
  for (; kills < KILLS; kills += 1) {
    const { child, err } = start(program, folder.folder);
    const before = server.asked.length;
    // a third of them before anything is sent, others while cells are stored
    while (kills % 3 !== 0 && server.asked.length < before + 1 + (kills % 7) && child.exitCode === null) await sleep(2);
    await sleep(kills % 3 === 0 ? kills * 8 : kills % 5);
    expect(err()).toBe('');
    if (child.exitCode !== null) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const last = start(program, folder.folder);
  await once(last.child, 'exit');

  expect(kills).toBe(KILLS);
  expect(last.err()).toBe('');
  expect(last.lines().at(-1)).toBe('done');
  const { store } = folder.open();
  const results = await store.evals.list({ limit: 5 });
  expect(results).toMatchObject([{ state: 'done', counts: { cases: CASES, cells: CASES, passed: CASES, errors: 0 } }]);
  // what was in flight or on its way to the database when it was killed
  expect(server.asked.length).toBeLessThanOrEqual(CASES + kills * CONCURRENCY);
  const times = Map.groupBy(server.asked, (question) => question);
  expect(times.size).toBe(CASES);
  expect(await store.ledger.byPurpose(0)).toMatchObject([{ purpose: 'evaluation', requests: CASES }]);
}, 600_000);
