import { describe, expect, it } from 'vitest';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel, rowsOf } from './eval-folder.ts';

const MAX_TOKENS = '{ model: local/m, config: { maxOutputTokens: 50 } }';

function evalFile(extra = '', model = MAX_TOKENS): string {
  return `prompts: [ask.prompt]\nmodels: [${model}]\ndataset: cases.jsonl\nmetrics: [equals]\n${extra}`;
}

describe('an evaluation', () => {
  it('stores an answer and its scores for every case, and sums them up', async () => {
    await using folder = createEvalFolder({ 'ask.prompt': ASK, 'cases.jsonl': rowsOf(20) });
    const file = folder.write(
      'a.eval.yaml',
      'prompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals, { metric: contains, value: "1" }]\nrepeats: 2\ngates: [{ metric: equals, threshold: 1 }, { metric: contains, threshold: 0.9 }, { costUsd: 0 }]\n',
    );
    const workbench = folder.open();

    const { record, events } = await evaluate(workbench, file);

    expect(record).toMatchObject({
      file: 'a.eval.yaml',
      name: 'a',
      state: 'done',
      simulated: true,
      counts: { cases: 20, cells: 40, passed: 22, failed: 18, errors: 0, cached: 0 },
      totals: { costUsd: 0 },
      summary: {
        metrics: [
          { metric: 'equals', column: 0, mean: 1, n: 20, missing: 0 },
          { metric: 'contains', column: 0, mean: 0.55, n: 20, missing: 0 },
        ],
        gates: [
          { gate: 'equals>=1', passed: true },
          { gate: 'contains>=0.9', passed: false, reason: expect.stringContaining('55%') },
          { gate: 'costUsd<=0', passed: true },
        ],
      },
    });
    expect(events[0]).toMatchObject({ type: 'eval-start' });
    expect(events.at(-1)).toMatchObject({ type: 'eval-end', record: { state: 'done' } });
    const reported = events.flatMap((event) => (event.type === 'cells' ? event.cells : []));
    expect(reported).toHaveLength(40);
    const cells = await workbench.store.evals.cells(record.id, [11]);
    expect(cells).toMatchObject([
      { case: 11, column: 0, repeat: 1, state: 'passed', score: 1, answer: { output: 'Question 11', simulated: true } },
      { case: 11, column: 0, repeat: 2, state: 'passed', cached: false },
    ]);
    expect((await workbench.store.evals.cases(record.id, [11]))[0]).toMatchObject({ id: 'c11', number: 12 });
  });

  it('compares a version with its baseline, and finds the listed one instead of adding it', async () => {
    await using server = await startChatServer((question, { model }) => ({ text: model === 'm' ? question : 'no' }));
    await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(12) });
    const first = folder.write('a.eval.yaml', evalFile('', '{ model: local/other, config: { maxOutputTokens: 9 } }'));
    const workbench = folder.open();
    const { record: before } = await evaluate(workbench, first);
    const second = folder.write('a.eval.yaml', evalFile(`baseline: { result: '${before.id.slice(0, 8)}' }\n`));

    const { record } = await evaluate(workbench, second);

    expect(record.baselineId).toBe(before.id);
    expect(record.summary?.metrics).toMatchObject([
      { mean: 1, baseline: { mean: 0, difference: 1, verdict: 'better', n: 12 } },
    ]);
    expect(record.summary?.unmatched).toEqual({ added: 0, removed: 0, changed: 0 });
    const compared = await workbench.evals.compare(record.id, before.id);
    expect(compared).toMatchObject({ common: 12, metrics: [{ metric: 'equals', comparison: { verdict: 'worse' } }] });
  });

  it('asks each connection at most so many things at once', async () => {
    await using server = await startChatServer((text) => ({ text, delayMs: 30 }));
    await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(30) });
    const file = folder.write('a.eval.yaml', evalFile('concurrency: 4\n'));

    const { record } = await evaluate(folder.open(), file);

    expect(record.counts).toMatchObject({ passed: 30 });
    expect(server.open.most).toBe(4);
  });

  it('uses earlier answers to the same request, which cost nothing', async () => {
    await using server = await startChatServer();
    await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(10) });
    const file = folder.write('a.eval.yaml', evalFile());
    const workbench = folder.open();
    const { record: first } = await evaluate(workbench, file);
    folder.write('cases.jsonl', rowsOf(12));
    const plan = await workbench.evals.plan(await workbench.evals.read(file));
    const { record } = await endOf(await workbench.evals.start(plan));

    expect(first.totals).toEqual({ costUsd: expect.closeTo(0.6, 9), inputTokens: 1000, outputTokens: 500 });
    expect(plan.counts).toEqual({ cases: 12, requests: 12, cached: 10 });
    expect(plan.estimate.ceilingUsd).toBeGreaterThan(0.1);
    expect(record.counts).toMatchObject({ passed: 12, cached: 10 });
    expect(record.totals.costUsd).toBeCloseTo(0.12, 9);
    expect(server.asked).toHaveLength(12);
    const [cell] = await workbench.store.evals.cells(record.id, [3]);
    const [was] = await workbench.store.evals.cells(first.id, [3]);
    expect(cell).toMatchObject({ cached: true, answerId: was?.answerId, answer: { latencyMs: was?.answer.latencyMs } });
    expect(await workbench.store.ledger.spentUsd(0)).toBeCloseTo(0.72, 9);

    folder.write('a.eval.yaml', evalFile('cache: refresh\n'));
    expect((await evaluate(workbench, file)).record.counts).toMatchObject({ cached: 0 });
    folder.write('a.eval.yaml', evalFile('cache: off\n'));
    expect((await evaluate(workbench, file)).record.counts).toMatchObject({ cached: 0 });
    expect(server.asked).toHaveLength(36);
  });

  it('sends equal requests once, and each repeat', async () => {
    await using server = await startChatServer((text) => ({ text, delayMs: 20 }));
    const rows = rowsOf(6, () => ({ question: 'The same', expected: 'The same' }));
    await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rows });
    const file = folder.write('a.eval.yaml', evalFile('repeats: 2\n'));

    const { record } = await evaluate(folder.open(), file);

    expect(record.counts).toMatchObject({ passed: 12, cached: 10 });
    expect(server.asked).toHaveLength(2);
  });

  it('costs what the requests cost that were sent, whichever cells share them', async () => {
    await using server = await startChatServer((text) => ({ text, delayMs: 5 }));
    await using folder = createEvalFolder({
      ...localModel(server.url),
      'ask.prompt': ASK,
      'same.prompt': ASK,
      'cases.jsonl': rowsOf(30),
    });
    const prompts = 'prompts: [ask.prompt, same.prompt]\ncache: refresh\n';
    const file = folder.write('a.eval.yaml', evalFile(prompts).replace('prompts: [ask.prompt]\n', ''));
    const workbench = folder.open();
    const sumOf = async ({ id }: { id: string }) => {
      const cells = await workbench.store.evals.cells(id, [...Array(30).keys()]);
      return cells.reduce((sum, { cached, answer }) => sum + (cached ? 0 : (answer.costUsd ?? Number.NaN)), 0);
    };

    const { record: stopped } = await evaluate(workbench, file, { maxCostUsd: 0.65 });

    expect(stopped).toMatchObject({ state: 'budget' });
    expect(stopped.totals.costUsd).toBeCloseTo(0.06 * server.asked.length, 9);
    expect(await sumOf(stopped)).toBeCloseTo(0.06 * server.asked.length, 9);

    const job = await workbench.evals.resume(stopped.id, { maxCostUsd: 10 });
    const { record, events } = await endOf(job);

    expect(record).toMatchObject({ state: 'done', counts: { passed: 60 } });
    expect(record.counts.cached + server.asked.length).toBe(60);
    expect(record.totals).toMatchObject({
      inputTokens: 100 * server.asked.length,
      outputTokens: 50 * server.asked.length,
    });
    expect(record.totals.costUsd).toBeCloseTo(0.06 * server.asked.length, 9);
    expect(await sumOf(record)).toBeCloseTo(0.06 * server.asked.length, 9);
    expect(await workbench.store.ledger.spentUsd(0)).toBeCloseTo(0.06 * server.asked.length, 9);
    const last = events.findLast((event) => event.type === 'cells');
    expect(last?.totals.costUsd).toBeCloseTo(record.totals.costUsd ?? Number.NaN, 9);
    const cells = await workbench.store.evals.cells(record.id, [...Array(30).keys()]);
    expect(new Set(cells.map(({ answerId }) => answerId)).size).toBe(server.asked.length);
  });

  it('sends equal requests once that are far apart, also if earlier answers are not reused', async () => {
    await using server = await startChatServer();
    const rows = rowsOf(40, (index) => ({ question: `Question ${index % 20}`, expected: `Question ${index % 20}` }));
    await using folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rows });
    const workbench = folder.open();
    for (const cache of ['read', 'refresh', 'off']) {
      const file = folder.write(`${cache}.eval.yaml`, evalFile(`concurrency: 2\ncache: ${cache}\n`));
      server.asked.length = 0;

      const plan = await workbench.evals.plan(await workbench.evals.read(file));
      const { record } = await endOf(await workbench.evals.start(plan));

      const sent = cache === 'off' ? 40 : 20;
      expect(plan.counts).toEqual({ cases: 40, requests: sent, cached: 0 });
      expect(server.asked).toHaveLength(sent);
      expect(record.counts).toMatchObject({ passed: 40, cached: 40 - sent });
      await workbench.store.evals.delete([record.id]);
    }
  });

  it('uses the prompt, the partials and the cases of its start, whatever is edited meanwhile', async () => {
    await using server = await startChatServer((text) => ({ text, delayMs: 10 }));
    await using folder = createEvalFolder({
      ...localModel(server.url),
      'ask.prompt': ASK.replace('{{question}}', '{{> polite}} {{question}}'),
      '_polite.prompt': 'Please:',
      'cases.jsonl': rowsOf(40),
    });
    const file = folder.write('a.eval.yaml', evalFile('concurrency: 2\n'));
    const workbench = folder.open();
    const plan = await workbench.evals.plan(await workbench.evals.read(file));
    folder.write('_polite.prompt', 'Now:');
    const job = await workbench.evals.start(plan);
    const { record } = await endOf(job, (event) => {
      if (event.type !== 'cells') return;
      folder.write('ask.prompt', ASK);
      folder.write('cases.jsonl', rowsOf(1));
    });

    expect(record.counts).toMatchObject({ cases: 40, cells: 40, errors: 0 });
    expect(new Set(server.asked.map((text) => text.replace(/\d+$/, 'n')))).toEqual(new Set(['Please: Question n']));
    expect(JSON.stringify(record.plan)).toContain('Please:');
  });

  it('scores answers of the dataset without calling a model', async () => {
    const rows = rowsOf(3, (index) => ({ id: `c${index}`, reference: 'yes', answer: index === 1 ? 'no' : 'yes' }));
    await using folder = createEvalFolder({ 'cases.jsonl': rows });
    const file = folder.write('a.eval.yaml', 'dataset: cases.jsonl\nmetrics: [equals]\n');
    const workbench = folder.open();
    const plan = await workbench.evals.plan(await workbench.evals.read(file));

    const { record } = await endOf(await workbench.evals.start(plan));

    expect(plan).toMatchObject({ counts: { requests: 0 }, providers: [], estimate: { usd: 0 } });
    expect(record.counts).toMatchObject({ cells: 3, passed: 2, failed: 1 });
    expect(record.columns).toMatchObject([{ model: undefined, isBaseline: false }]);
  });
});
