import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel, rowsOf } from './eval-folder.ts';

const MODELS = 'models: [{ model: local/m, config: { maxOutputTokens: 50 } }]\n';
const REST = `${MODELS}dataset: cases.jsonl\nmetrics: [equals]\n`;

async function setUp(evaluation: string, count = 5) {
  const server = await startChatServer();
  const folder = createEvalFolder({ ...localModel(server.url), 'ask.prompt': ASK, 'cases.jsonl': rowsOf(count) });
  const file = folder.write('a.eval.yaml', evaluation);
  return {
    server,
    folder,
    file,
    workbench: folder.open(),
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a run of what has changed since a result', () => {
  it('asks only for new and changed rows, in a new result, even if the file reuses no answers', async () => {
    await using bed = await setUp(`prompts: [ask.prompt]\n${REST}cache: off\n`);
    const { record: first } = await evaluate(bed.workbench, bed.file);
    const [, ...rows] = rowsOf(5).trim().split('\n');
    const edited = { id: 'c1', question: 'Another question', expected: 'Another question' };
    const added = { id: 'new', question: 'New', expected: 'New' };
    rows[0] = JSON.stringify(edited);
    bed.folder.write('cases.jsonl', `${[...rows, JSON.stringify(added)].join('\n')}\n`);

    const plan = await bed.workbench.evals.planChanged(first.id);
    const { record } = await endOf(await bed.workbench.evals.start(plan));

    expect(plan).toMatchObject({
      counts: { cases: 5, requests: 5, cached: 3 },
      providers: [`local (${new URL(bed.server.url).origin})`],
      notices: ['Changed since that result: 1 case, 1 new case and 1 removed case.'],
    });
    // two requests of at most 50 tokens, at $1 for 1,000
    expect(plan.estimate.ceilingUsd).toBeGreaterThan(0.1);
    expect(plan.estimate.ceilingUsd).toBeLessThan(0.11);
    expect(bed.server.asked.slice(5).sort()).toEqual(['Another question', 'New']);
    expect(record.id).not.toBe(first.id);
    expect(record).toMatchObject({ state: 'done', counts: { passed: 5, cached: 3 } });
    expect(await bed.workbench.store.evals.get(first.id)).toMatchObject({ counts: { cases: 5, passed: 5 } });
  });

  it('asks again with a changed prompt, and only with that one', async () => {
    await using bed = await setUp(`prompts: [ask.prompt, other.prompt]\n${REST}`);
    bed.folder.write('other.prompt', ASK.replace('{{question}}', 'Well: {{question}}'));
    const { record: first } = await evaluate(bed.workbench, bed.file);
    bed.folder.write('other.prompt', ASK.replace('{{question}}', 'So: {{question}}'));

    const plan = await bed.workbench.evals.planChanged(first.id);
    await endOf(await bed.workbench.evals.start(plan));

    expect(plan.notices).toEqual(['Changed since that result: the prompt other.']);
    expect(bed.server.asked.slice(10).sort()).toEqual([0, 1, 2, 3, 4].map((index) => `So: Question ${index}`));
  });

  it('sends nothing if nothing has changed', async () => {
    await using bed = await setUp(`prompts: [ask.prompt]\n${REST}`);
    const { record: first } = await evaluate(bed.workbench, bed.file);

    const planned = bed.workbench.evals.planChanged(first.id);

    await expect(planned).rejects.toMatchObject({
      code: 'unchanged',
      message: expect.stringContaining('Nothing has changed'),
    });
    expect(bed.server.asked).toHaveLength(5);
  });

  it('compares the rows of a dataset that is too large for the memory', async () => {
    await using bed = await setUp('dataset: given.jsonl\nmetrics: [equals]\n');
    const rows = Array.from({ length: 20_001 }, (_, index) => ({ id: `r${index}`, output: 'a', expected: 'a' }));
    const write = () => bed.folder.write('given.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    write();
    const { record: first } = await evaluate(bed.workbench, bed.file);

    await expect(bed.workbench.evals.planChanged(first.id)).rejects.toMatchObject({ code: 'unchanged' });

    rows[20_000]!.expected = 'b';
    rows.shift();
    write();
    const { notices } = await bed.workbench.evals.planChanged(first.id);
    expect(notices).toEqual(['Changed since that result: 1 case and 1 removed case.']);
  });

  it('keeps the answers of a target to rows that are the same, also when it is resumed', async () => {
    const asked: string[] = [];
    await using server = await startTarget(({ question }) => {
      asked.push(question);
      return question === 'Broken' ? undefined : question;
    });
    await using bed = await setUp(
      `targets: [{ name: app, http: { url: '${server.url}', answer: $.answer } }]\ndataset: cases.jsonl\nmetrics: [equals]\n`,
    );
    bed.folder.write('cases.jsonl', `${rowsOf(4)}{"id":"bad","question":"Broken","expected":"x"}\n`);
    const { record: first } = await evaluate(bed.workbench, bed.file);
    asked.length = 0;
    const changed = rowsOf(4).replace('Question 2', 'Changed 2');
    bed.folder.write('cases.jsonl', `${changed}{"id":"bad","question":"Broken","expected":"x"}\n`);

    const plan = await bed.workbench.evals.planChanged(first.id);
    const { record } = await endOf(await bed.workbench.evals.start(plan));

    expect(first.counts).toMatchObject({ passed: 4, errors: 1 });
    expect(plan.counts).toEqual({ cases: 5, requests: 5, cached: 3 });
    // an error is no answer to keep
    expect([...new Set(asked)].sort()).toEqual(['Broken', 'Changed 2']);
    expect(record.counts).toMatchObject({ cached: 3, errors: 1 });
  });
});

describe('a run of some cases', () => {
  it.each([
    ['those that are chosen', ['c1', 'c3'], ['Question 1', 'Question 3']],
    ['all but those that are left out', { except: ['c0', 'c2', 'c4'] }, ['Question 1', 'Question 3']],
  ])('asks %s, and counts only them', async (_what, cases, asked) => {
    await using bed = await setUp(`prompts: [ask.prompt]\n${REST}`);
    const { evals } = bed.workbench;

    const plan = await evals.plan(await evals.read(bed.file), { cases });
    const { record } = await endOf(await evals.start(plan));

    expect(plan.counts).toMatchObject({ cases: 2, requests: 2 });
    expect(bed.server.asked.toSorted()).toEqual(asked);
    expect(record.counts).toMatchObject({ cases: 2, passed: 2 });
  });
});

describe('what a resume would send', () => {
  it('is counted by open cells, with its receivers and what answers have cost so far', async () => {
    await using bed = await setUp(`prompts: [ask.prompt]\n${REST}repeats: 2\n`, 6);
    bed.server.reply = (text) => ({ text: text === 'Question 3' ? 'wrong' : text });
    const { record } = await evaluate(bed.workbench, bed.file);
    const { evals } = bed.workbench;

    // 100 tokens at $100 and 50 at $1,000 a million
    const costUsd = 0.06;
    expect(await evals.planResume(record.id, 'failed')).toMatchObject({
      requests: 2,
      providers: [`local (${new URL(bed.server.url).origin})`],
      estimate: { usd: expect.closeTo(2 * costUsd), simulated: false },
    });
    expect(await evals.planResume(record.id, [0, 1])).toMatchObject({
      requests: 4,
      estimate: { usd: expect.closeTo(4 * costUsd) },
    });
    expect(await evals.planResume(record.id)).toEqual({
      requests: 0,
      providers: [],
      estimate: { usd: 0, ceilingUsd: 0, simulated: true },
    });
  });

  it('is estimated as at the start if nothing was answered yet, and names nobody for demo models', async () => {
    await using bed = await setUp(`prompts: [ask.prompt]\n${REST}budget: 0.01\n`);
    const { record } = await evaluate(bed.workbench, bed.file);
    bed.folder.write('demo.eval.yaml', 'prompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals]\n');
    const { record: demo } = await evaluate(bed.workbench, `${bed.folder.folder}/demo.eval.yaml`);
    const { evals } = bed.workbench;

    expect(record).toMatchObject({ state: 'budget', counts: { passed: 0 } });
    const planned = await evals.planResume(record.id);
    expect(planned).toMatchObject({ requests: 5, estimate: { simulated: false } });
    expect(planned.estimate.usd).toBeGreaterThan(0);
    expect(planned.estimate.usd).toBeLessThan(5 * 0.06);
    expect(await evals.planResume(demo.id, [0])).toMatchObject({
      requests: 1,
      providers: [],
      estimate: { simulated: true },
    });
  });
});

/** An application that answers questions; undefined is a fault of it. */
async function startTarget(answer: (input: { question: string }) => string | undefined) {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const found = answer(JSON.parse(text) as { question: string });
    response.writeHead(found === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ answer: found }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
