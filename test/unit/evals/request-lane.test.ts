import { expect, it } from 'vitest';
import { RequestLane } from '../../../src/core/evals/requests/request-lane.ts';

function createLane(most: number) {
  const clock = { now: 1000 };
  const events: string[] = [];
  const lane = new RequestLane({
    most,
    now: () => clock.now,
    onPause: (reason) => events.push(`paused: ${reason}`),
    onContinue: () => events.push('continued'),
  });
  return { lane, clock, events };
}

const DOWN = { code: 'server', message: 'The server says 503.' } as const;

it('halves what runs at once after a rate limit, once for all requests in flight, and raises it step by step', () => {
  const { lane, clock } = createLane(8);
  clock.now += 1;
  for (let request = 0; request < 8; request += 1) lane.rateLimited(0, 1000);
  expect(lane.limit).toBe(4);
  lane.rateLimited(0, 1002);
  expect(lane.limit).toBe(2);
  for (let answer = 0; answer < 2; answer += 1) lane.succeeded(1003);
  expect(lane.limit).toBe(3);
  for (let answer = 0; answer < 100; answer += 1) lane.succeeded(1003);
  expect(lane.limit).toBe(8);
});

it('pauses after failures without a success in between, and waits once for those in flight', () => {
  const { lane, clock, events } = createLane(8);
  lane.failed(DOWN, 1000);
  lane.succeeded(1000);
  for (let request = 0; request < 2; request += 1) lane.failed(DOWN, 1000);
  expect(events).toEqual([]);
  for (let request = 0; request < 6; request += 1) lane.failed(DOWN, 1000);
  expect(events).toEqual(['paused: The server says 503.']);
  expect(lane.limit).toBe(1);
  expect(lane.downMs).toBe(2000);
  clock.now += 2000;
  lane.failed(DOWN, 3000);
  expect(lane.downMs).toBe(6000);
  // an answer to a request from before says nothing about now
  lane.succeeded(900);
  expect(events).toHaveLength(1);
  lane.succeeded(3500);
  expect(events).toEqual(['paused: The server says 503.', 'continued']);
  expect(lane.downMs).toBeUndefined();
});

it('sends the next request at once if the user continues while the provider is down', async () => {
  const { lane, clock } = createLane(8);
  const { signal } = new AbortController();
  for (let request = 0; request < 3; request += 1) lane.failed({ ...DOWN, retryAfterMs: 3_600_000 }, 1000);
  const waiting = lane.enter(signal);
  clock.now += 10;
  lane.retryNow();
  await waiting;
  expect(lane.running).toBe(1);
});

it('does not shorten the wait after a rate limit of a provider that answers', async () => {
  const { lane } = createLane(8);
  const end = new AbortController();
  lane.rateLimited(3_600_000, 1000);
  const waiting = lane.enter(end.signal);
  lane.retryNow();
  end.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

it('does not let a waiting request in after the end', async () => {
  const { lane } = createLane(1);
  const end = new AbortController();
  await lane.enter(end.signal);
  const second = lane.enter(end.signal);
  end.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
});
