import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventBatcher, createFrames } from '../../../src/core/base/event-batcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function collect(options: { joinTurn?: boolean; frames?: ReturnType<typeof createFrames> } = {}) {
  const batches: string[][] = [];
  const batcher = createEventBatcher<string>({ ...options, send: (events) => batches.push(events) });
  return { batches, batcher };
}

describe('the event batcher', () => {
  it('sends the first event at once, and the following ones together within 30 ms', async () => {
    const { batches, batcher } = collect();
    for (const event of ['a', 'b', 'c']) batcher.push(event);
    expect(batches).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(30);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('keeps nothing after a pause', async () => {
    const { batches, batcher } = collect();
    batcher.push('a');
    await vi.advanceTimersByTimeAsync(31);
    batcher.push('b');
    expect(batches).toEqual([['a'], ['b']]);
  });

  it('sends frames while events arrive, and then runs no timer', async () => {
    const { batches, batcher } = collect();
    for (let at = 0; at < 100; at += 10) {
      batcher.push(String(at));
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.runAllTimersAsync();
    expect(batches.map((events) => events.length)).toEqual([1, 2, 3, 3, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('joins streams that arrive in the same turn, including their first events', async () => {
    const frames = createFrames();
    const panel = collect({ joinTurn: true });
    const runs = ['x', 'y'].map((name) =>
      createEventBatcher<string>({
        frames,
        send: (events) => {
          for (const event of events) panel.batcher.push(name + event);
        },
      }),
    );
    for (const event of ['1', '2']) for (const run of runs) run.push(event);
    await vi.advanceTimersByTimeAsync(0);
    expect(panel.batches).toEqual([['x1', 'y1']]);
    await vi.advanceTimersByTimeAsync(31);
    expect(panel.batches).toEqual([
      ['x1', 'y1'],
      ['x2', 'y2'],
    ]);
  });

  it('sends pending events when it is flushed, and nothing after it was closed', async () => {
    const { batches, batcher } = collect();
    for (const event of ['a', 'b']) batcher.push(event);
    batcher.flush();
    batcher.push('c');
    batcher.close();
    await vi.runAllTimersAsync();
    expect(batches).toEqual([['a'], ['b']]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
