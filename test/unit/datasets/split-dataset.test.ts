import { expect, it } from 'vitest';
import { readDataset } from '../../../src/core/datasets/read-rows.ts';
import { parseParts, splitDataset } from '../../../src/core/datasets/split-dataset.ts';

const PARTS = [
  { name: 'dev', share: 80 },
  { name: 'test', share: 20 },
];
const rowsOf = (file: string, text: string) => readDataset(file, [new TextEncoder().encode(text)]);
const jsonl = (rows: unknown[]) => rowsOf('a.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

it('writes every row once, in its order, with groups whole', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => ({ id: `c${index}`, q: '=1+1', group: `g${index % 20}` }));
  const [dev, test] = await splitDataset('data/cases.jsonl', jsonl(rows), { parts: PARTS, seed: 3 });
  expect([dev?.path, test?.path]).toEqual(['data/cases.dev.jsonl', 'data/cases.test.jsonl']);
  expect([dev?.rows, test?.rows]).toEqual([80, 20]);
  const read = (text = '') =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as (typeof rows)[number]);
  const [own, others] = [read(dev?.text), read(test?.text)];
  expect(
    [...own, ...others].toSorted(
      (a, b) => rows.findIndex(({ id }) => id === a.id) - rows.findIndex(({ id }) => id === b.id),
    ),
  ).toEqual(rows);
  expect(own.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).filter((id) => own.some((row) => row.id === id)));
  const groups = new Set(own.map(({ group }) => group));
  expect(others.some(({ group }) => groups.has(group))).toBe(false);
});

it('keeps equal rows without ids together, and CSV as it is read', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => `"question ${index % 20}\nnext line",=${index % 20}`);
  const csv = `question,expected\r\n${lines.join('\r\n')}\r\n`;
  const parts = await splitDataset('cases.csv', rowsOf('cases.csv', csv), { parts: PARTS, seed: 0 });
  const questions = parts.map(({ text }) => new Set(text.match(/question \d+/g)));
  expect(parts.map(({ rows }) => rows).reduce((sum, rows) => sum + rows)).toBe(60);
  expect([...(questions[0] ?? [])].filter((question) => questions[1]?.has(question))).toEqual([]);
  // no apostrophe before what a spreadsheet would run: the file is read by evaluations
  expect(parts[0]?.text).toMatch(/,=\d+/);
});

it.each(['', 'dev', 'dev=1', 'dev=0,test=1', 'dev=1,Dev=2', 'a/b=1,c=2', 'dev=x,test=1'])(
  'refuses the parts "%s"',
  (text) => {
    expect(() => parseParts(text)).toThrow('names no parts with their shares');
  },
);

it('takes any relative shares, and refuses a part without a row', async () => {
  expect(parseParts('train=8, validation=1,test=1%')).toEqual([
    { name: 'train', share: 8 },
    { name: 'validation', share: 1 },
    { name: 'test', share: 1 },
  ]);
  const one = splitDataset('a.jsonl', jsonl([{ q: 1 }]), { parts: PARTS, seed: 0 });
  await expect(one).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('would have no row'),
  });
});
