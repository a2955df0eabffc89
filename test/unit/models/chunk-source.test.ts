import { describe, expect, it } from 'vitest';
import {
  type ReadEvent,
  readAnthropicEvent,
  readOpenAiEvent,
  readServerEvents,
} from '../../../src/core/models/transport/chunk-source.ts';

async function collect(body: string | null, readEvent: ReadEvent<unknown>) {
  const source = readServerEvents(new Response(body), readEvent);
  const chunks: unknown[] = [];
  const texts: (string | undefined)[] = [];
  let error: unknown;
  try {
    while (
      await source.read((chunk, json) => {
        chunks.push(chunk);
        texts.push(json);
      })
    );
  } catch (thrown) {
    error = thrown;
  }
  return { chunks, texts, error };
}

describe('a stream of the OpenAI protocol', () => {
  it('returns each chunk with its text, and ends at [DONE]', async () => {
    const answer = await collect(
      'data: {"a": 1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\ndata: {"c":3}\n\n',
      readOpenAiEvent,
    );

    expect(answer).toEqual({ chunks: [{ a: 1 }, { b: 2 }], texts: ['{"a": 1}', '{"b":2}'], error: undefined });
  });

  it.each([
    ['data: {"a":1}\n\ndata: {"error":{"message":"overloaded","code":"busy"}}\n\n'],
    ['data: {"a":1}\n\nevent: error\ndata: {"message":"overloaded","code":"busy"}\n\n'],
    ['data: {"a":1}\n\nevent: error\ndata: {"error":{"message":"overloaded","code":"busy"}}\n\n'],
  ])('returns the chunks before an error, then the error: %j', async (body) => {
    const { chunks, error } = await collect(body, readOpenAiEvent);

    expect(chunks).toEqual([{ a: 1 }]);
    expect(error).toMatchObject({ error: { message: 'overloaded', code: 'busy' }, headers: expect.any(Headers) });
  });

  it('fails if a chunk is not JSON', async () => {
    const { chunks, error } = await collect('data: {"a":1}\n\ndata: {"a"\n\n', readOpenAiEvent);

    expect(chunks).toEqual([{ a: 1 }]);
    expect(error).toBeInstanceOf(SyntaxError);
  });

  it('is empty without a body', async () => {
    expect(await collect(null, readOpenAiEvent)).toMatchObject({ chunks: [], error: undefined });
  });
});

describe('a stream of the Messages API', () => {
  it('ignores pings and events without a name or data', async () => {
    const body =
      'event: ping\ndata: {"type":"ping"}\n\ndata: {"x":1}\n\nevent: a\n\nevent: stop\ndata: {"type":"stop"}\n\n';

    expect((await collect(body, readAnthropicEvent)).chunks).toEqual([{ type: 'stop' }]);
  });

  it.each([
    [
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      { error: { message: 'Overloaded' } },
    ],
    ['Overloaded', 'Overloaded'],
  ])('fails with the message of an error event: %s', async (data, detail) => {
    const { error } = await collect(`event: error\ndata: ${data}\n\n`, readAnthropicEvent);

    expect(error).toMatchObject({ error: detail });
  });
});
