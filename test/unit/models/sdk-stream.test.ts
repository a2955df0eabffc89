import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/models/chat-model.ts';
import type { ChunkSource } from '../../../src/core/models/transport/chunk-source.ts';
import { type StreamMapper, streamFromSdk } from '../../../src/core/models/transport/sdk-stream.ts';
import { createStreamGuard } from '../../../src/core/models/transport/stream-guard.ts';
import { makeContext } from './make-context.ts';

const MAPPER: StreamMapper<string> = {
  map: (text, out) => void out.push({ type: 'text-delta', text }),
  end(out) {
    out.push({ type: 'finish', reason: 'stop', rawReason: 'stop', servedModel: undefined });
    return true;
  },
};

/** Chunks that arrive in these batches; an error in a batch is thrown at its place. */
function sourceOf(batches: (string | Error)[][], signal: AbortSignal): ChunkSource<string> {
  const waiting = [...batches];
  return {
    async read(take) {
      signal.throwIfAborted();
      for (const item of waiting.shift() ?? []) {
        if (typeof item !== 'string') throw item;
        take(item);
      }
      return waiting.length > 0;
    },
  };
}

async function play(batches: (string | Error)[][], onText: (text: string, abort: () => void) => void = () => {}) {
  const context = makeContext();
  const control = new AbortController();
  const stream = streamFromSdk<string>(
    {
      context,
      guard: createStreamGuard(context, { authHeaders: undefined }),
      model: 'm',
      warnings: [],
      open: async (attempt) => sourceOf(batches, attempt.signal),
      createMapper: () => MAPPER,
    },
    control.signal,
  );
  const events: ChatEvent[] = [];
  const texts = () => events.flatMap((event) => (event.type === 'text-delta' ? event.text : []));
  try {
    for await (const event of stream) {
      events.push(event);
      if (event.type === 'text-delta') onText(event.text, () => control.abort());
    }
    return { texts: texts(), last: events.at(-1)?.type, error: undefined };
  } catch (error) {
    return { texts: texts(), last: events.at(-1)?.type, error };
  }
}

describe('chunks that arrive together', () => {
  it('are emitted one by one, and the end after the last', async () => {
    expect(await play([['a', 'b'], [], ['c']])).toEqual({ texts: ['a', 'b', 'c'], last: 'finish', error: undefined });
  });

  it('are not emitted after the user has stopped', async () => {
    const { texts, error } = await play([['a', 'b', 'c'], ['d']], (text, abort) => text === 'b' && abort());

    expect(texts).toEqual(['a', 'b']);
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  it('are emitted up to the place where the stream breaks', async () => {
    const { texts, error } = await play([['a', 'b', new SyntaxError('no JSON'), 'c'], ['d']]);

    expect(texts).toEqual(['a', 'b']);
    expect(error).toMatchObject({ code: 'bad-response' });
  });
});
