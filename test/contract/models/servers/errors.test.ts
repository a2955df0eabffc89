import { describe, expect, it } from 'vitest';
import type { Reply } from '../http-server.ts';
import { delta, json, sse, stop, useServer } from './serve.ts';

const server = useServer();
const text = (body: string): Reply => ({ kind: 'body', headers: { 'content-type': 'text/plain' }, body });
const vllm = { object: 'error', message: 'The model is out of memory.', type: 'InternalServerError', code: 500 };

describe('an error with status 200', () => {
  it.each<[string, Reply | string, string, Record<string, unknown>]>([
    ['vLLM’s object in a stream', sse(vllm, '[DONE]'), 'The model is out of memory.', { code: 'server', status: 500 }],
    ['vLLM’s object as a body', json(vllm), 'The model is out of memory.', { code: 'server', status: 500 }],
    [
      'a JSON body with an error',
      json({ error: { message: 'Bad temperature.', type: 'invalid_request_error', code: 400 } }),
      'Bad temperature.',
      { code: 'bad-request', status: 400 },
    ],
    ['a JSON body whose error is a text', json({ error: 'model "x" not found' }), 'model "x" not found', {}],
    [
      'an error in a list',
      json([{ error: { code: 429, message: 'Slow down.' } }]),
      'Slow down.',
      { code: 'rate-limit' },
    ],
    ['FastAPI’s detail', json({ detail: 'Model not loaded.' }), 'Model not loaded.', {}],
    ['a gateway’s message', json({ message: 'Forbidden by policy.' }), 'Forbidden by policy.', {}],
    [
      'MiniMax’s base_resp',
      json({ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }),
      'insufficient balance',
      { code: 'quota' },
    ],
    [
      '`event: error` with text',
      'event: error\ndata: upstream timed out\n\n',
      'upstream timed out',
      { code: 'server' },
    ],
    ['`event: error` with JSON', 'event: error\ndata: {"error":{"message":"No GPU."}}\n\n', 'No GPU.', {}],
    ['`event: error` without data', 'event: error\n\n', 'without an explanation', {}],
    [
      'plain text in the stream',
      'data: Internal error, see logs\n\n',
      'Internal error, see logs',
      { code: 'bad-response' },
    ],
    [
      'plain text instead of the stream',
      text('upstream connect error'),
      'upstream connect error',
      { code: 'bad-response' },
    ],
    [
      'an error with a status as text',
      sse({ error: { code: '429', message: 'Slow down.' } }),
      'Slow down.',
      { code: 'rate-limit' },
    ],
    [
      'Groq’s error next to its id',
      sse({ x_groq: { id: 'r', error: 'over capacity' }, choices: [] }),
      'over capacity',
      {},
    ],
  ])('is shown with its own message: %s', async (_, reply, message, more) => {
    const { error, finish } = await server.ask(reply);

    expect(error).toMatchObject({ name: 'ProviderError', message: expect.stringContaining(message), ...more });
    expect(finish).toBeUndefined();
  });

  it.each([
    ['of the chunk', { error: { code: 502, message: 'Provider disconnected' } }],
    [
      'of the choice',
      {
        choices: [
          { index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'Provider disconnected' } },
        ],
      },
    ],
  ])('in the middle of a stream keeps the text before it: %s', async (_, last) => {
    const { text: shown, error } = await server.ask(sse(delta({ content: 'Half' }), { ...stop('error'), ...last }));

    expect(shown).toBe('Half');
    expect(error).toMatchObject({ status: 502, message: expect.stringContaining('Provider disconnected') });
  });

  it.each([
    ['error', 'error'],
    ['insufficient_system_resource', 'error'],
    ['network_error', 'error'],
  ])('is the finish reason %s if the server reports nothing more', async (raw, reason) => {
    const answer = await server.ask(sse(delta({ content: 'Half' }), stop(raw), '[DONE]'));

    expect(answer).toMatchObject({ text: 'Half', finish: { reason, rawReason: raw } });
  });

  it('is tried again if its code suggests it', async () => {
    const busy = sse({ error: { code: 503, message: 'overloaded' } });
    const good = sse(delta({ content: 'Hi' }), stop());
    const answer = await server.ask(
      [
        { kind: 'body', body: busy, headers: { 'retry-after-ms': '1' } },
        { kind: 'body', body: good },
      ],
      { maxRetries: 1 },
    );

    expect(answer).toMatchObject({ text: 'Hi', error: undefined });
    expect(answer.bodies).toHaveLength(2);
  });
});

describe('a chunk that is not an object', () => {
  it.each(['1', '[]', '"text"', 'null', 'true', '[1,2]', '{"choices":', 'oops'])('is an error: %s', async (chunk) => {
    for (const type of ['openai-compatible', 'openai', 'anthropic'] as const) {
      const { error } = await server.ask(sse(chunk, '[DONE]'), { type });
      expect(error).toMatchObject({ code: 'bad-response', message: expect.stringContaining(chunk.slice(0, 5)) });
    }
  });

  it('is an error even after valid chunks', async () => {
    const { text: shown, error } = await server.ask(sse(delta({ content: 'Hi' }), '[]', stop(), '[DONE]'));

    expect(shown).toBe('Hi');
    expect(error).toMatchObject({ code: 'bad-response' });
  });
});

describe('a complete stream without an answer', () => {
  const ollama = { model: 'm', message: { role: 'assistant', content: 'Hi' }, done: true };
  it.each<[string, Reply | string, 'openai-compatible' | 'openai' | 'anthropic', string]>([
    ['chunks of another protocol', sse(ollama, '[DONE]'), 'openai-compatible', '"done":true'],
    ['a body of another protocol', json(ollama), 'openai-compatible', '"done":true'],
    ['an empty object', sse({}, '[DONE]'), 'openai-compatible', '{}'],
    [
      'no choice',
      json({ id: 'c', object: 'chat.completion', choices: [], usage: {} }),
      'openai-compatible',
      '"choices":[]',
    ],
    ['chunks of chat completions', sse(delta({ content: 'Hi' }), stop(), '[DONE]'), 'anthropic', 'chat.completion'],
    ['chunks of the Messages API', sse({ type: 'message_stop' }, '[DONE]'), 'openai-compatible', 'message_stop'],
  ])('is an error that shows what was received: %s', async (_, reply, type, sample) => {
    const { error, finish } = await server.ask(reply, { type });

    expect(error).toMatchObject({ code: 'bad-response', message: expect.stringContaining(sample) });
    expect(finish).toBeUndefined();
  });

  it('is an empty answer if its only choice is empty', async () => {
    expect(await server.ask(sse(delta({ role: 'assistant', content: '' }), '[DONE]'))).toMatchObject({
      text: '',
      error: undefined,
    });
  });
});

describe('Retry-After', () => {
  const limited = (headers: Record<string, string>): Reply =>
    ({
      ...json({ error: { message: 'Too many requests.' } }, 429),
      headers: { 'content-type': 'application/json', ...headers },
    }) as Reply;

  it.each([
    [{ 'retry-after': '20' }, '20 s'],
    [{ 'retry-after': '90' }, '90 s'],
    [{ 'retry-after': '150' }, '2 min 30 s'],
    [{ 'retry-after': '3600' }, '60 min'],
    [{ 'retry-after': '86400' }, '24 h 0 min'],
    [{ 'retry-after-ms': '1500' }, '1.5 s'],
  ])('is shown as a duration: %j', async (headers, wait) => {
    const { error } = await server.ask(limited(headers));

    expect(error).toMatchObject({
      code: 'rate-limit',
      hint: expect.stringContaining(`asks to wait ${wait} (Retry-After)`),
    });
  });

  it('is shown for a date', async () => {
    const { error } = await server.ask(limited({ 'retry-after': new Date(Date.now() + 300_000).toUTCString() }));

    expect(error).toMatchObject({ hint: expect.stringMatching(/asks to wait (5 min|4 min 5\d s)/) });
  });

  it('is not invented', async () => {
    expect((await server.ask(limited({}))).error).toMatchObject({ hint: expect.not.stringContaining('Retry-After') });
  });
});
