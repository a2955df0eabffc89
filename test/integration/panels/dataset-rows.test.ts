import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { streamRegularFile } from '../../../src/core/base/files/read-file.ts';
import { RowWindow } from '../../../src/core/datasets/row-window.ts';
import { DatasetRows, stampOf } from '../../../src/panels/compare/dataset-rows.ts';

let folder: string;
let file: string;
let rows: DatasetRows;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dataset-rows-'));
  file = path.join(folder, 'cases.jsonl');
  await write(5);
  const window = new RowWindow({ path: file, open: () => streamRegularFile(file), stamp: () => stampOf(file) });
  rows = new DatasetRows(file, window, 1);
  await rows.goTo(1);
});
afterEach(() => rm(folder, { recursive: true }));

async function write(count: number): Promise<void> {
  await writeFile(file, Array.from({ length: count }, (_, index) => `{"n":${index + 1}}\n`).join(''));
}

it('stops at the first and the last row', async () => {
  expect(await rows.step(-1)).toEqual({ n: 1 });
  expect(await rows.step(99)).toEqual({ n: 5 });
  expect(rows.view).toMatchObject({ row: 5, count: 5 });
});

it('follows a file that becomes shorter and longer', async () => {
  await rows.goTo(4);
  await write(2);
  expect(await rows.step(1)).toEqual({ n: 2 });
  expect(rows.view).toMatchObject({ row: 2, count: 2 });
  await write(7);
  expect(await rows.step(1)).toEqual({ n: 3 });
  expect(rows.view).toMatchObject({ row: 3, count: 7 });
});

it('reports that a file has no more rows, and continues when it has some again', async () => {
  await rows.goTo(4);
  await write(0);
  for (const by of [-1, 1]) await expect(rows.step(by)).rejects.toThrow('cases.jsonl no longer has any rows.');
  expect(rows.view).toMatchObject({ row: 4 });
  await write(3);
  expect(await rows.step(1)).toEqual({ n: 3 });
});

it('stays in place when the file is deleted, and follows the last of several quick steps', async () => {
  await rows.goTo(2);
  expect(await Promise.all([rows.step(1), rows.step(1), rows.step(9)])).toEqual([undefined, undefined, { n: 5 }]);
  await rm(file);
  await expect(rows.step(-1)).rejects.toThrow('cases.jsonl no longer exists.');
  expect(rows.view).toMatchObject({ row: 5 });
  await write(5);
  expect(await rows.step(-1)).toEqual({ n: 4 });
});
