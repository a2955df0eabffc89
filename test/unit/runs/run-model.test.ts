import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../../../src/core/base/errors.ts';
import type { RunEvent, RunSpec } from '../../../src/core/runs/events.ts';
import { runModel } from '../../../src/core/runs/run-model.ts';
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
} from './fixtures.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function run(bench: Bench, spec: Partial<RunSpec> = {}, control = new AbortController()) {
  const events: RunEvent[] = [];
  const done = runModel(bench.deps, createSpec(spec), { signal: control.signal, emit: (event) => events.push(event) });
  await vi.runAllTimersAsync();
  await done;
  return events;
}

const provider = (code: 'rate-limit' | 'stream-cut' | 'model-not-found', hint?: string) =>
  new ProviderError('The provider said no.', { code, retryable: false, ...(hint ? { hint } : {}) });

describe('a run', () => {
  it('ends with the text, the finish reason and the figures of the provider', async () => {
    const bench = createBench({
      'model-a': [pause(100), text('Hello '), pause(100), text('world'), usage(7, 3), finish],
    });
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'done', text: 'Hello world', finishReason: 'stop', servedModel: 'served-1' });
    expect(result.figures).toMatchObject({
      usage: { inputTokens: 7, outputTokens: 3 },
      usageEstimated: false,
      cost: { totalUsd: 13 },
      ttftMs: 100,
      elapsedMs: 200,
      tokensPerSecond: 30,
    });
    expect(result.error).toBeUndefined();
  });

  it('shows estimates while it streams', async () => {
    const bench = createBench({
      'model-a': [text('12345678'), pause(150), text('1234'), pause(150), usage(7, 9), finish],
    });
    const live = ofType(await run(bench), 'run-figures').map(({ figures }) => figures);
    expect(live.length).toBeGreaterThan(1);
    expect(live.every(({ usageEstimated }) => usageEstimated)).toBe(true);
    expect(live.at(-1)?.usage).toEqual({ inputTokens: 10, outputTokens: 3 });
    expect(live.at(-1)?.cost.totalUsd).toBe(16);
  });

  it('never shows fewer live tokens than have arrived, regardless of early usage', async () => {
    const bench = createBench({ 'model-a': [usage(7, 1), text('12345678'), pause(600), usage(7, 9), finish] });
    const live = ofType(await run(bench), 'run-figures').map(({ figures }) => figures.usage);
    expect(live.at(-1)).toEqual({ inputTokens: 7, outputTokens: 2 });
  });

  it('joins a fast stream into few deltas and loses nothing', async () => {
    const steps: Step[] = Array.from({ length: 200 }, (_, index) => [text(`${index} `), pause(2)]).flat();
    const events = await run(createBench({ 'model-a': [...steps, usage(1, 1), finish] }));
    const deltas = ofType(events, 'text-delta');
    expect(deltas.length).toBeLessThan(16);
    expect(deltas.map((delta) => delta.text).join('')).toBe(resultOf(events).text);
    expect(ofType(events, 'run-figures').length).toBeLessThan(8);
  });

  it('sends the first delta without waiting for others', async () => {
    const bench = createBench({ 'model-a': [text('a'), { type: 'hang' }] });
    const events: RunEvent[] = [];
    const control = new AbortController();
    const done = runModel(bench.deps, createSpec(), { signal: control.signal, emit: (event) => events.push(event) });
    await vi.advanceTimersByTimeAsync(0);
    expect(ofType(events, 'text-delta')).toHaveLength(1);
    control.abort();
    await vi.runAllTimersAsync();
    await done;
  });

  it('keeps reasoning, text and tool calls in the order of arrival', async () => {
    const bench = createBench({
      'model-a': [
        { type: 'reasoning-delta', text: 'Let me ' },
        { type: 'reasoning-delta', text: 'think', signature: 'proof' },
        text('Looking '),
        text('it up.'),
        { type: 'tool-call', id: 't1', name: 'find', input: { q: 1 } },
        usage(1, 1),
        { type: 'finish', reason: 'tool-calls', rawReason: 'tool_use', servedModel: undefined },
      ],
    });
    const events = await run(bench);
    expect(resultOf(events).message.parts).toEqual([
      { type: 'reasoning', text: 'Let me think', signature: 'proof' },
      { type: 'text', text: 'Looking it up.' },
      { type: 'tool-call', id: 't1', name: 'find', input: { q: 1 } },
    ]);
    const kinds = events.map(({ type }) => type).filter((type) => /delta|call/.test(type));
    expect(kinds.at(-1)).toBe('tool-call');
  });

  it('does not count reasoning that was never streamed towards the speed', async () => {
    const counted: Step = { type: 'usage', usage: { inputTokens: 1, outputTokens: 110, reasoningTokens: 100 } };
    const bench = createBench({ 'model-a': [pause(900), text('a'), pause(1000), text('b'), counted, finish] });
    expect(resultOf(await run(bench)).figures.tokensPerSecond).toBe(10);
  });

  it('has no speed if everything arrived at once', async () => {
    const bench = createBench({ 'model-a': [text('all of it'), usage(1, 50), finish] });
    expect(resultOf(await run(bench)).figures.tokensPerSecond).toBeUndefined();
  });

  it('keeps and estimates the received text if the stream is cut', async () => {
    const bench = createBench({
      'model-a': [text('12345678'), pause(50), { type: 'throw', error: provider('stream-cut') }],
    });
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'failed', text: '12345678', error: { code: 'stream-cut' } });
    expect(result.figures).toMatchObject({ usageEstimated: true, usage: { inputTokens: 10, outputTokens: 2 } });
    expect(result.figures.cost.totalUsd).toBe(14);
  });

  it('treats a stream that ends without a finish reason as cut', async () => {
    const result = resultOf(await run(createBench({ 'model-a': [text('half')] })));
    expect(result).toMatchObject({ state: 'failed', text: 'half', error: { code: 'stream-cut' } });
  });

  it('reports a retry and the exchanged data', async () => {
    const request: Step = { type: 'request', url: 'http://x/', headers: {}, body: { model: 'm' } };
    const error = { code: 'rate-limit' as const, message: 'slow down' };
    const bench = createBench({
      'model-a': [request, { type: 'retry', attempt: 1, waitMs: 700, error }, request, text('a'), usage(1, 1), finish],
    });
    const events = await run(bench);
    expect(ofType(events, 'run-retry')).toEqual([
      { type: 'run-retry', runId: 'run-1', attempt: 1, waitMs: 700, error },
    ]);
    expect(ofType(events, 'run-request')).toHaveLength(2);
  });

  it('suggests the nearest models if the provider does not know the name', async () => {
    const bench = createBench({
      'model-a': [{ type: 'throw', error: provider('model-not-found', 'Look at the list.') }],
    });
    expect(resultOf(await run(bench)).error?.hint).toBe('Did you mean test/model-a, test/model-b? Look at the list.');
  });

  it('fails and sends nothing if the model is not written as connection/model', async () => {
    const bench = createBench({});
    expect(resultOf(await run(bench, { model: 'gpt' })).error?.code).toBe('unknown-model');
    expect(bench.requests).toHaveLength(0);
  });

  it('that is stopped before the first byte is empty, and not a failure', async () => {
    const bench = createBench({ 'model-a': [{ type: 'hang' }] });
    const control = new AbortController();
    setTimeout(() => control.abort(), 300);
    const result = resultOf(await run(bench, {}, control));
    expect(result).toMatchObject({ state: 'stopped', text: '', error: undefined });
    expect(result.figures.usage).toEqual({ inputTokens: 10 });
  });

  it('that is stopped keeps the received text', async () => {
    const bench = createBench({ 'model-a': [text('12345678'), { type: 'hang' }] });
    const control = new AbortController();
    setTimeout(() => control.abort(), 300);
    const result = resultOf(await run(bench, {}, control));
    expect(result).toMatchObject({ state: 'stopped', text: '12345678', error: undefined });
    expect(result.figures.usageEstimated).toBe(true);
  });

  it('ends even if the stream ignores the stop, and ignores what arrives later', async () => {
    const bench = createBench({});
    bench.deps.models.chat = async () => ({
      async *stream() {
        yield { type: 'text-delta' as const, text: 'a' };
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        yield { type: 'text-delta' as const, text: 'late' };
      },
    });
    const control = new AbortController();
    setTimeout(() => control.abort(), 100);
    const events = await run(bench, {}, control);
    expect(resultOf(events).text).toBe('a');
    expect(events.at(-1)?.type).toBe('run-end');
  });

  it('checks the answer against the schema only if JSON was requested', async () => {
    const bench = createBench({ 'model-a': [text('{"a":null}'), usage(1, 1), finish] });
    bench.deps.checkAnswer = async () => ({ text: '{}', check: { valid: false, problems: ['$.a is missing'] } });
    const asked = resultOf(await run(bench, { output: { format: 'json', schema: {} } }));
    expect(asked).toMatchObject({ text: '{}', schemaCheck: { valid: false, problems: ['$.a is missing'] } });
    expect(resultOf(await run(bench)).schemaCheck).toBeUndefined();
  });

  it('requires no JSON of an answer that calls a tool instead', async () => {
    const call: Step = { type: 'tool-call', id: 't', name: 'find', input: {} };
    const bench = createBench({ 'model-a': [call, usage(1, 1), finish] });
    bench.deps.checkAnswer = async () => ({ text: '', check: { valid: false, problems: [] } });
    expect(resultOf(await run(bench, { output: { format: 'json' } })).schemaCheck).toBeUndefined();
  });

  it('says once that tokens are estimates if the provider reports none', async () => {
    const result = resultOf(await run(createBench({ 'model-a': [text('12345678'), finish] })));
    expect(result.warnings.map(({ code }) => code)).toEqual(['usage-estimated']);
    expect(result.figures).toMatchObject({ usageEstimated: true, usage: { inputTokens: 10, outputTokens: 2 } });
  });

  it('prefers the count of the provider to the estimate if no usage is reported', async () => {
    const bench = createBench({ 'model-a': [text('12345678'), finish] });
    const { chat } = bench.deps.models;
    bench.deps.models.chat = async (ref) => ({ ...(await chat(ref)), countTokens: async () => 42 });
    expect(resultOf(await run(bench)).figures.usage.inputTokens).toBe(42);
  });

  it('warns about a model that its provider is about to shut down', async () => {
    vi.setSystemTime(new Date('2026-11-23T12:00:00Z'));
    const soon = createBench({ 'model-a': [text('a'), usage(1, 1), finish] }, { sunsetDate: '2027-01-14' });
    expect(resultOf(await run(soon)).warnings[0]).toMatchObject({ code: 'sunset', message: /2027-01-14/ });
    const late = createBench({ 'model-a': [text('a'), usage(1, 1), finish] }, { sunsetDate: '2028-01-14' });
    expect(resultOf(await run(late)).warnings).toEqual([]);
  });

  it('has no cost if the price is unknown', async () => {
    const bench = createBench({ 'model-a': [text('a'), usage(1, 1), finish] }, { prices: undefined });
    expect(resultOf(await run(bench)).figures.cost.totalUsd).toBeUndefined();
  });
});

describe('the stored raw response of a run', () => {
  const raw = (content: string): Step => ({ type: 'raw', chunk: { content } });
  async function keep(steps: Step[]) {
    const bench = createBench({ 'model-a': [...steps, usage(1, 1), finish] });
    const { chat } = bench.deps.models;
    const removeSecrets = (value: string) => value.replaceAll('sk-planted', '[removed]');
    bench.deps.models.chat = async (ref) => ({ ...(await chat(ref)), removeSecrets });
    const done = runModel(bench.deps, createSpec(), { signal: new AbortController().signal, emit() {} });
    await vi.runAllTimersAsync();
    return JSON.parse((await done).rawResponseJson ?? 'null');
  }

  it('contains no secret that the server repeated', async () => {
    expect(await keep([raw('your key is sk-planted'), text('fine')])).toEqual([{ content: 'your key is [removed]' }]);
  });

  it('is omitted if a secret arrived in pieces, which no chunk shows', async () => {
    const kept = await keep([raw('sk-pl'), raw('anted'), text('[removed]')]);
    expect(kept).toEqual([{ withheld: expect.stringContaining('repeated a secret') }]);
  });
});

describe('the budget of a run', () => {
  it('sends nothing if the input alone would exceed it', async () => {
    const bench = createBench({ 'model-a': [text('a'), usage(1, 1), finish] });
    bench.settings.budgetPerRunUsd = 9;
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'failed', error: { code: 'budget' } });
    expect(bench.requests).toHaveLength(0);
  });

  it('stops a stream at the last text within the budget', async () => {
    const bench = createBench({ 'model-a': [text('12345678'), pause(10), text('12345678'), { type: 'hang' }] });
    // The input costs 10, four characters 2.
    bench.settings.budgetPerRunUsd = 17;
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'stopped', text: '123456781234', error: { code: 'budget' } });
    expect(result.figures.cost.totalUsd).toBe(16);
    expect(result.error?.message).toBe(
      'Stopped at about $16.00: more would exceed the limit of $17.00 per run. The text received so far is kept.',
    );
  });

  it('keeps the part within the budget of an answer in one piece, and splits no character', async () => {
    const bench = createBench({ 'model-a': [text('abc😀😀😀😀'), usage(10, 6), finish] });
    bench.settings.budgetPerRunUsd = 12;
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'stopped', text: 'abc', error: { code: 'budget' } });
    expect(result.figures.cost.totalUsd).toBe(12);
  });

  it('counts reasoning and tool calls too; a call that would exceed it is left out', async () => {
    const call: Step = { type: 'tool-call', id: '1', name: 'lookup', input: { id: 42 } };
    const bench = createBench({ 'model-a': [{ type: 'reasoning-delta', text: '12345678' }, call, finish] });
    bench.settings.budgetPerRunUsd = 15;
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'stopped', reasoning: '12345678', toolCalls: [] });
    expect(result.figures.cost.totalUsd).toBe(14);
  });

  it('includes usage that a provider reports on the way, and sends nothing more to it', async () => {
    const bench = createBench({ 'model-a': [text('1234'), usage(10, 20), text('5678'), { type: 'hang' }] });
    bench.settings.budgetPerRunUsd = 20;
    const counted = vi.fn(async () => 10);
    const { chat } = bench.deps.models;
    bench.deps.models.chat = async (ref) => ({ ...(await chat(ref)), countTokens: counted });
    const result = resultOf(await run(bench));
    expect(result).toMatchObject({ state: 'stopped', text: '1234', error: { code: 'budget' } });
    expect(result.error?.message).toMatch(/^Stopped at about \$50\.00: the provider reports more than was estimated/);
    expect(counted).not.toHaveBeenCalled();
  });

  it('is kept for any pieces', async () => {
    const { default: fc } = await import('fast-check');
    const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 10, max: 60 }), async (texts, limit) => {
        const bench = createBench({ 'model-a': [...texts.map(text), finish] });
        bench.settings.budgetPerRunUsd = limit;
        const result = resultOf(await run(bench));
        const whole = texts.join('');
        expect(whole.startsWith(result.text)).toBe(true);
        expect(result.figures.cost.totalUsd ?? 0).toBeLessThanOrEqual(limit);
        expect(result.text.isWellFormed()).toBe(whole.isWellFormed());
        // One more character would have exceeded it.
        const fits = 10 + 2 * Math.ceil(whole.length / 4) <= limit;
        expect(result.text === whole).toBe(fits);
      }),
      { numRuns: 60 },
    );
  });

  it('does not stop a run with an unknown price', async () => {
    const bench = createBench({ 'model-a': [text('12345678'), usage(1, 1), finish] }, { prices: undefined });
    bench.settings.budgetPerRunUsd = 0.0001;
    expect(resultOf(await run(bench)).state).toBe('done');
  });
});
