import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Debounce } from '../../../src/core/base/debounce.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('only the last of several requests runs, and those of other keys do not wait for it', async () => {
  const debounce = new Debounce(() => {});
  const ran: string[] = [];
  debounce.schedule(() => ran.push('a1'), 100, 'a');
  debounce.schedule(() => ran.push('b'), 100, 'b');
  await vi.advanceTimersByTimeAsync(60);
  debounce.schedule(() => ran.push('a2'), 100, 'a');
  await vi.advanceTimersByTimeAsync(60);
  expect(ran).toEqual(['b']);
  await vi.advanceTimersByTimeAsync(60);
  expect(ran).toEqual(['b', 'a2']);
});

test('a cancelled or disposed request does not run', async () => {
  const debounce = new Debounce(() => {});
  const ran: string[] = [];
  debounce.schedule(() => ran.push('a'), 10, 'a');
  debounce.schedule(() => ran.push('b'), 10, 'b');
  debounce.cancel('a');
  debounce.dispose();
  await vi.advanceTimersByTimeAsync(20);
  expect(ran).toEqual([]);
});

test('errors, thrown or rejected, are passed to the creator', async () => {
  const errors: unknown[] = [];
  const debounce = new Debounce((error) => errors.push(error));
  debounce.schedule(() => Promise.reject(new Error('late')), 1, 'a');
  debounce.schedule(
    () => {
      throw new Error('at once');
    },
    2,
    'b',
  );
  await vi.advanceTimersByTimeAsync(5);
  expect(errors).toEqual([new Error('late'), new Error('at once')]);
});
