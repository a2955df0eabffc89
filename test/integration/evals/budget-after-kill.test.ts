import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WORKER_URL } from '../store/temporary-store.ts';
import { buildProgram } from './build-program.ts';
import { startChatServer } from './chat-server.ts';
import { createEvalFolder, endOf, localModel, rowsOf } from './eval-folder.ts';

/** The server reports 100 tokens of input, which cost nothing, and 50 of output. */
const PRICE_USD = 0.05;
const CASES = 200;
const ASK = `---
model: local/m
config:
  maxOutputTokens: 50
input:
  schema:
    question: string
---
{{question}}
`;
const FILE = 'prompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals]\ncache: off\nconcurrency: 20\n';

function createFolder(url: string, files: Record<string, string>) {
  return createEvalFolder({
    ...localModel(url),
    'llmops/prices.yaml': 'local/m:\n  inputUsd: 0\n  outputUsd: 1000\n',
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(CASES),
    ...files,
  });
}

function start(
  program: string,
  file: string,
  dayUsd?: number,
): { child: ChildProcess; err: () => string; out: () => string } {
  const more = dayUsd === undefined ? [] : [String(dayUsd)];
  const child = spawn(process.execPath, [program, path.dirname(file), file, WORKER_URL.href, ...more]);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return { child, err: () => err, out: () => out };
}

async function stateOf({ child, err, out }: ReturnType<typeof start>): Promise<string | undefined> {
  if (child.exitCode === null) await once(child, 'exit');
  expect(err()).toBe('');
  return out().trim().split('\n').at(-1);
}

describe('a budget', () => {
  it.each([
    { what: 'of an evaluation', file: `${FILE}budget: 4\n`, dayUsd: undefined },
    { what: 'of a day', file: FILE, dayUsd: 4 },
  ])('$what is not overspent by an evaluation that is killed again and again', async ({ file, dayUsd }) => {
    const program = await buildProgram('eval-process');
    await using server = await startChatServer((text) => ({ text, delayMs: 60 }));
    await using folder = createFolder(server.url, { 'a.eval.yaml': file });
    const target = path.join(folder.folder, 'a.eval.yaml');
    let lost = 0;
    for (let kills = 0; kills < 5; kills += 1) {
      const { child, err } = start(program, target, dayUsd);
      const before = server.asked.length;
      while (server.asked.length < before + 8 && child.exitCode === null) await sleep(2);
      expect(err()).toBe('');
      if (child.exitCode !== null) break;
      child.kill('SIGKILL');
      await once(child, 'exit');
      lost += 1;
    }
    expect(lost).toBeGreaterThan(2);
    expect(await stateOf(start(program, target, dayUsd))).toBe('budget');
    expect(server.asked.length * PRICE_USD).toBeLessThanOrEqual(4);
    // more than half of the budget was used for answers that are there, or may have been paid for
    expect(server.asked.length * PRICE_USD).toBeGreaterThan(2);

    const { store } = folder.open();
    const [spent] = await store.ledger.byPurpose(0);
    expect(spent?.usd).toBeLessThanOrEqual(4);
    expect(spent?.reserved).toBeGreaterThan(0);
    expect(spent?.requests).toBeGreaterThanOrEqual(server.asked.length);
    const [result] = await store.evals.list({ limit: 1 });
    expect(result?.counts.passed).toBe((spent?.requests ?? 0) - (spent?.reserved ?? 0));
  });

  it('of a day is shared by two processes at once', async () => {
    const program = await buildProgram('eval-process');
    await using server = await startChatServer((text) => ({ text, delayMs: 30 }));
    await using folder = createFolder(server.url, { 'a.eval.yaml': FILE, 'b.eval.yaml': FILE });
    const both = ['a', 'b'].map((name) => start(program, path.join(folder.folder, `${name}.eval.yaml`), 4));
    expect(await Promise.all(both.map(stateOf))).toEqual(['budget', 'budget']);
    expect(server.asked).toHaveLength(4 / PRICE_USD);
    const [spent] = await folder.open().store.ledger.byPurpose(0);
    expect(spent).toMatchObject({ requests: 80, reserved: 0 });
    expect(spent?.usd).toBeCloseTo(4, 9);
  });

  it('counts what was stopped in flight, says so when it is resumed, and nothing that was not sent', async () => {
    await using server = await startChatServer((text) => ({ text, delayMs: server.asked.length > 10 ? 60_000 : 0 }));
    await using folder = createFolder(server.url, { 'a.eval.yaml': `${FILE}budget: 1\n` });
    const { evals, store } = folder.open();
    const plan = await evals.plan(await evals.read(path.join(folder.folder, 'a.eval.yaml')));
    const job = await evals.start(plan);
    const ended = endOf(job);
    while (server.asked.length < 20) await sleep(5);
    job.cancel();
    const { record } = await ended;
    expect(record).toMatchObject({ state: 'stopped', counts: { passed: 10 } });
    expect(await store.ledger.spentOn(record.id)).toMatchObject({ reservedRequests: 10 });

    const resumed = await endOf(await evals.resume(record.id));
    expect(resumed.record.state).toBe('budget');
    expect(server.asked).toHaveLength(20);
    const notices = resumed.events.flatMap((event) => (event.type === 'notice' ? event.text : []));
    expect(notices.join()).toContain('10 requests were interrupted or got no answer');
    expect(notices.join()).toContain('$0.50');
    expect(resumed.record.error?.message).toContain('$1.00 of $1.00');
  });
});
