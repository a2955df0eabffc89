import { describe, expect, it } from 'vitest';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, evaluate, localModel, rowsOf } from './eval-folder.ts';

const FILE = `prompts: [ask.prompt]
models: [{ model: local/m, config: { maxOutputTokens: 50 } }]
dataset: cases.jsonl
metrics: [equals]
concurrency: 8
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

describe('a provider', () => {
  it('that limits the rate gets fewer requests at once, and every answer arrives', async () => {
    await using bed = await setUp(40);
    let limited = 0;
    bed.server.reply = (text) => {
      if (bed.server.open.now > 3 && limited < 30) {
        limited += 1;
        return { status: 429, headers: { 'retry-after-ms': '50' } };
      }
      return { text, delayMs: 10 };
    };

    const { record } = await evaluate(bed.folder.open(), bed.file, { patienceMs: 20_000 });

    expect(limited).toBeGreaterThan(0);
    expect(record).toMatchObject({ state: 'done', counts: { passed: 40, errors: 0 } });
  });

  it('that is down pauses the run, which continues when it is back', async () => {
    await using bed = await setUp(20);
    let [isDown, wasDown] = [false, false];
    bed.server.reply = (text) => (isDown ? { status: 503 } : { text });
    const workbench = bed.folder.open({}, { maxRetries: 0 });
    const plan = await workbench.evals.plan(await workbench.evals.read(bed.file));
    const job = await workbench.evals.start(plan);
    const states: (string | undefined)[] = [];
    const { record, events } = await endOf(job, (event) => {
      if (event.type === 'cells' && !wasDown) isDown = true;
      if (event.type !== 'eval-paused') return;
      wasDown = true;
      isDown = false;
      setTimeout(async () => states.push((await workbench.store.evals.get(job.evaluationId))?.state), 50);
    });

    expect(events).toContainEqual({ type: 'eval-paused', reason: expect.stringContaining('503') });
    expect(events).toContainEqual({ type: 'eval-continued' });
    expect(states).toEqual(['paused']);
    expect(record).toMatchObject({ state: 'done', counts: { passed: 20, errors: 0 } });
  });

  it('that stays down ends a run that has no patience, with the reason; resuming it asks for the rest', async () => {
    await using bed = await setUp(20);
    bed.server.reply = (text) => (bed.server.answered.length >= 8 ? { status: 503 } : { text });
    const workbench = bed.folder.open({}, { maxRetries: 0 });

    const { record: failed } = await evaluate(workbench, bed.file, { patienceMs: 100 });

    expect(failed).toMatchObject({ state: 'failed', error: { code: 'server', status: 503 } });
    expect(failed.counts.passed).toBeGreaterThanOrEqual(8);
    const { passed } = failed.counts;
    const asked = bed.server.asked.length;
    bed.server.reply = (text) => ({ text });
    const { record } = await endOf(await workbench.evals.resume(failed.id));
    expect(record).toMatchObject({ state: 'done', error: undefined, counts: { passed: 20, errors: 0 } });
    expect(bed.server.asked.length - asked).toBe(20 - passed);
  });

  it('that fails for one case makes its cell an error, and the others continue', async () => {
    await using bed = await setUp(12);
    bed.server.reply = (text) => (text === 'Question 4' ? { status: 500 } : { text });

    const { record } = await evaluate(bed.folder.open({}, { maxRetries: 0 }), bed.file);

    expect(record).toMatchObject({ state: 'done', counts: { passed: 11, errors: 1 } });
    const [cell] = await bed.folder.open().store.evals.cells(record.id, [4]);
    expect(cell).toMatchObject({ state: 'error', answer: { cacheKey: undefined, error: { status: 500 } } });
    expect(cell?.scores).toMatchObject([{ value: null, passed: null }]);
    expect(record.summary?.metrics).toMatchObject([{ mean: 1, n: 11, missing: 1 }]);
  });

  it('that fails for one case is found out although its requests are repeated, or it is the last one', async () => {
    await using bed = await setUp(12, 'cache: off\n');
    bed.server.reply = (text) =>
      text === 'Question 4' ? { status: 500, headers: { 'retry-after-ms': '80' } } : { text };
    const { record } = await evaluate(bed.folder.open({}, { maxRetries: 2 }), bed.file);
    expect(record).toMatchObject({ state: 'done', counts: { passed: 11, errors: 1 } });

    bed.server.reply = (text) => (text === 'Question 11' ? { status: 500, delayMs: 80 } : { text });
    const { record: last } = await evaluate(bed.folder.open({}, { maxRetries: 0 }), bed.file, { patienceMs: 100 });
    expect(last).toMatchObject({ state: 'done', error: undefined, counts: { passed: 11, errors: 1 } });
  });

  it('that fails for several cases, after which there is none, makes their cells errors', async () => {
    await using bed = await setUp(12, 'cache: off\n');
    const isBad = (text: string) => ['Question 9', 'Question 10', 'Question 11'].includes(text);
    bed.server.reply = (text) => (isBad(text) ? { status: 500, delayMs: 80 } : { text });

    const { record, events } = await evaluate(bed.folder.open({}, { maxRetries: 0 }), bed.file, { patienceMs: 3000 });

    expect(record).toMatchObject({ state: 'done', error: undefined, counts: { passed: 9, errors: 3 } });
    // who watches sees no pause that is over
    expect(
      events.filter(({ type }) => type === 'eval-paused' || type === 'eval-continued').map(({ type }) => type),
    ).toEqual(['eval-paused', 'eval-continued']);
  });

  it('that cuts an answer off is paid once for what it sent each time', async () => {
    await using bed = await setUp(4, 'cache: off\n');
    bed.server.reply = (text) => (text === 'Question 3' ? { text: 'A part of', isCut: true, delayMs: 80 } : { text });
    const workbench = bed.folder.open({}, { maxRetries: 0 });

    const { record } = await evaluate(workbench, bed.file, { patienceMs: 1000 });

    expect(record).toMatchObject({ state: 'done', counts: { passed: 3, errors: 1 } });
    const asked = bed.server.asked.filter((text) => text === 'Question 3').length;
    expect(asked).toBeGreaterThan(1);
    const [cell] = await workbench.store.evals.cells(record.id, [3]);
    const { costUsd = 0, error } = cell?.answer ?? {};
    expect(error).toMatchObject({ code: 'stream-cut' });
    expect(costUsd).toBeGreaterThan(0);
    const { usd } = await workbench.store.ledger.spentOn(record.id);
    // 100 tokens at $100 and 50 at $1000 per million
    expect(usd).toBeCloseTo(3 * 0.06 + asked * costUsd, 9);
    expect(record.totals.costUsd).toBeCloseTo(usd, 9);
  });

  it('that refuses the request itself makes each cell an error, and what it cost is not known', async () => {
    await using bed = await setUp(5);
    bed.server.reply = () => ({ status: 400 });
    const workbench = bed.folder.open();

    const { record, events } = await evaluate(workbench, bed.file);

    expect(record).toMatchObject({ state: 'done', counts: { errors: 5 }, totals: { costUsd: undefined } });
    expect(events.findLast(({ type }) => type === 'cells')).toMatchObject({ totals: { costUsd: undefined } });
    expect(bed.server.asked).toHaveLength(5);
    // one answer that tells its cost is enough: what failed was mostly not billed
    bed.server.reply = (text) => (text === 'Question 1' ? { text } : { status: 400 });
    const { record: resumed } = await endOf(await workbench.evals.rerun(record.id, { cases: 'errors' }));
    expect(resumed.totals.costUsd).toBeCloseTo(0.06, 9);
    expect(resumed.counts).toMatchObject({ passed: 1, errors: 4 });
  });

  it('that was sent nothing was not paid', async () => {
    await using bed = await setUp(2);
    bed.folder.write('given.jsonl', '{"output":"a","expected":"a"}\n');
    const file = bed.folder.write(
      'given.eval.yaml',
      'dataset: given.jsonl\nmetrics: [equals]\ngates: [{ costUsd: 0.5 }]\n',
    );
    const workbench = bed.folder.open();

    const { record } = await evaluate(workbench, file);

    expect(record.totals).toEqual({ costUsd: 0, inputTokens: 0, outputTokens: 0 });
    expect(record.summary?.gates).toMatchObject([{ passed: true }]);
    expect(await workbench.store.ledger.byPurpose(0)).toEqual([]);
  });

  it('that refuses the key ends the run after the requests in flight', async () => {
    await using bed = await setUp(50);
    bed.server.reply = () => ({ status: 401, delayMs: 20 });

    const { record } = await evaluate(bed.folder.open(), bed.file);

    expect(record).toMatchObject({ state: 'failed', error: { code: 'auth' } });
    expect(bed.server.asked.length).toBeLessThanOrEqual(16);
  });

  it('whose answer has 1 MB is stored whole', async () => {
    await using bed = await setUp(2);
    const text = '0123456789'.repeat(100_000);
    bed.server.reply = () => ({ text });
    const workbench = bed.folder.open();

    const { record } = await evaluate(workbench, bed.file);

    expect(record.counts).toMatchObject({ failed: 2 });
    expect((await workbench.store.evals.cells(record.id, [1]))[0]?.answer.output).toBe(text);
  });
});

describe('before a request is sent', () => {
  const faults: [name: string, files: Record<string, string>, code: string, message: string][] = [
    ['a missing column', { 'cases.jsonl': '{"id":"a","other":1}\n' }, 'missing-column', 'cases.jsonl:1: row 1'],
    ['a ragged row', { 'cases.csv': 'id,question\na,b\nc,d,e\n' }, 'invalid-input', 'cases.csv'],
    [
      'equal ids',
      { 'cases.jsonl': rowsOf(2, () => ({ id: 'a', question: 'q' })) },
      'duplicate-case-id',
      'cases.jsonl:2: row 2',
    ],
    ['no case', { 'cases.jsonl': '' }, 'no-cases', 'cases.jsonl'],
    ['a prompt that does not exist', { 'ask.prompt': '' }, 'invalid-evaluation', 'ask.prompt'],
    ['a broken prompt', { 'ask.prompt': ASK.replace('{{question}}', '{{#if}}') }, 'invalid-prompt', 'ask.prompt'],
  ];

  it.each(faults)('%s is an error with its place', async (name, files, code, message) => {
    await using bed = await setUp(3);
    for (const [file, text] of Object.entries(files)) bed.folder.write(file, text);
    const dataset = Object.keys(files).find((file) => file.startsWith('cases')) ?? 'cases.jsonl';
    const prompt = name.includes('not exist') ? 'none.prompt' : 'ask.prompt';
    const file = bed.folder.write('b.eval.yaml', FILE.replace('cases.jsonl', dataset).replace('ask.prompt', prompt));
    const workbench = bed.folder.open();
    const spec = await workbench.evals.read(file);

    const error = await workbench.evals.plan(spec).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'UserError', code });
    expect(String((error as Error).message)).toContain(name.includes('not exist') ? 'none.prompt' : message);
    expect(bed.server.asked).toEqual([]);
  });

  it('a prompt and a model that do not exist are named with the line of the file', async () => {
    await using bed = await setUp(3);
    const workbench = bed.folder.open();
    const messageOf = async (text: string) => {
      const file = bed.folder.write('evals/b.eval.yaml', text);
      const plan = workbench.evals.read(file).then((spec) => workbench.evals.plan(spec));
      return plan.then(
        () => 'planned',
        ({ message }: Error) => message,
      );
    };
    const rest = 'rows: [{ question: a }]\nmetrics: [equals]\n';

    expect(await messageOf(`prompts:\n  - none.prompt\n${rest}`)).toMatch(
      /^evals\/b\.eval\.yaml:2: prompts: none\.prompt/,
    );
    const unknown = `prompts: [../ask.prompt]\nmodels:\n  - nowhere/m\n${rest}`;
    expect(await messageOf(unknown)).toMatch(/^evals\/b\.eval\.yaml:3: models: .*nowhere/);
  });

  it('an unknown price with a budget, an unknown model, connection, result and version are errors', async () => {
    await using bed = await setUp(3);
    const workbench = bed.folder.open();
    const plan = async (text: string) => {
      const file = bed.folder.write('b.eval.yaml', text);
      return workbench.evals.plan(await workbench.evals.read(file));
    };

    await expect(plan(`${FILE.replace('local/m,', 'local/x,')}budget: 1\n`)).rejects.toMatchObject({
      code: 'unknown-price',
    });
    const unlimited = FILE.replace('{ model: local/m, config: { maxOutputTokens: 50 } }', 'local/m');
    await expect(plan(`${unlimited}budget: 1\n`)).rejects.toMatchObject({ code: 'unknown-price' });
    await expect(plan(FILE.replace('local/m', 'demo/swfit'))).rejects.toMatchObject({
      code: 'unknown-model',
      hint: expect.stringContaining('demo/swift'),
    });
    await expect(plan(FILE.replace('local/m', 'nowhere/m'))).rejects.toMatchObject({ code: 'unknown-connection' });
    await expect(plan(`${FILE}baseline: { result: abc }\n`)).rejects.toMatchObject({ code: 'unknown-result' });
    expect(bed.server.asked).toEqual([]);
  });

  it('a workspace that is not trusted runs nothing', async () => {
    await using bed = await setUp(3);
    const workbench = bed.folder.open({ trusted: () => false });
    const spec = await workbench.evals.read(bed.file);
    await expect(workbench.evals.plan(spec)).rejects.toMatchObject({ code: 'untrusted' });
  });
});
