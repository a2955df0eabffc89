import { expect, it } from 'vitest';
import { RowWindow } from '../../../src/core/datasets/row-window.ts';

/** A file with this many rows, which counts how much of it is read. */
function fileOf(rows: number, lineOf = (number: number) => JSON.stringify({ number })) {
  const file = { rows, opened: 0, pieces: 0, stamp: '1' };
  const window = new RowWindow({
    path: 'cases.jsonl',
    async *open() {
      file.opened++;
      for (let number = 1; number <= file.rows; number++) {
        file.pieces++;
        yield Buffer.from(`${lineOf(number)}\n`);
      }
    },
    stamp: async () => file.stamp,
  });
  return { file, window };
}

it('goes from row to row without reading the file again, and knows the length of a short file at once', async () => {
  const { file, window } = fileOf(12);
  expect(await window.at(2)).toEqual({ row: { number: 2 }, count: 12 });
  for (const number of [3, 12, 1]) expect((await window.at(number)).row).toEqual({ number });
  expect(await window.at(13)).toEqual({ row: undefined, count: 12 });
  expect(file.opened).toBe(1);
});

it('reads a long file only as far as needed', async () => {
  const { file, window } = fileOf(1_000_000);
  expect(await window.at(1)).toEqual({ row: { number: 1 }, count: undefined });
  expect(file.pieces).toBeLessThan(1100);
  expect((await window.at(1500)).row).toEqual({ number: 1500 });
  expect((await window.at(1400)).row).toEqual({ number: 1400 });
  expect(file.opened).toBe(2);
  expect((await window.at(20)).row).toEqual({ number: 20 });
});

it('keeps few rows if they are long', async () => {
  const text = 'x'.repeat(9_000_000);
  const { file, window } = fileOf(100, (number) => JSON.stringify({ number, text }));
  expect((await window.at(1)).row?.number).toBe(1);
  expect(file.pieces).toBeLessThan(6);
  expect((await window.at(2)).row?.number).toBe(2);
  expect(file.opened).toBe(1);
});

it('reports a problem only when its row is shown', async () => {
  const { window } = fileOf(5, (number) => (number === 4 ? '{nothing' : JSON.stringify({ number })));
  expect((await window.at(3)).row).toEqual({ number: 3 });
  await expect(window.at(4)).rejects.toThrow('cases.jsonl:4:');
  expect((await window.at(2)).row).toEqual({ number: 2 });
});

it('reads a changed file again', async () => {
  const { file, window } = fileOf(3);
  expect((await window.at(1)).count).toBe(3);
  Object.assign(file, { rows: 5, stamp: '2' });
  expect(await window.at(5)).toEqual({ row: { number: 5 }, count: 5 });
});
