import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle } from '../../../src/core/base/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('requests that follow each other quickly are answered at once and then once per interval', () => {
  let runs = 0;
  const throttle = new Throttle(() => runs++, 100);
  for (let request = 0; request < 10; request++) throttle.request();
  expect(runs).toBe(1);
  vi.advanceTimersByTime(99);
  expect(runs).toBe(1);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(2);
});

test('endless requests do not starve it', () => {
  let runs = 0;
  const throttle = new Throttle(() => runs++, 100);
  for (let ms = 0; ms < 1000; ms += 10) {
    throttle.request();
    vi.advanceTimersByTime(10);
  }
  expect(runs).toBeGreaterThanOrEqual(10);
});

test('nothing runs after it was disposed', () => {
  let runs = 0;
  const throttle = new Throttle(() => runs++, 100);
  throttle.request();
  throttle.request();
  throttle.dispose();
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(1);
});
