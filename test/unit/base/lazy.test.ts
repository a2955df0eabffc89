import { expect, test } from 'vitest';
import { lazy } from '../../../src/core/base/lazy.ts';

test('creates a value once, on first use', () => {
  let calls = 0;
  const value = lazy(() => ++calls);
  expect([value.made(), value(), value(), value.made()]).toEqual([undefined, 1, 1, 1]);
});

test('creates it again after a reset, an error or a rejected promise', async () => {
  let calls = 0;
  const value = lazy(() => ++calls);
  value();
  value.reset();
  expect(value()).toBe(2);

  const throwing = lazy(() => {
    calls += 1;
    if (calls < 4) throw new Error('not yet');
    return calls;
  });
  expect(throwing).toThrow('not yet');
  expect(throwing()).toBe(4);

  const rejecting = lazy(async () => {
    calls += 1;
    if (calls < 6) throw new Error('not yet');
    return calls;
  });
  await expect(rejecting()).rejects.toThrow('not yet');
  expect(await rejecting()).toBe(6);
});
