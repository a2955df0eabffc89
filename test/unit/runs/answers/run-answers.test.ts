import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkAnswer } from '../../../../src/core/runs/answers/check-answer.ts';
import { startComparison } from '../../../../src/core/runs/compare-runs.ts';
import type { RunEvent, RunSpec } from '../../../../src/core/runs/events.ts';
import {
  type Bench,
  createBench,
  createSpec,
  finish,
  ofType,
  pause,
  resultOf,
  type Step,
  text,
  usage,
} from '../fixtures.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function run(bench: Bench, spec: Partial<RunSpec> = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const comparison = startComparison(bench.deps, [createSpec(spec)]);
  const reading = (async () => {
    for await (const event of comparison.events) events.push(event);
  })();
  let isOver = false;
  void reading.then(() => {
    isOver = true;
  });
  // The schema check loads its compiler asynchronously, so the clock runs until the end event arrives.
  while (!isOver) {
    await vi.advanceTimersByTimeAsync(500);
    await vi.dynamicImportSettled();
  }
  await reading;
  return events;
}
function play(...steps: Step[]): Bench {
  const bench = createBench({ 'model-a': [...steps, usage(7, 3), finish] });
  return { ...bench, deps: { ...bench.deps, checkAnswer } };
}
const schema = { type: 'object', properties: { n: { type: 'integer' }, note: { type: 'string' } }, required: ['n'] };

describe('an answer with a think block', () => {
  it('is shown, checked and recorded without it, and its exact text is kept', async () => {
    const bench = play(text('<thi'), text('nk>One and'), pause(60), text(' two.</think>\n{"n":'), text(' 3}'));
    const events = await run(bench, { output: { format: 'json', schema } });
    const result = resultOf(events);
    const exact = '<think>One and two.</think>\n{"n": 3}';

    expect(result).toMatchObject({
      text: '{"n": 3}',
      rawText: exact,
      reasoning: 'One and two.',
      schemaCheck: { valid: true },
      message: {
        parts: [
          { type: 'reasoning', text: 'One and two.' },
          { type: 'text', text: '{"n": 3}' },
        ],
      },
    });
    expect(
      ofType(events, 'text-delta')
        .map((event) => event.text)
        .join(''),
    ).toBe('{"n": 3}');
    expect(
      ofType(events, 'reasoning-delta')
        .map((event) => event.text)
        .join(''),
    ).toBe('One and two.');
    expect(bench.memory.runs.get('run-1')).toMatchObject({ text: '{"n": 3}', rawText: exact });
  });

  it('has no separate exact text if nothing was removed', async () => {
    expect(resultOf(await run(play(text('Four.')))).rawText).toBeUndefined();
    const provider: Step = { type: 'reasoning-delta', text: 'hm' };
    expect(resultOf(await run(play(provider, text('Four.'))))).toMatchObject({
      text: 'Four.',
      reasoning: 'hm',
      rawText: undefined,
    });
  });

  it('keeps the exact text of an answer with removed nulls too', async () => {
    const result = resultOf(await run(play(text('{"n":3,"note":null}')), { output: { format: 'json', schema } }));

    expect(JSON.parse(result.text)).toEqual({ n: 3 });
    expect(result.rawText).toBe('{"n":3,"note":null}');
  });

  it('consists only of reasoning if it was cut off inside', async () => {
    expect(resultOf(await run(play(text('<think>Well, '), text('let me'))))).toMatchObject({
      text: '',
      reasoning: 'Well, let me',
      rawText: '<think>Well, let me',
    });
  });
});

describe('an answer that its provider ended with an error', () => {
  it('is a failed run that keeps the received text', async () => {
    const failed: Step = { type: 'finish', reason: 'error', rawReason: 'error', servedModel: undefined };
    const result = resultOf(await run(createBench({ 'model-a': [text('Half'), usage(7, 3), failed] })));

    expect(result).toMatchObject({
      state: 'failed',
      text: 'Half',
      finishReason: 'error',
      error: { code: 'server', message: expect.stringContaining('finish reason "error"') },
    });
  });
});

describe('the cost that the provider reports', () => {
  it('is the exact cost of the run, regardless of the prices', async () => {
    const reported: Step = { type: 'usage', usage: { inputTokens: 7, outputTokens: 3, reportedCostUsd: 0.0042 } };
    const bench = createBench({ 'model-a': [text('Hi'), reported, finish] });
    const { figures } = resultOf(await run(bench));

    expect(figures.cost).toEqual({ totalUsd: 0.0042, reported: true, source: 'reported by the provider' });
    expect(bench.memory.runs.get('run-1')).toMatchObject({ costUsd: 0.0042, usage: { reportedCostUsd: 0.0042 } });
  });

  it('may be zero', async () => {
    const free: Step = { type: 'usage', usage: { inputTokens: 7, outputTokens: 3, reportedCostUsd: 0 } };
    expect(resultOf(await run(createBench({ 'model-a': [text('Hi'), free, finish] }))).figures.cost.totalUsd).toBe(0);
  });
});

describe('a server that shows activity without content', () => {
  const alive: Step = { type: 'alive' };

  it('is reported with the time since the last content, until content arrives', async () => {
    const waits = Array.from({ length: 9 }, () => [pause(500), alive]).flat();
    const events = await run(play(text('Hi'), ...waits, text(' there'), pause(600)));
    const aliveTimes = ofType(events, 'run-figures').map(({ figures }) => figures.aliveMs);

    expect(Math.max(...aliveTimes.map((ms) => ms ?? 0))).toBeGreaterThanOrEqual(4_000);
    expect(aliveTimes.filter((ms) => ms !== undefined).every((ms) => ms >= 2_000)).toBe(true);
    expect(aliveTimes.at(-1)).toBeUndefined();
    expect(resultOf(events).figures).not.toHaveProperty('aliveMs');
  });

  it('is not reported if nothing arrives at all', async () => {
    const events = await run(play(pause(9_000), text('Hi')));
    expect(ofType(events, 'run-figures').some(({ figures }) => figures.aliveMs !== undefined)).toBe(false);
  });
});

describe('an endless answer', () => {
  it('is stopped at 16 MB, and the received text is kept', async () => {
    const piece = 'ä'.repeat(500_000);
    const bench = createBench({ 'model-a': [...Array.from({ length: 40 }, () => text(piece)), { type: 'hang' }] });
    const result = resultOf(await run(bench));

    expect(result.text === 'ä'.repeat(8 * 1024 * 1024)).toBe(true);
    expect(result).toMatchObject({
      state: 'failed',
      error: { code: 'bad-response', message: expect.stringContaining('16 MB') },
    });
  });

  it('counts reasoning and tool calls like text', async () => {
    const half = 'x'.repeat(9 * 1024 * 1024);
    const bench = createBench({
      'model-a': [
        { type: 'reasoning-delta', text: half },
        { type: 'tool-call', id: 'a', name: 'f', input: { half } },
        { type: 'hang' },
      ],
    });
    const result = resultOf(await run(bench));

    expect(result).toMatchObject({ state: 'failed', reasoning: half, toolCalls: [], error: { code: 'bad-response' } });
  });
});
