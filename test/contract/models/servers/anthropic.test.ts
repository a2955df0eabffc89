import { describe, expect, it } from 'vitest';
import { json, sse, useServer } from './serve.ts';

const server = useServer();
const ask = (reply: Parameters<typeof server.ask>[0]) => server.ask(reply, { type: 'anthropic' });

const start = (counts: Record<string, unknown> = { input_tokens: 12, output_tokens: 1 }) => ({
  type: 'message_start',
  message: {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'served',
    content: [],
    stop_reason: null,
    usage: counts,
  },
});
const text = (piece: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } });
const opened = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
const end = (counts: Record<string, unknown> = { output_tokens: 5 }, reason: string | null = 'end_turn') => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null },
  usage: counts,
});
const stopped = { type: 'message_stop' };

describe('a server that imitates the Messages API', () => {
  it('may omit the names of its events: the type identifies them', async () => {
    const answer = await ask(
      sse(
        start(),
        { type: 'ping' },
        opened,
        text('Hel'),
        text('lo'),
        { type: 'content_block_stop', index: 0 },
        end(),
        stopped,
      ),
    );

    expect(answer).toMatchObject({
      text: 'Hello',
      usage: { inputTokens: 12, outputTokens: 5 },
      finish: { reason: 'stop', rawReason: 'end_turn' },
      error: undefined,
    });
  });

  it('may name every event `message`, or omit the type in the data', async () => {
    const named = [start(), opened, text('Hello'), end(), stopped].map(
      (chunk) => `event: message\ndata: ${JSON.stringify(chunk)}\n\n`,
    );
    expect(await ask(named.join(''))).toMatchObject({ text: 'Hello', error: undefined });
    const untyped = [start(), opened, text('Hello'), end(), stopped].map(
      ({ type, ...rest }) => `event: ${type}\ndata: ${JSON.stringify(rest)}\n\n`,
    );
    expect(await ask(untyped.join(''))).toMatchObject({ text: 'Hello', error: undefined });
  });

  it('may end with [DONE], or with message_stop alone', async () => {
    expect(await ask(sse(start(), opened, text('Hi'), '[DONE] '))).toMatchObject({
      text: 'Hi',
      finish: { reason: 'unknown' },
      error: undefined,
    });
    expect(await ask(sse(start(), opened, text('Hi'), stopped))).toMatchObject({ text: 'Hi', error: undefined });
    expect((await ask(sse(start(), opened, text('Hi')))).error).toMatchObject({ code: 'stream-cut' });
  });

  it('may ignore `stream: true`', async () => {
    const content = [
      { type: 'thinking', thinking: 'Look.', signature: 's' },
      { type: 'text', text: 'It rains.' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
    ];
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'served',
      content,
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 4 },
    };
    expect(await ask(json(message))).toMatchObject({
      text: 'It rains.',
      reasoning: 'Look.',
      calls: [{ id: 'a', name: 'f', input: { x: 1 } }],
      usage: { inputTokens: 3, outputTokens: 4 },
      finish: { reason: 'tool-calls' },
      error: undefined,
    });
  });

  it.each([
    ['a body', json({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }), { status: 529 }],
    [
      'an event without a name',
      sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      { status: 529 },
    ],
    ['an event with text', 'event: error\ndata: Overloaded\n\n', {}],
    ['OpenAI’s error', json({ error: { message: 'Overloaded', code: 503 } }), { status: 503 }],
  ])('shows an error with its own message: %s', async (_, reply, more) => {
    expect((await ask(reply)).error).toMatchObject({
      code: 'server',
      message: expect.stringContaining('Overloaded'),
      ...more,
    });
  });

  it('ignores zeros in its counts, and keeps real ones', async () => {
    const zeros = { input_tokens: 0, output_tokens: 0 };
    const body = (first: Record<string, unknown>, last: Record<string, unknown>) =>
      sse(start(first), opened, text('Hello'), end(last), stopped);
    expect((await ask(body(zeros, zeros))).usage).toBeUndefined();
    expect((await ask(body(zeros, { input_tokens: 12, output_tokens: 5 }))).usage).toEqual({
      inputTokens: 12,
      outputTokens: 5,
    });
    const cached = { input_tokens: 2, output_tokens: 1, cache_read_input_tokens: 60, cache_creation_input_tokens: 30 };
    expect((await ask(body(cached, { ...zeros, output_tokens: 5, cache_read_input_tokens: 0 }))).usage).toEqual({
      inputTokens: 92,
      outputTokens: 5,
      cacheReadTokens: 60,
      cacheWriteTokens: 30,
    });
  });

  it('may send arguments as an object, or null for a piece', async () => {
    const call = {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} },
    };
    const piece = (partial: unknown) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: partial },
    });
    for (const pieces of [[{ x: 1 }], [null, '{"x"', ':1}']]) {
      const { calls } = await ask(
        sse(start(), call, ...pieces.map(piece), { type: 'content_block_stop', index: 0 }, end({}, 'tool_use')),
      );
      expect(calls).toEqual([{ id: 'a', name: 'f', input: { x: 1 } }]);
    }
  });
});
