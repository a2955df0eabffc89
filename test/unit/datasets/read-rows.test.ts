import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { readCsv } from '../../../src/core/datasets/csv.ts';
import { findJsonError } from '../../../src/core/datasets/json-error.ts';
import { readDatasetRows } from '../../../src/core/datasets/read-rows.ts';

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe('readDatasetRows', () => {
  it('reads JSON Lines, skipping blank lines and a byte order mark', () => {
    expect(readDatasetRows('/d/a.jsonl', '\ufeff{"a":1}\r\n\r\n{"a":"x"}\n')).toEqual([{ a: 1 }, { a: 'x' }]);
  });

  it('names the line of JSON Lines that is broken', () => {
    expect(() => readDatasetRows('/d/a.jsonl', '{"a":1}\n\n{"a":')).toThrow('/d/a.jsonl:3: this is not JSON');
    expect(() => readDatasetRows('/d/a.jsonl', '{"a":1}\n[1]')).toThrow(
      '/d/a.jsonl:2: a line must hold one JSON object, not a list',
    );
  });

  it('reads a JSON list or a single object', () => {
    expect(readDatasetRows('a.json', '[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(readDatasetRows('a.json', '{"a":1}')).toEqual([{ a: 1 }]);
    expect(readDatasetRows('a.json', ' \n')).toEqual([]);
  });

  it('names the line where JSON is broken and the row that is no object', () => {
    expect(() => readDatasetRows('a.json', '[\n  {"a": 1},\n  {"a": x}\n]')).toThrow('a.json:3: this is not JSON');
    expect(() => readDatasetRows('a.json', '[{"a": 1}, 5]')).toThrow('a.json: row 2 must be an object, not a number.');
    expect(() => readDatasetRows('a.json', '"text"')).toThrow(UserError);
  });

  it('reads CSV with quotes, commas and line breaks inside values', () => {
    const text = 'name,note\r\n"Ann ""A"" B","one,\r\ntwo"\r\n\r\nBob,\r\n';
    expect(readDatasetRows('a.csv', text)).toEqual([
      { name: 'Ann "A" B', note: 'one,\r\ntwo' },
      { name: 'Bob', note: '' },
    ]);
  });

  it('names the line of a CSV row that has too few values, counting breaks inside quotes', () => {
    expect(() => readDatasetRows('a.csv', 'a,b\n"x\ny",1\n2\n')).toThrow(
      'a.csv:4: the row has 1 values, and the header names 2 columns.',
    );
  });

  it('refuses CSV that RFC 4180 does not know, and a column that stands twice', () => {
    expect(() => readDatasetRows('a.csv', 'a\n"x')).toThrow('a.csv:2: a quote is opened here and never closed.');
    expect(() => readDatasetRows('a.csv', 'a\n"x"y')).toThrow('a.csv:2: after a closing quote');
    expect(() => readDatasetRows('a.csv', 'a\nx"y')).toThrow('a.csv:2: a quote stands inside an unquoted value.');
    expect(() => readDatasetRows('a.csv', 'a,a\n1,2')).toThrow('a.csv:1: the column `a` stands in the header twice.');
  });

  it('stops at the limit without looking at what follows', () => {
    expect(readDatasetRows('a.jsonl', '{"a":1}\n{"a":2}\nbroken', { limit: 2 })).toEqual([{ a: 1 }, { a: 2 }]);
    expect(readDatasetRows('a.csv', 'a\n1\n2\n"broken', { limit: 2 })).toEqual([{ a: '1' }, { a: '2' }]);
    expect(readDatasetRows('a.json', '[{"a":1},{"a":2}]', { limit: 1 })).toEqual([{ a: 1 }]);
  });

  it('says which files are datasets', () => {
    expect(() => readDatasetRows('a.parquet', '')).toThrow('a.parquet is not a dataset.');
  });
});

describe('findJsonError', () => {
  it('points at the first character that cannot be JSON', () => {
    expect(findJsonError('[1, 2,, 3]')).toBe(6);
    expect(findJsonError('{"a": x}')).toBe(6);
    expect(findJsonError('{"a" 1}')).toBe(5);
    expect(findJsonError('{} {}')).toBe(3);
    expect(findJsonError('["a')).toBe(1);
    expect(findJsonError('[1,\n2')).toBe(5);
  });

  it('never stops before the end of valid JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonError(text)).toBe(text.length);
      }),
    );
  });
});

describe('readCsv', () => {
  it('gives back any table that was written with every value quoted', () => {
    const table = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é'), maxLength: 6 }), {
        minLength: 1,
        maxLength: 4,
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), (rows, lineBreak) => {
        const text = rows.map((row) => row.map(quote).join(',')).join(lineBreak);
        const result = readCsv(text);
        expect('records' in result && result.records.map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });
});
