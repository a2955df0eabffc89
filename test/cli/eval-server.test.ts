import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatServer, startChatServer } from '../integration/evals/chat-server.ts';
import { type CliOptions, createWorkspace, llmops, type Outcome, type Workspace } from './cli.ts';
import { FILE, readResult, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
let server: ChatServer;
beforeEach(async () => {
  workspace = createWorkspace();
  server = await startChatServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

const cases = Array.from({ length: 12 }, (_, index) => {
  return { id: `c${index + 1}`, plan: `plan ${index + 1}`, expected: `The plan is plan ${index + 1}.` };
});

const evaluate = (args: string[], options: Partial<CliOptions> = {}) =>
  llmops(['eval', ...args], { cwd: workspace.folder, ...options });

/** An evaluation on the server, whose answer is the question. */
function prepare(more = ''): void {
  workspace.write('llmops/connections.yaml', `local: { type: openai-compatible, baseUrl: "${server.url}" }\n`);
  writeEvaluation(workspace, { model: 'local/echo', cases, metrics: '[equals]', more });
}

/** Five cents for an answer: the server reports 50 tokens for each. */
const price = () => workspace.write('llmops/prices.yaml', 'local/*: { inputUsd: 0, outputUsd: 1000 }\n');

describe('llmops eval with a provider', () => {
  it('prints tokens and costs, and the unknown as null', async () => {
    prepare();
    const unknown = readResult((await evaluate([FILE, '--json'])).stdout);
    expect(unknown).toMatchObject({ simulated: false, totals: { costUsd: null, errors: 0 } });
    price();
    const result = readResult((await evaluate([FILE, '--json', '--gate', 'costUsd<=0.000001'])).stdout);
    expect(result.cases[0]?.cells[0]).toMatchObject({ cached: true, costUsd: 0 });
    workspace.write(
      FILE,
      'prompts: [../prompts/plan.prompt]\ndataset: ../data/plans.jsonl\nmetrics: [equals]\ncache: off\n',
    );
    const { code, stdout } = await evaluate([FILE, '--json', '--gate', 'costUsd<=0.000001']);
    const paid = readResult(stdout);
    expect(code).toBe(1);
    expect(paid.totals.costUsd).toBeGreaterThan(0);
    expect(paid.cases[0]?.cells[0]).toMatchObject({ cached: false, costUsd: expect.any(Number) });
    expect(paid.gates).toMatchObject([{ gate: 'costUsd<=0.000001', passed: false }]);
  });

  it('says how to continue after a provider has rejected every request', async () => {
    prepare();
    server.reply = () => ({ status: 401 });
    const { code, stdout, stderr } = await evaluate([FILE, '--json']);
    const failed = readResult(stdout);
    expect({ code, state: failed.state, costUsd: failed.totals.costUsd }).toEqual({
      code: 3,
      state: 'failed',
      costUsd: null,
    });
    expect(stderr).toContain(`Continue it with llmops eval ${FILE} --resume ${failed.id}`);
    server.reply = (text) => ({ text });
    const resumed = await evaluate([FILE, '--resume', failed.id, '--json']);
    expect(readResult(resumed.stdout)).toMatchObject({ id: failed.id, state: 'done', totals: { errors: 0 } });
    expect(resumed.code).toBe(0);
  });

  it('compares what answers cost when they were made, whichever of two results reused them', async () => {
    const metrics = '[equals, costUsd]';
    const write = (more: string) => {
      writeEvaluation(workspace, { model: 'local/echo', cases, metrics, more });
    };
    prepare();
    price();
    write('');
    const paid = readResult((await evaluate([FILE, '--json'])).stdout);
    expect(paid.totals.costUsd).toBeCloseTo(12 * 0.05, 9);
    write(`baseline: { result: "${paid.id}" }\n`);
    const reused = readResult((await evaluate([FILE, '--json'])).stdout);
    expect(reused.totals.costUsd).toBe(0);
    write(`baseline: { result: "${reused.id}" }\ncache: refresh\n`);
    const again = readResult((await evaluate([FILE, '--json'])).stdout);
    expect(again.totals.costUsd).toBeCloseTo(12 * 0.05, 9);
    for (const { metrics: compared } of [reused, again]) {
      const cost = compared.find(({ metric }) => metric === 'costUsd');
      expect(cost?.baseline).toMatchObject({ verdict: 'no-change-shown', mean: expect.closeTo(0.05, 9) });
      expect(cost?.baseline).toMatchObject({ difference: expect.closeTo(0, 12) });
    }
    expect(server.asked).toHaveLength(24);
  });

  it('names an unknown price before a request if there is a budget', async () => {
    prepare();
    const { code, stdout, stderr } = await evaluate([FILE, '--max-cost', '1', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('local/echo');
    expect(server.asked).toEqual([]);
  });

  it('stops at --max-cost with 2 and the report, and continues with more', async () => {
    prepare('concurrency: 1\n');
    price();
    workspace.write(
      'prompts/plan.prompt',
      '---\nmodel: local/echo\nconfig:\n  maxOutputTokens: 50\ninput:\n  schema:\n    plan: string\n---\nThe plan is {{plan}}.\n',
    );
    const { code, stdout, stderr } = await evaluate([FILE, '--max-cost', '0.22', '--json']);
    const stopped = readResult(stdout);
    expect(code).toBe(2);
    expect(stopped.state).toBe('budget');
    expect(stopped.totals.costUsd).toBeCloseTo(0.2, 9);
    expect(stopped.cases.filter(({ cells }) => cells.length > 0)).toHaveLength(4);
    expect(stderr).toContain(`--resume ${stopped.id}`);
    const resumed = await evaluate([FILE, '--resume', '--max-cost', '10', '--json']);
    const whole = readResult(resumed.stdout);
    expect({ code: resumed.code, id: whole.id, state: whole.state }).toEqual({
      code: 0,
      id: stopped.id,
      state: 'done',
    });
    expect(server.asked).toHaveLength(12);
  });

  it('exits with 3 if answers are errors, whose reasons are in the report', async () => {
    prepare('gates: [{ metric: equals, threshold: 1 }]\n');
    server.reply = (text) => (text.includes('plan 3.') ? { status: 400 } : { text });
    const { code, stdout } = await evaluate([FILE, '--json']);
    const result = readResult(stdout);
    expect(code).toBe(3);
    expect(result).toMatchObject({ state: 'done', totals: { errors: 1 } });
    expect(result.cases[2]?.cells[0]).toMatchObject({ state: 'error', error: { message: expect.any(String) } });
    expect((await evaluate(['show'])).stdout).toMatch(/^✗ c3 · plan · local\/echo: .*400/m);
    workspace.write(
      `${FILE}`,
      'prompts: [../prompts/plan.prompt]\ndataset: ../data/plans.jsonl\nmetrics: [equals]\nmaxErrors: 1\n',
    );
    expect((await evaluate([FILE, '--json'])).code).toBe(0);
  });

  it('waits where the server limits requests', async () => {
    prepare();
    const limited = new Set<string>();
    server.reply = (text) => {
      if (limited.has(text)) return { text };
      limited.add(text);
      return limited.size % 3 === 0 ? { status: 429, headers: { 'retry-after': '0' } } : { text };
    };
    const { code, stdout } = await evaluate([FILE, '--json']);
    expect(code).toBe(0);
    expect(readResult(stdout).totals.errors).toBe(0);
  });

  it('ends with 130 and the report on Ctrl+C, and repeats only what was in flight', async () => {
    prepare('concurrency: 2\n');
    const { outcome, answered } = await endAfterAnswers(4, (child) => child.kill('SIGINT'));
    expect(outcome.code).toBe(130);
    const stopped = readResult(outcome.stdout);
    expect(stopped.state).toBe('stopped');
    const done = stopped.cases.filter(({ cells }) => cells.length > 0).length;
    expect(done).toBeGreaterThanOrEqual(4);
    expect(done).toBeLessThan(12);
    await resumeAll(answered);
  });

  it('is resumed after it was killed', async () => {
    prepare('concurrency: 2\n');
    const { outcome, answered } = await endAfterAnswers(5, (child) => child.kill('SIGKILL'));
    expect(outcome).toMatchObject({ code: null, stdout: '' });
    await resumeAll(answered);
  });
});

/** Ends the command once the server has answered some cases; the next ones never get an answer. */
async function endAfterAnswers(count: number, end: (child: ChildProcess) => void) {
  const reached = Promise.withResolvers<void>();
  server.reply = (text) => {
    if (server.answered.length < count) return { text };
    // what was answered before is stored
    setTimeout(reached.resolve, 300);
    return { text, delayMs: 60_000 };
  };
  const outcome: Outcome = await evaluate([FILE, '--json'], {
    onStart: (child) => void reached.promise.then(() => end(child)),
  });
  server.reply = (text) => ({ text });
  return { outcome, answered: [...server.answered] };
}

/** Only cases without an answer are asked again. */
async function resumeAll(answered: readonly string[]): Promise<void> {
  server.asked.length = 0;
  const { code, stdout, stderr } = await evaluate([FILE, '--resume', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const result = readResult(stdout);
  expect(result.state).toBe('done');
  expect(result.cases.flatMap(({ cells }) => cells.map(({ output }) => output))).toEqual(
    cases.map(({ expected }) => expected),
  );
  expect(server.asked.filter((text) => answered.includes(text))).toEqual([]);
  expect(server.asked).toHaveLength(12 - answered.length);
}
