import { expect, test } from 'vitest';
import { createRowPages } from '../../../../webview/shared/table/row-pages.ts';

function makePages(count: number) {
  const asked: number[] = [];
  const pages = createRowPages<number>({
    count,
    async read(from, amount) {
      asked.push(from);
      return Array.from({ length: Math.min(amount, count - from) }, (_, step) => from + step);
    },
    onRows() {},
  });
  return { pages, asked };
}

test('the visible pages are read first, then the next and the previous one', async () => {
  const { pages, asked } = makePages(100_000);
  await pages.show(550, 590);
  expect(asked).toEqual([500, 600, 400]);
  expect(pages.rowAt(555)).toBe(555);
  await pages.show(560, 595);
  expect(asked).toHaveLength(3);
});

test('the neighbors of a page are only read when it is there and still visible', async () => {
  const asked: number[] = [];
  const replies: (() => void)[] = [];
  const pages = createRowPages<number>({
    count: 100_000,
    read(from) {
      asked.push(from);
      return new Promise((resolve) => replies.push(() => resolve([from])));
    },
    onRows() {},
  });
  const first = pages.show(530, 570);
  expect(asked).toEqual([500]);
  const second = pages.show(5_030, 5_070);
  replies[0]?.();
  await first;
  expect(asked).toEqual([500, 5_000]);
  replies[1]?.();
  await second;
  expect(asked).toEqual([500, 5_000, 5_100, 4_900]);
});

test('a page that comes into sight next is read at once', async () => {
  const asked: number[] = [];
  const pages = createRowPages<number>({
    count: 100_000,
    read(from) {
      asked.push(from);
      return new Promise(() => {});
    },
    onRows() {},
  });
  void pages.show(540, 580);
  expect(asked).toEqual([500, 600]);
  void pages.show(5_020, 5_060);
  expect(asked).toEqual([500, 600, 5_000, 4_900]);
});

test('nothing is read after the end', async () => {
  const { pages, asked } = makePages(120);
  await pages.show(0, 60);
  expect(asked).toEqual([0, 100]);
  await expect.poll(() => pages.rowAt(119)).toBe(119);
  expect(pages.rowAt(120)).toBeUndefined();
});

test('the last ten thousand rows are kept while scrolling through all of them', async () => {
  const { pages, asked } = makePages(30_000);
  for (let row = 0; row < 30_000; row += 100) await pages.show(row, row + 40);
  expect(pages.rowAt(29_950)).toBe(29_950);
  expect(pages.rowAt(50)).toBeUndefined();
  const before = asked.length;
  await pages.show(0, 40);
  expect(asked.length).toBeGreaterThan(before);
});

test('a page that could not be read is requested again', async () => {
  let attempts = 0;
  const pages = createRowPages<number>({
    count: 10,
    read: async () => (++attempts === 1 ? Promise.reject(new Error('busy')) : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    onRows() {},
  });
  await pages.show(0, 9);
  expect(pages.rowAt(3)).toBeUndefined();
  await pages.show(0, 9);
  expect(pages.rowAt(3)).toBe(3);
});
