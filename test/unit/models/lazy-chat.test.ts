import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatModel } from '../../../src/core/models/chat-model.ts';
import { createLazyChat, type LazyChatOptions } from '../../../src/core/models/lazy-chat.ts';
import { ask, collect } from './make-context.ts';

const KEY = 'sk-planted-0123456789';
const text = (words: string): ChatEvent => ({ type: 'text-delta', text: words });

/** A provider that emits these events, then fails or ends, and reports whether its stream was closed. */
function lazy(events: ChatEvent[], { failure, ...options }: Partial<LazyChatOptions> & { failure?: Error } = {}) {
  const seen = { opened: 0, closed: 0, succeeded: 0, failed: [] as unknown[] };
  const chat: ChatModel = {
    async *stream() {
      try {
        yield* events;
        if (failure) throw failure;
      } finally {
        seen.closed += 1;
      }
    },
  };
  const model = createLazyChat({
    open: async () => {
      seen.opened += 1;
      return { chat, listModels: async () => [] };
    },
    countsTokens: false,
    secrets: [KEY],
    suggest: async () => [],
    succeeded: () => {
      seen.succeeded += 1;
    },
    failed: (error) => void seen.failed.push(error),
    ...options,
  });
  return { model, seen };
}

describe('a model that is loaded on first use', () => {
  it('opens its provider only when its stream is read', async () => {
    const { model, seen } = lazy([text('a')]);
    const stream = model.stream(ask('Hi'), new AbortController().signal);
    expect(seen.opened).toBe(0);

    for await (const _ of stream);
    expect(seen).toMatchObject({ opened: 1, closed: 1, succeeded: 1, failed: [] });
  });

  it('closes the provider’s stream when its reader stops', async () => {
    const { model, seen } = lazy([text('a'), text('b'), text('c')]);
    for await (const event of model.stream(ask('Hi'), new AbortController().signal)) if (event) break;

    expect(seen.closed).toBe(1);
  });

  it('emits pending events before the error, and the error once, without its secret', async () => {
    const { model, seen } = lazy([text('so sk-'), text('pl')], { failure: new Error(`refused ${KEY}`) });
    const stream = model.stream(ask('Hi'), new AbortController().signal)[Symbol.asyncIterator]();

    expect(await stream.next()).toMatchObject({ value: text('so ') });
    expect(await stream.next()).toMatchObject({ value: text('sk-pl') });
    await expect(stream.next()).rejects.toThrow('refused [removed]');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(seen.failed).toHaveLength(1);
  });

  it('reports why its provider could not be loaded', async () => {
    const { model, seen } = lazy([], { open: () => Promise.reject(new Error('no SDK')) });

    expect((await collect(model, ask('Hi'))).error).toMatchObject({ message: 'no SDK' });
    expect(seen).toMatchObject({ succeeded: 0, failed: [{ message: 'no SDK' }] });
  });
});
