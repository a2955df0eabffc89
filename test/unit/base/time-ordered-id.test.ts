import { expect, it } from 'vitest';
import { timeOrderedId } from '../../../src/core/base/time-ordered-id.ts';

it('an id is a UUID of version 7 that begins with the time, and no two are equal', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1000 }, timeOrderedId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const times = ids.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(ids).size).toBe(ids.length);
});
