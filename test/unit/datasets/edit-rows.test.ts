import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendRows, editRow } from '../../../src/core/datasets/edit/edit-rows.ts';
import { applyEdits } from '../../../src/core/datasets/edit/text-edit.ts';
import { readFirstRows } from '../../../src/core/datasets/read-rows.ts';
import type { DatasetRow } from '../../../src/core/datasets/row.ts';

const rowsOf = (path: string, text: string) => {
  return readFirstRows(path, [Buffer.from(text)], { limit: Number.POSITIVE_INFINITY });
};
const edit = (path: string, text: string, row: number, values: DatasetRow) => {
  return applyEdits(text, editRow(path, text, { row, values }));
};
const append = (path: string, text: string, ...rows: DatasetRow[]) => applyEdits(text, appendRows(path, text, rows));

describe('a row of JSON Lines', () => {
  it('keeps everything but the value, and its style', () => {
    const text = '\ufeff{"a":1,"b":"x"}\r\n\r\n  { "a": 1.0, "b": "y" }\r\n';
    expect(edit('a.jsonl', text, 1, { b: 'z', c: [1, { d: 2 }] })).toBe(
      '\ufeff{"a":1,"b":"z","c":[1,{"d":2}]}\r\n\r\n  { "a": 1.0, "b": "y" }\r\n',
    );
    expect(edit('a.jsonl', text, 2, { a: 1, b: ['p', 'q'], c: null })).toBe(
      '\ufeff{"a":1,"b":"x"}\r\n\r\n  { "a": 1.0, "b": ["p", "q"], "c": null }\r\n',
    );
  });

  it('changes nothing for the same values', () => {
    expect(editRow('a.jsonl', '{"a":{"x":1,"y":[2]}}', { row: 1, values: { a: { y: [2], x: 1 } } })).toEqual([]);
  });

  it('removes a value, with its comma', () => {
    const text = '{"a": 1, "b": "},{", "c": 3}';
    expect(edit('a.jsonl', text, 1, { a: undefined })).toBe('{"b": "},{", "c": 3}');
    expect(edit('a.jsonl', text, 1, { b: undefined })).toBe('{"a": 1, "c": 3}');
    expect(edit('a.jsonl', '{"a": 1}', 1, { a: undefined, b: 2 })).toMatch(/"b": 2/);
  });

  it('that does not exist is an error', () => {
    expect(() => editRow('a.jsonl', '{"a":1}\n', { row: 2, values: {} })).toThrow('a.jsonl has no row 2.');
  });
});

describe('a row of a JSON list', () => {
  const text = '[\n  {\n    "a": "x\\"]"\n  },\n  {"a": 2}\n]\n';

  it('keeps the indentation', async () => {
    const edited = edit('a.json', text, 1, { a: 'z', b: true });
    expect(edited).toBe('[\n  {\n    "a": "z",\n    "b": true\n  },\n  {"a": 2}\n]\n');
    expect(await rowsOf('a.json', edited)).toEqual([{ a: 'z', b: true }, { a: 2 }]);
  });

  it('is added at the end', async () => {
    expect(await rowsOf('a.json', append('a.json', text, { a: 3 }))).toHaveLength(3);
    expect(append('a.json', '[]', { a: 3 })).toBe('[{"a": 3}]');
    expect(append('a.json', '', { a: 3 })).toBe('[\n  {"a": 3}\n]\n');
    expect(() => append('a.json', '{"a":1}', { a: 3 })).toThrow('is a single object');
  });
});

describe('a row of CSV', () => {
  const text = 'sep=;\r\nid;"note";b\r\n1;"x;\r\n""y""";\r\n\r\n2;z;0,5\r\n';

  it('keeps separators, quotes and line ends', async () => {
    const edited = edit('a.csv', text, 1, { note: 'a "b"', b: 'p;q' });
    expect(edited).toBe('sep=;\r\nid;"note";b\r\n1;"a ""b""";"p;q"\r\n\r\n2;z;0,5\r\n');
    expect(edit('a.csv', text, 2, { note: ['m', 'n'] })).toContain('2;"[""m"",""n""]";0,5');
  });

  it('gets a new column in every row', async () => {
    const edited = edit('a.csv', text, 2, { expected: 'yes' });
    expect(edited.split('\r\n')[1]).toBe('id;"note";b;expected');
    expect(await rowsOf('a.csv', edited)).toEqual([
      { id: '1', note: 'x;\r\n"y"', b: '', expected: '' },
      { id: '2', note: 'z', b: '0,5', expected: 'yes' },
    ]);
  });

  it('fills unnamed columns at the end of the header first', async () => {
    const edited = edit('a.csv', 'a,,\n1,,\n2,,\n', 2, { b: 'x', c: 'y', d: 'z' });
    expect(edited).toBe('a,b,c,d\n1,,,\n2,x,y,z\n');
  });

  it('is added at the end, with the columns that it needs', async () => {
    expect(append('a.csv', 'a,b\n1,2', { b: 'x' })).toBe('a,b\n1,2\n,x\n');
    expect(append('a.csv', 'a\r\n1\r\n', { a: 'x', c: 'y' })).toBe('a,c\r\n1,\r\nx,y\r\n');
    expect(append('a.tsv', '', { a: 'x', c: 'y' })).toBe('a\tc\nx\ty\n');
    expect(append('a.csv', 'a\n1\n', { a: '' })).toBe('a\n1\n""\n');
  });
});

const name = fc.string({ minLength: 1, maxLength: 5 }).map((text) => `c${text.trim()}`);
const cell = fc.oneof(fc.string(), fc.constantFrom('', '"', ',', ';', 'a\nb', '\r\n', ' x ', '""'));

describe('any dataset', () => {
  const tables = fc
    .tuple(
      fc.uniqueArray(name, { minLength: 2, maxLength: 4 }),
      fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
    )
    .map(([names, rows]) => rows.map((cells) => Object.fromEntries(names.map((one, at) => [one, cells[at] ?? '']))));

  it.each(['a.csv', 'a.tsv', 'a.jsonl', 'a.json'])('has only the edited value changed: %s', async (path) => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), fc.nat(), cell, async (rows, rowSeed, nameSeed, value) => {
        const text = append(path, '', ...rows);
        expect(await rowsOf(path, text)).toEqual(rows);
        const index = rowSeed % rows.length;
        const names = Object.keys(rows[0] ?? {});
        const column = names[nameSeed % names.length] ?? '';
        const edited = edit(path, text, index + 1, { [column]: value, added: value });
        const expected = rows.map((row, at) => {
          if (at === index) return { ...row, [column]: value, added: value };
          return /[ct]sv$/.test(path) ? { ...row, added: '' } : row;
        });
        expect(await rowsOf(path, edited)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
