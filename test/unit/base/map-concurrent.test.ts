import { expect, test } from 'vitest';
import { mapConcurrent } from '../../../src/core/base/map-concurrent.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('processes no more items at once than allowed, and keeps their order', async () => {
  let now = 0;
  let most = 0;
  const results = await mapConcurrent([5, 4, 3, 2, 1, 0], 2, async (item, index) => {
    now += 1;
    most = Math.max(most, now);
    for (let turns = 0; turns < item; turns += 1) await turn();
    now -= 1;
    return `${index}:${item}`;
  });
  expect(results).toEqual(['0:5', '1:4', '2:3', '3:2', '4:1', '5:0']);
  expect(most).toBe(2);
});

test('starts nothing new after a failure', async () => {
  const begun: number[] = [];
  const mapped = mapConcurrent([0, 1, 2, 3], 1, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('no');
  });
  await expect(mapped).rejects.toThrow('no');
  expect(begun).toEqual([0, 1]);
});
