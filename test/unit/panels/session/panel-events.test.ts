import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPanelEvents } from '../../../../src/panels/session/panel-events.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A page that takes a batch when `take` is called. */
function openPage() {
  const batches: [seq: number, events: string[]][] = [];
  let take = () => {};
  const events = createPanelEvents<string>((seq, batch) => {
    batches.push([seq, batch]);
    return new Promise<void>((resolve) => {
      take = resolve;
    });
  });
  return { batches, events, take: () => take() };
}

it('joins the events of a turn, and those until the page has the last batch', async () => {
  const { batches, events, take } = openPage();
  events.push('a');
  events.push('b');
  await vi.advanceTimersByTimeAsync(1);
  expect(batches).toEqual([[1, ['a', 'b']]]);
  for (const event of ['c', 'd', 'e']) {
    events.push(event);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(batches).toHaveLength(1);
  take();
  await vi.advanceTimersByTimeAsync(1);
  expect(batches.slice(1)).toEqual([[2, ['c', 'd', 'e']]]);
});

it('waits a second at most for a page that takes nothing', async () => {
  const { batches, events } = openPage();
  events.push('a');
  await vi.advanceTimersByTimeAsync(1);
  events.push('b');
  await vi.advanceTimersByTimeAsync(900);
  expect(batches).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(batches.slice(1)).toEqual([[2, ['b']]]);
});

it('does not wait before a snapshot, and sends nothing once it is closed', async () => {
  const { batches, events, take } = openPage();
  events.push('a');
  await vi.advanceTimersByTimeAsync(1);
  events.push('b');
  events.flush();
  expect(batches.slice(1)).toEqual([[2, ['b']]]);
  events.push('c');
  await vi.advanceTimersByTimeAsync(100);
  events.close();
  take();
  await vi.advanceTimersByTimeAsync(2000);
  expect(batches).toHaveLength(2);
});
