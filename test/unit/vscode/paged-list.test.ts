import { expect, test } from 'vitest';
import { PagedList } from '../../../src/vscode/shell/rows/paged-list.ts';

/** A list of this many numbers, read two at a time; the cursor is the next number. */
function openList(count: number) {
  const asked: { limit: number; cursor?: number }[] = [];
  const list = new PagedList<number, number>(2, async (request) => {
    asked.push(request);
    const { cursor = 0, limit } = request;
    const end = Math.min(count, cursor + limit);
    const items = Array.from({ length: end - cursor }, (_, index) => cursor + index);
    return { items, next: end < count ? end : undefined };
  });
  return { list, asked };
}

test('another page is read alone, and nothing is read at the end', async () => {
  const { list, asked } = openList(3);
  expect(await list.load()).toEqual({ items: [0, 1], next: 2 });
  list.more();
  expect(await list.load()).toEqual({ items: [0, 1, 2], next: undefined });
  list.more();
  await list.load();
  expect(asked).toEqual([{ limit: 2 }, { limit: 2, cursor: 2 }]);
});

test('after a change, as many items as were shown are read at once', async () => {
  const { list, asked } = openList(9);
  await list.load();
  list.more();
  await list.load();
  list.invalidate();
  expect((await list.load()).items).toEqual([0, 1, 2, 3]);
  expect(asked.at(-1)).toEqual({ limit: 4 });
  list.reset();
  expect((await list.load()).items).toEqual([0, 1]);
});

test('concurrent requests share the same read', async () => {
  const { list, asked } = openList(2);
  await Promise.all([list.load(), list.load()]);
  expect(asked).toHaveLength(1);
});

test('items that were read during a change are not kept', async () => {
  const { list, asked } = openList(2);
  const before = list.load();
  list.invalidate();
  await Promise.all([before, list.load()]);
  await list.load();
  expect(asked).toHaveLength(2);
});

test('a page that could not be read is requested again', async () => {
  let fails = true;
  const list = new PagedList<number, number>(2, async () => {
    if (fails) throw new Error('busy');
    return { items: [1], next: undefined };
  });
  await expect(list.load()).rejects.toThrow('busy');
  fails = false;
  expect((await list.load()).items).toEqual([1]);
});
