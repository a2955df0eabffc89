import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQuietPeriod } from '../../../src/vscode/host/quiet-period.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin() {
  const period = createQuietPeriod({ longestMs: 1500, quietMs: 400 });
  period.begin();
  const hasEnded = () => Promise.race([period.ended().then(() => true), Promise.resolve().then(() => false)]);
  return { period, hasEnded };
}

test('it ends when the event has not occurred again', async () => {
  const { period, hasEnded } = begin();
  await vi.advanceTimersByTimeAsync(300);
  period.note();
  await vi.advanceTimersByTimeAsync(300);
  expect(await hasEnded()).toBe(false);
  period.note();
  await vi.advanceTimersByTimeAsync(300);
  expect(await hasEnded()).toBe(false);
  await vi.advanceTimersByTimeAsync(150);
  expect(await hasEnded()).toBe(true);
});

test('it ends if the event never occurs, or keeps occurring', async () => {
  const { period, hasEnded } = begin();
  for (let asked = 0; asked < 5; asked++) {
    await vi.advanceTimersByTimeAsync(290);
    period.note();
  }
  expect(await hasEnded()).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(await hasEnded()).toBe(true);
  expect(await begin().hasEnded()).toBe(false);
});

test('there is no wait before it begins', async () => {
  const { ended } = createQuietPeriod({ longestMs: 1500, quietMs: 400 });
  await ended();
});
