import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFirstRows } from '../../../src/core/datasets/read-rows.ts';
import { csvLines, writeCsv, writeJsonLines } from '../../../src/core/datasets/write-rows.ts';

async function all(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function* rowsOf<T>(count: number, make: (index: number) => T): AsyncGenerator<T> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

test('writes cells as spreadsheets read them, and nothing that they would execute', () => {
  expect(csvLines([['a,b', 'say "hi"', 'x;y', ' z', 1.5, true, undefined, null]])).toBe(
    '"a,b","say ""hi""","x;y"," z",1.5,true,,\r\n',
  );
  expect(csvLines([['=1+1', '\t=1', -1, '＝1']])).toBe(`'=1+1,"'\t=1",-1,'＝1\r\n`);
});

test('writes a table of any length in pieces, which are read back unchanged', async () => {
  const pieces: string[] = [];
  const rows = rowsOf(1201, (index) => [index, `text ${index}, with "quotes"\nand lines`]);
  for await (const piece of writeCsv(['id', 'text'], rows)) pieces.push(piece);
  expect(pieces).toHaveLength(4);
  const read = await readFirstRows('a.csv', [Buffer.from(pieces.join(''))], { limit: 2000 });
  expect(read).toHaveLength(1201);
  expect(read[1200]).toEqual({ id: '1200', text: 'text 1200, with "quotes"\nand lines' });
});

test('reads back any text in CSV and any value in JSON Lines', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', ';', '\t'), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ a: text, b: text }), { minLength: 1 }), async (given) => {
      const rows = given.map(({ a, b }) => ({ a: `x${a}`, b: `x${b}` }));
      const csv = await all(
        writeCsv(
          ['a', 'b'],
          rows.map(({ a, b }) => [a, b]),
        ),
      );
      expect(await readFirstRows('a.csv', [Buffer.from(csv)], { limit: 1000 })).toEqual(rows);
      const lines = await all(writeJsonLines(given));
      expect(await readFirstRows('a.jsonl', [Buffer.from(lines)], { limit: 1000 })).toEqual(given);
    }),
  );
});
