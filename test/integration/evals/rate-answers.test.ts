import { expect, it } from 'vitest';
import type { CellPlace } from '../../../src/core/store/evals/eval-record.ts';
import type { Workbench } from '../../../src/core/workbench.ts';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel } from './eval-folder.ts';

const ROWS = [
  { question: 'Question 0', expected: 'Question 0' },
  { question: 'Question 1', expected: 'Question 1', csat: 4, escalated: 'no' },
  { question: 'Question 2', expected: 'other', csat: 2 },
];

async function setUp(metrics: string, extra = '') {
  const server = await startChatServer();
  const rows = ROWS.map((row) => `${JSON.stringify(row)}\n`).join('');
  const folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rows });
  const text = `prompts: [ask.prompt]\nmodels: [local/m]\ndataset: cases.jsonl\nmetrics: ${metrics}\n${extra}`;
  const file = folder.write('a.eval.yaml', text);
  return {
    ...{ server, file, folder, workbench: folder.open() },
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const at = (place: number): CellPlace => ({ case: place, column: 0, repeat: 1 });

async function rate(
  { store, evals }: Workbench,
  id: string,
  place: number,
  rating: Parameters<Workbench['store']['evals']['rate']>[2],
) {
  await store.evals.rate(id, at(place), rating);
  await evals.enterRating(id, place);
  return (await store.evals.get(id))!;
}

it('a rating is in the metric and the gates of the file at once, and counts more than the column', async () => {
  await using bed = await setUp('[csat, equals]', 'gates: [{ metric: csat, threshold: 4 }]\n');
  const { record: first } = await evaluate(bed.workbench, bed.file);
  expect(first.summary).toMatchObject({
    metrics: [
      { metric: 'csat', mean: 3, n: 2, missing: 1 },
      { metric: 'equals', n: 3 },
    ],
    gates: [{ passed: false }],
  });

  await rate(bed.workbench, first.id, 0, { csat: 5 });
  const rated = await rate(bed.workbench, first.id, 2, { csat: 4 });

  expect(rated.metrics).toEqual(first.metrics);
  expect(rated.summary?.metrics[0]).toMatchObject({ metric: 'csat', n: 3, missing: 0 });
  expect(rated.summary?.metrics[0]?.mean).toBeCloseTo((5 + 4 + 4) / 3, 12);
  expect(rated.summary?.metrics[1]).toEqual(first.summary?.metrics[1]);
  expect(rated.summary?.gates).toMatchObject([{ passed: true }]);
  expect(rated).toMatchObject({ state: 'done', counts: first.counts, endedAt: first.endedAt });
  // taken back: the column counts again
  const cleared = await rate(bed.workbench, first.id, 2, { csat: undefined });
  expect(cleared.summary?.metrics[0]?.mean).toBeCloseTo((5 + 4 + 2) / 3, 12);
});

it('a gate on a metric that no rating changes has the result that it had', async () => {
  await using bed = await setUp(
    '[csat, equals]',
    'gates: [{ metric: equals, threshold: 0.6 }, { metric: csat, threshold: 4 }]\n',
  );
  const { record: first } = await evaluate(bed.workbench, bed.file);

  const rated = await rate(bed.workbench, first.id, 2, { csat: 5 });

  expect(first.summary?.gates).toMatchObject([{ passed: true }, { passed: false }]);
  expect(rated.summary?.gates[0]).toEqual(first.summary?.gates[0]);
  expect(rated.summary?.gates[1]).toMatchObject({ passed: true });
  expect(rated.summary?.metrics.map(({ metric, mean }) => [metric, mean])).toEqual([
    ['csat', 4.5],
    ['equals', 2 / 3],
  ]);
});

it('a metric that the file does not name is added by its first rating, and leaves with its last', async () => {
  await using bed = await setUp('[equals]');
  const { workbench } = bed;
  const { record: first } = await evaluate(workbench, bed.file);
  const scoresOf = async () => (await workbench.store.evals.cells(first.id, [0, 1, 2])).map(({ score }) => score);
  const before = await scoresOf();

  await rate(workbench, first.id, 0, { escalated: true });
  const rated = await rate(workbench, first.id, 2, { rating: 'down', completed: false });

  expect(rated.metrics.map(({ name, weight }) => [name, weight])).toEqual([
    ['equals', 1],
    ['escalated', 0],
    ['thumbs', 0],
    ['completed', 0],
  ]);
  // a row that has the column counts as if the file named the metric
  expect(rated.summary?.metrics).toMatchObject([
    { metric: 'equals', n: 3 },
    { metric: 'escalated', mean: 0.5, n: 2, missing: 1 },
    { metric: 'thumbs', mean: 0, n: 1, missing: 2 },
    { metric: 'completed', mean: 0, n: 1, missing: 2 },
  ]);
  expect(await scoresOf()).toEqual(before);
  expect(rated.counts).toEqual(first.counts);
  const [unrated] = await workbench.store.evals.cells(first.id, [1]);
  expect(unrated?.scores.map(({ value, reason }) => [value, reason]).slice(2)).toEqual([
    [null, expect.stringMatching(/^Not rated/)],
    [null, expect.stringMatching(/^Not rated/)],
  ]);
  // it is no metric of the file, so nothing has changed there
  await expect(workbench.evals.planChanged(first.id)).rejects.toThrow(/Nothing has changed/);

  const { record: rescored } = await endOf(await workbench.evals.rescore(first.id));
  expect(rescored.summary?.metrics.map(({ metric, mean, n }) => [metric, mean, n]).sort()).toEqual(
    rated.summary?.metrics.map(({ metric, mean, n }) => [metric, mean, n]).sort(),
  );
  await rate(workbench, first.id, 0, { escalated: undefined });
  const cleared = await rate(workbench, first.id, 2, { rating: undefined, completed: undefined });
  expect(cleared.metrics).toEqual(first.metrics);
  expect(cleared.summary).toEqual(first.summary);
});

it('an answer that is asked for again loses its rating, and the metric with it', async () => {
  await using bed = await setUp('[equals]');
  const { record: first } = await evaluate(bed.workbench, bed.file);
  await rate(bed.workbench, first.id, 2, { csat: 1 });

  const { record } = await endOf(await bed.workbench.evals.rerun(first.id, { cases: [2] }));

  expect(record.metrics).toEqual(first.metrics);
  expect(record.summary?.metrics).toHaveLength(1);
});

it('what is rated while the evaluation runs is in its metrics at the end', async () => {
  await using bed = await setUp('[equals]', 'concurrency: 1\n');
  const { workbench } = bed;
  bed.server.reply = (text) => ({ text, delayMs: text === 'Question 2' ? 300 : 0 });
  const job = await workbench.evals.start(await workbench.evals.plan(await workbench.evals.read(bed.file)));
  let running: unknown;
  const { record } = await endOf(job, (event) => {
    if (event.type !== 'cells' || running) return;
    running = rate(workbench, job.evaluationId, event.cells[0]!.case, { csat: 3, rating: 'up' });
  });

  expect(await running).toMatchObject({ state: 'running', metrics: [{ name: 'equals' }] });
  expect(record.state).toBe('done');
  expect(record.summary?.metrics).toMatchObject([
    { metric: 'equals', n: 3 },
    { metric: 'thumbs', mean: 1, n: 1 },
    // with the columns of two rows, one of which may be the rated one
    { metric: 'csat' },
  ]);
});
