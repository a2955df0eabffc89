import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { EvalJob } from '../../../src/core/evals/run/eval-job.ts';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel, rowsOf } from './eval-folder.ts';

const DAY_MS = 86_400_000;
const FILE = `prompts: [ask.prompt]
models: [{ model: local/m, config: { maxOutputTokens: 50 } }]
dataset: cases.jsonl
metrics: [equals]
concurrency: 4
`;

async function setUp(count: number, extra = '') {
  const server = await startChatServer();
  const folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(count) });
  const file = folder.write('a.eval.yaml', FILE + extra);
  return {
    server,
    folder,
    file,
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a stopped evaluation', () => {
  it('keeps what is finished, and asks only for the rest when it is resumed', async () => {
    await using bed = await setUp(40);
    bed.server.reply = (text) => ({ text, delayMs: 5 });
    const workbench = bed.folder.open();
    const plan = await workbench.evals.plan(await workbench.evals.read(bed.file));
    const job = await workbench.evals.start(plan);
    const { record: stopped } = await endOf(job, (event) => {
      if (event.type === 'cells' && event.counts.passed >= 10) job.cancel();
    });
    const { passed } = stopped.counts;
    const answered = bed.server.answered.length;

    const { record } = await endOf(await workbench.evals.resume(stopped.id));

    expect(stopped.state).toBe('stopped');
    expect(passed).toBeGreaterThanOrEqual(10);
    expect(passed).toBeLessThan(40);
    expect(record).toMatchObject({ id: stopped.id, state: 'done', counts: { passed: 40, errors: 0 } });
    expect(bed.server.answered.length - answered).toBe(40 - passed);
    await expect(workbench.evals.resume(record.id)).rejects.toMatchObject({ code: 'usage' });
  });

  it('stops before its budget is exceeded, and is resumed with a higher one', async () => {
    await using bed = await setUp(30, 'budget: 0.5\n');
    const workbench = bed.folder.open();

    const { record: stopped } = await evaluate(workbench, bed.file);

    // $0.06 a request; the input is estimated from its text
    expect(stopped).toMatchObject({ state: 'budget', error: { code: 'budget' } });
    expect(stopped.totals.costUsd).toBeGreaterThan(0.3);
    expect(stopped.totals.costUsd).toBeLessThanOrEqual(0.5);
    const { record } = await endOf(await workbench.evals.resume(stopped.id, { maxCostUsd: 5 }));
    expect(record).toMatchObject({ state: 'done', counts: { passed: 30 } });
    expect(bed.server.asked).toHaveLength(30);
  });

  it('stops before the budget of the day is exceeded', async () => {
    await using bed = await setUp(30);
    const workbench = bed.folder.open({}, { budgetPerDayUsd: 0.3 });

    const { record } = await evaluate(workbench, bed.file);

    expect(record).toMatchObject({ state: 'budget', error: { message: expect.stringContaining('daily limit') } });
    expect(await workbench.store.ledger.spentUsd(0)).toBeLessThan(0.3001);
    expect(record.counts.passed).toBeGreaterThan(2);
  });

  it('pauses and continues', async () => {
    await using bed = await setUp(30);
    const workbench = bed.folder.open();
    const plan = await workbench.evals.plan(await workbench.evals.read(bed.file));
    const job: EvalJob = await workbench.evals.start(plan);
    let askedWhilePaused: number | undefined;
    const { record, events } = await endOf(job, (event) => {
      if (event.type === 'cells' && askedWhilePaused === undefined) job.pause();
      if (event.type !== 'eval-paused') return;
      setTimeout(() => {
        askedWhilePaused = bed.server.asked.length;
        job.continue();
      }, 100);
    });

    expect(askedWhilePaused).toBeLessThan(30);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['eval-paused', 'eval-continued']));
    expect(record).toMatchObject({ state: 'done', counts: { passed: 30 } });
  });

  it('is not started again by another window while it runs', async () => {
    await using bed = await setUp(20);
    bed.server.reply = (text) => ({ text, delayMs: 50 });
    const [mine, other] = [bed.folder.open(), bed.folder.open()];
    const plan = await mine.evals.plan(await mine.evals.read(bed.file));
    const job = await mine.evals.start(plan);
    await job.events[Symbol.asyncIterator]().next();
    // it does not end before it was looked at
    job.pause();

    await expect(other.evals.resume(job.evaluationId)).rejects.toMatchObject({ code: 'evaluation-running' });
    expect(await other.store.evals.get(job.evaluationId)).toMatchObject({
      state: expect.stringMatching(/^(running|paused)$/),
    });
    job.continue();
    expect(await job.result).toMatchObject({ state: 'done' });
  });
});

describe('the time that an evaluation took', () => {
  it('has neither the day until it was resumed nor the scores that were computed again', async () => {
    await using bed = await setUp(40);
    bed.server.reply = (text) => ({ text, delayMs: 5 });
    let now = 1_000_000;
    const workbench = bed.folder.open({ now: () => now });
    const job = await workbench.evals.start(await workbench.evals.plan(await workbench.evals.read(bed.file)));
    let known: unknown;
    const { record: stopped } = await endOf(job, (event) => {
      if (event.type !== 'cells' || known) return;
      known = workbench.store.evals.get(job.evaluationId);
      now += 7000;
      job.cancel();
    });
    now += DAY_MS;
    let isFirst = true;
    const { record: resumed } = await endOf(await workbench.evals.resume(stopped.id), ({ type }) => {
      if (type === 'cells' && isFirst) now += 2000;
      isFirst &&= type !== 'cells';
    });
    now += DAY_MS;
    const { record: rescored } = await endOf(await workbench.evals.rescore(stopped.id), ({ type }) => {
      if (type === 'eval-start') now += 500;
    });

    expect(await known).toMatchObject({ startedAt: 1_000_000, workedMs: 0, workingSince: 1_000_000 });
    expect(stopped).toMatchObject({ state: 'stopped', workedMs: 7000, workingSince: undefined });
    expect(resumed).toMatchObject({ state: 'done', workedMs: 9000, workingSince: undefined, startedAt: 1_000_000 });
    expect(resumed.endedAt).toBe(1_009_000 + DAY_MS);
    expect(rescored).toMatchObject({ state: 'done', workedMs: 9000, workingSince: undefined });
  });

  it('has no pause', async () => {
    await using bed = await setUp(30);
    let now = 1_000_000;
    const workbench = bed.folder.open({ now: () => now });
    const job = await workbench.evals.start(await workbench.evals.plan(await workbench.evals.read(bed.file)));
    let paused: Promise<unknown> | undefined;
    const { record } = await endOf(job, (event) => {
      if (event.type === 'cells' && !paused) {
        now += 3000;
        job.pause();
      }
      if (event.type === 'eval-paused') {
        paused = workbench.store.evals.get(job.evaluationId).finally(() => {
          now += DAY_MS;
          job.continue();
        });
      }
      if (event.type === 'eval-continued') now += 400;
    });

    expect(await paused).toMatchObject({ state: 'paused', workedMs: 3000, workingSince: undefined });
    expect(record).toMatchObject({ state: 'done', workedMs: 3400, workingSince: undefined });
  });
});

describe('a finished evaluation', () => {
  it('is scored again by other metrics without asking a model', async () => {
    await using bed = await setUp(10);
    bed.server.reply = (text) => ({ text: text.toUpperCase() });
    const workbench = bed.folder.open();
    const { record: first } = await evaluate(workbench, bed.file);
    const asked = bed.server.asked.length;
    bed.folder.write('a.eval.yaml', FILE.replace('[equals]', '[{ metric: equals, ignoreCase: true }, wordCount]'));

    const { record } = await endOf(await workbench.evals.rescore(first.id));

    expect(first.counts).toMatchObject({ passed: 0, failed: 10 });
    expect(record).toMatchObject({ id: first.id, state: 'done', counts: { passed: 10, failed: 0, cells: 10 } });
    expect(record.metrics.map(({ name }) => name)).toEqual(['equals', 'wordCount']);
    expect(record.summary?.metrics).toMatchObject([
      { metric: 'equals', mean: 1 },
      { metric: 'wordCount', mean: 2 },
    ]);
    expect(bed.server.asked).toHaveLength(asked);
    expect(record.totals).toEqual(first.totals);
    // how long it took does not depend on when it is scored again
    expect(record.endedAt).toBe(first.endedAt);
  });

  it('gets new metrics once, with the first of many cases that are scored again', async () => {
    const rows = rowsOf(450, (index) => ({ id: `c${index}`, expected: 'a', output: index % 3 === 0 ? 'A' : 'a' }));
    await using folder = createEvalFolder({ 'cases.jsonl': rows });
    const text = 'dataset: cases.jsonl\nmetrics: [equals]\n';
    const file = folder.write('a.eval.yaml', text);
    const workbench = folder.open();
    const { record: first } = await evaluate(workbench, file);
    folder.write('a.eval.yaml', text.replace('equals', '{ metric: equals, ignoreCase: true }, wordCount'));

    const { record } = await endOf(await workbench.evals.rescore(first.id));

    expect(first.counts).toMatchObject({ passed: 300, failed: 150 });
    expect(record.counts).toMatchObject({ passed: 450, failed: 0 });
    expect(record.summary?.metrics).toMatchObject([
      { metric: 'equals', mean: 1, n: 450 },
      { metric: 'wordCount', mean: 1, n: 450 },
    ]);
    const [last] = await workbench.store.evals.cells(first.id, [449]);
    expect(last?.scores.map(({ value }) => value)).toEqual([1, 1]);
    using database = new DatabaseSync(path.join(folder.folder, '.llmops', 'llmops.db'), { readOnly: true });
    expect(database.prepare('SELECT number FROM eval_metric_sets').all()).toEqual([{ number: 0 }, { number: 1 }]);
  });

  it('asks again for failed cases only, or for those that are selected', async () => {
    await using bed = await setUp(10);
    bed.server.reply = (text) => ({ text: text === 'Question 3' ? 'wrong' : text });
    const workbench = bed.folder.open();
    const { record: first } = await evaluate(workbench, bed.file);
    bed.server.reply = (text) => ({ text });

    const { record } = await endOf(await workbench.evals.rerun(first.id, { cases: 'failed' }));

    expect(first.counts).toMatchObject({ passed: 9, failed: 1 });
    expect(record.counts).toMatchObject({ passed: 10, failed: 0, cells: 10 });
    expect(bed.server.asked.slice(10)).toEqual(['Question 3']);
    const again = await workbench.evals.rerun(first.id, { cases: [0, 5] });
    const { events } = await endOf(again);
    // of the two, not of the ten of which eight stay
    const progress = events.flatMap((event) => (event.type === 'job-progress' ? event.progress : []));
    expect(progress.at(-1)).toMatchObject({ done: 2, total: 2 });
    expect(again.progress).toMatchObject({ done: 2, total: 2 });
    expect(bed.server.asked.slice(11).sort()).toEqual(['Question 0', 'Question 5']);
  });
});
