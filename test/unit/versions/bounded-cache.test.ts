import { expect, it } from 'vitest';
import { createBoundedCache } from '../../../src/core/versions/bounded-cache.ts';

it('forgets what was used longest ago when the weights exceed the limit', () => {
  const cache = createBoundedCache<string>(10, (text) => text.length);
  cache.set('a', 'aaaa');
  cache.set('b', 'bbbb');
  expect(cache.get('a')).toBe('aaaa');
  cache.set('c', 'cccc');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['aaaa', undefined, 'cccc']);
  expect(cache.weight).toBe(8);
});

it('counts a value that replaces another once, and keeps the newest even where it alone exceeds the limit', () => {
  const cache = createBoundedCache<string>(10, (text) => text.length);
  cache.set('a', 'aaaa');
  cache.set('a', 'aa');
  expect(cache.weight).toBe(2);
  cache.set('b', 'b'.repeat(11));
  expect([cache.get('a'), cache.get('b')?.length, cache.weight]).toEqual([undefined, 11, 11]);
});
