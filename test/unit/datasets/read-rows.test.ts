import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { type CsvRecord, readCsvRecords } from '../../../src/core/datasets/csv-records.ts';
import { findJsonError } from '../../../src/core/datasets/json-error.ts';
import { createLineSplitter, createListSplitter, type JsonSplitter } from '../../../src/core/datasets/json-values.ts';
import { type ReadDatasetOptions, readDataset, readFirstRows } from '../../../src/core/datasets/read-rows.ts';

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

type Source = string | Uint8Array;

/** All rows; the bytes arrive in pieces of this size. */
async function rowsOf(
  path: string,
  source: Source,
  options: ReadDatasetOptions & { limit?: number; piece?: number } = {},
) {
  const bytes = typeof source === 'string' ? Buffer.from(source) : Buffer.from(source);
  const { limit = Number.POSITIVE_INFINITY, piece = bytes.length + 1, ...rest } = options;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return readFirstRows(path, pieces, { limit, ...rest });
}

describe('readDataset', () => {
  it('reads JSON Lines, skipping blank lines and a byte order mark', async () => {
    expect(await rowsOf('/d/a.jsonl', '\ufeff{"a":1}\r\n\r\n{"a":"x"}\n')).toEqual([{ a: 1 }, { a: 'x' }]);
  });

  it('reports the line of broken JSON Lines', async () => {
    await expect(rowsOf('/d/a.jsonl', '{"a":1}\n\n{"a":')).rejects.toThrow('/d/a.jsonl:3: this is not valid JSON');
    await expect(rowsOf('/d/a.jsonl', '{"a":1}\n[1]')).rejects.toThrow(
      '/d/a.jsonl:2: a line must contain one JSON object, not a list',
    );
  });

  it('reads a JSON list or a single object', async () => {
    expect(await rowsOf('a.json', '[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(await rowsOf('a.json', '{"a":1}')).toEqual([{ a: 1 }]);
    expect(await rowsOf('a.json', ' [ ] ')).toEqual([]);
    expect(await rowsOf('a.json', ' \n')).toEqual([]);
    expect(await rowsOf('a.json', '')).toEqual([]);
  });

  it('reports the line of broken JSON, and a row that is not an object', async () => {
    await expect(rowsOf('a.json', '[\n  {"a": 1},\n  {"a": x}\n]')).rejects.toThrow('a.json:3: this is not valid JSON');
    await expect(rowsOf('a.json', '[{"a": 1}, 5]')).rejects.toThrow('a.json:1: row 2 must be an object, not a number.');
    await expect(rowsOf('a.json', '"text"')).rejects.toThrow(UserError);
    for (const [text, message] of [
      ['[{"a":1}\n', 'a.json:2: this is not valid JSON: it ends too early'],
      ['[{"a":1},\n,{"a":2}]', 'a.json:2: this is not valid JSON'],
      ['[{"a":1},]', 'a.json:1: this is not valid JSON'],
      ['[{"a":1}\n{"a":2}]', 'a.json:2: this is not valid JSON'],
      ['[{"a":1]', 'a.json:1: this is not valid JSON'],
      ['[{"a":1}]\n{"a":2}', 'a.json:2: this is not valid JSON, starting at `{"a":2}`'],
      ['{"a":1} {"a":2}', 'a.json:1: this is not valid JSON'],
    ] as const) {
      await expect(rowsOf('a.json', text), text).rejects.toThrow(message);
    }
  });

  it('reads CSV with quotes, commas and line breaks inside values', async () => {
    const text = 'name,note\r\n"Ann ""A"" B","one,\r\ntwo"\r\n\r\nBob,\r\n';
    expect(await rowsOf('a.csv', text)).toEqual([
      { name: 'Ann "A" B', note: 'one,\r\ntwo' },
      { name: 'Bob', note: '' },
    ]);
  });

  it('reports the line of a CSV row with too few values, including line breaks in quotes', async () => {
    await expect(rowsOf('a.csv', 'a,b\n"x\ny",1\n2\n')).rejects.toThrow(
      'a.csv:4: the row has 1 value, but the header has 2 columns.',
    );
  });

  it('rejects CSV that RFC 4180 does not allow, and duplicate columns', async () => {
    await expect(rowsOf('a.csv', 'a\n"x')).rejects.toThrow('a.csv:2: the quote that is opened here is never closed.');
    await expect(rowsOf('a.csv', 'a\n"x"y')).rejects.toThrow('a.csv:2: after a closing quote only a comma');
    await expect(rowsOf('a.csv', 'a\nx"y')).rejects.toThrow('a.csv:2: a quote is inside an unquoted value.');
    await expect(rowsOf('a.csv', 'a,a\n1,2')).rejects.toThrow('a.csv:1: the header contains the column `a` twice.');
  });

  it('stops at the limit without reading on', async () => {
    const far = 'x'.repeat(100_000);
    expect(await rowsOf('a.jsonl', '{"a":1}\n{"a":2}\nbroken', { limit: 2 })).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await rowsOf('a.json', '[{"a":1},{"a":2}]', { limit: 1 })).toEqual([{ a: 1 }]);
    expect(await rowsOf('a.csv', `a\n1\n2\n${far}\n"broken`, { limit: 2, piece: 70_000 })).toEqual([
      { a: '1' },
      { a: '2' },
    ]);
  });

  it('numbers rows across the whole file, with the line of each', async () => {
    const places: unknown[] = [];
    for await (const { number, line } of readDataset('a.csv', [Buffer.from('a\n"x\ny"\n\nz\n')]))
      places.push([number, line]);
    expect(places).toEqual([
      [1, 2],
      [2, 5],
    ]);
  });

  it('knows which files are datasets', async () => {
    await expect(rowsOf('a.parquet', 'x')).rejects.toThrow('a.parquet is not a dataset.');
  });
});

describe('tables written by spreadsheets', () => {
  it.each([
    ['semicolons', 'a.csv', 'id;price\n1;3,50\n2;4,00\n', { id: '1', price: '3,50' }],
    ['semicolons with quotes', 'a.csv', '"id";"a ""b"";c"\r\n"1;2";"x"\r\n', { id: '1;2', 'a "b";c': 'x' }],
    [
      'a comma in a header of semicolons',
      'a.csv',
      'Price, net;Qty;Unit\n3,5;1;kg\n',
      { 'Price, net': '3,5', Qty: '1', Unit: 'kg' },
    ],
    ['tabs in a .csv', 'a.csv', 'id\tprice\n1\t3,50\n', { id: '1', price: '3,50' }],
    ['commas with semicolons in values', 'a.csv', 'id,text\n1,a;b;c\n', { id: '1', text: 'a;b;c' }],
    ['commas with semicolons in names', 'a.csv', 'id,"a;b"\n1,x\n', { id: '1', 'a;b': 'x' }],
    ['one column', 'a.csv', 'text\nhello\n', { text: 'hello' }],
    ["Excel's own first line", 'a.csv', 'sep=;\r\nid;x\r\n1;2\r\n', { id: '1', x: '2' }],
    ['a .tsv', 'a.tsv', 'id\ttext\n1\tsay "hi", ok; done\n', { id: '1', text: 'say "hi", ok; done' }],
    [
      'a .tsv with quoted values',
      'a.tsv',
      'id\ttext\n1\t"two\nlines ""here"""\n',
      { id: '1', text: 'two\nlines "here"' },
    ],
  ])('are read: %s', async (_, file, text, row) => {
    for (const piece of [1, 7, 1000]) expect((await rowsOf(file, text, { piece }))[0]).toEqual(row);
  });

  it('may have empty columns at the end, which are dropped', async () => {
    expect(await rowsOf('a.csv', 'a,b,,\n1,2,,\n3,4\n')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
    await expect(rowsOf('a.csv', 'a,b,,\n1,2,,lost\n')).rejects.toThrow(
      'a.csv:2: the value `lost` is in a column without a name.',
    );
  });

  it('count the line that names the separator', async () => {
    await expect(rowsOf('a.csv', 'sep=;\na;b\n1\n')).rejects.toThrow('a.csv:3: the row has 1 value,');
  });

  it('are read as Windows-1252 with a notice if they are not UTF-8, and rejected in strict mode', async () => {
    const bytes = Buffer.from('name;city\nAda;London\nJos\u00e9;M\u00fcnchen \u0080\n', 'latin1');
    for (const piece of [1, 5, 64, 1000]) {
      const notices: string[] = [];
      const rows = await rowsOf('a.csv', bytes, { piece, onNotice: (text) => notices.push(text) });
      expect(rows).toEqual([
        { name: 'Ada', city: 'London' },
        { name: 'José', city: 'München €' },
      ]);
      expect(notices).toEqual([
        'a.csv is not valid UTF-8 (first at line 3) and was read as Windows-1252. Save it as UTF-8 so that all its characters are correct.',
      ]);
    }
    await expect(rowsOf('a.csv', bytes, { strict: true })).rejects.toThrow(
      'a.csv:3:4: the byte 0xE9 here is not valid UTF-8.',
    );
  });

  it('are rejected if UTF-8 is incomplete, or a byte is undefined in Windows-1252 too', async () => {
    const mixed = Buffer.concat([Buffer.from('a\né\nab'), Buffer.from([0xe9, 0x0a])]);
    await expect(rowsOf('a.csv', mixed)).rejects.toThrow('a.csv:3:3: the byte 0xE9 here is not valid UTF-8.');
    const undefinedByte = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xe9, 0x81])]);
    await expect(rowsOf('a.csv', undefinedByte)).rejects.toThrow('the byte 0x81 here is not valid UTF-8.');
  });

  it.each(['a.csv', 'a.tsv', 'a.jsonl', 'a.json'])('in UTF-16 are refused: %s', async (file) => {
    const text = '{"name": "Ada"}\n';
    const utf16 = Buffer.from(text, 'utf16le');
    const big = Buffer.from(utf16).swap16();
    for (const bytes of [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), utf16, big]) {
      await expect(rowsOf(file, bytes)).rejects.toThrow(`${file}:1:1: the text is UTF-16, but UTF-8 is expected.`);
    }
  });

  it('are rejected if they are not text', async () => {
    const archive = Buffer.from('PK\u0003\u0004abc\u0000\u0000def', 'latin1');
    await expect(rowsOf('a.csv', archive)).rejects.toThrow(/a\.csv:1:\d+: there is a null byte here/);
  });
});

describe('JSON that is not UTF-8', () => {
  it('is rejected with its line and column', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"ü"}\n{"a":"'), Buffer.from([0xfc]), Buffer.from('"}\n')]);
    for (const piece of [1, 3, 100]) {
      await expect(rowsOf('a.jsonl', bytes, { piece })).rejects.toThrow(
        'a.jsonl:2:7: the byte 0xFC here is not valid UTF-8.',
      );
    }
  });

  it('keeps every character, wherever the bytes are cut', async () => {
    const row = { a: 'aé€😀שלום\u{10ffff}' };
    for (const piece of [1, 2, 3, 5]) {
      expect(await rowsOf('a.jsonl', `${JSON.stringify(row)}\n`, { piece })).toEqual([row]);
    }
  });
});

describe('integers that are too large for a number', () => {
  it.each(['12345678901234567890', '9007199254740993', '-9007199254740993', '1e400'])(
    'are rejected in JSON with their line: %s',
    async (number) => {
      await expect(rowsOf('a.jsonl', `{"a":1}\n{"a":{"b":[${number}]}}\n`)).rejects.toThrow(
        `a.jsonl:2: ${number} cannot be represented exactly as a number`,
      );
      await expect(rowsOf('a.json', `[\n{"a":\n${number}}]`)).rejects.toThrow(`a.json:3: ${number} cannot`);
    },
  );

  it('are kept as text, in JSON and in tables, and other integers as numbers', async () => {
    const text = '{"a":"12345678901234567890","b":9007199254740992,"c":0.12345678901234567890,"d":-0,"e":1e3}';
    expect(await rowsOf('a.jsonl', text)).toEqual([
      { a: '12345678901234567890', b: 2 ** 53, c: 0.12345678901234568, d: -0, e: 1000 },
    ]);
    expect(await rowsOf('a.csv', 'a\n12345678901234567890\n')).toEqual([{ a: '12345678901234567890' }]);
  });
});

describe('findJsonError', () => {
  it('finds the first character that cannot be JSON', () => {
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

/** A text, cut at places that the property chooses. */
function* cutAt(text: string, sizes: number[]): Generator<string> {
  let at = 0;
  for (const size of sizes) {
    if (at >= text.length) return;
    yield text.slice(at, at + size);
    at += size;
  }
  yield text.slice(at);
}
const SIZES = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });

describe('a CSV parser', () => {
  it('returns any table with all values quoted, wherever the text is cut', async () => {
    const table = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', ';'), maxLength: 6 }), {
        minLength: 1,
        maxLength: 4,
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(',', ';', '\t'),
        SIZES,
        async (...given) => {
          const [rows, lineBreak, delimiter, sizes] = given;
          const text = rows.map((row) => row.map(quote).join(delimiter)).join(lineBreak);
          const records: CsvRecord[] = [];
          for await (const record of readCsvRecords(cutAt(text, sizes), { delimiter })) records.push(record);
          expect(records.map(({ fields }) => fields)).toEqual(rows);
          const lines = records.map(({ line }) => line);
          const breaks = (row: string[]) => row.join('').match(/\r\n|\r|\n/g)?.length ?? 0;
          expect(lines).toEqual(
            rows.map(
              (_, index) =>
                1 +
                index +
                rows
                  .slice(0, index)
                  .flatMap((row) => row.map((field) => breaks([field])))
                  .reduce((sum, count) => sum + count, 0),
            ),
          );
        },
      ),
    );
  });
});

describe('a JSON splitter', () => {
  const split = (splitter: JsonSplitter, text: string, sizes: number[]) => {
    const values = [...cutAt(text, sizes)].flatMap((piece) => splitter.push(piece));
    return [...values, ...splitter.end()].map(({ text: json }) => JSON.parse(json) as unknown);
  };

  it('returns the elements of any list, wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1), SIZES, (values, indent, sizes) => {
        const expected = JSON.parse(JSON.stringify(values)) as unknown[];
        expect(split(createListSplitter(), JSON.stringify(values, null, indent), sizes)).toEqual(expected);
      }),
    );
  });

  it('returns any lines, wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), SIZES, (values, sizes) => {
        const expected = JSON.parse(JSON.stringify(values)) as unknown[];
        const text = values.map((value) => `${JSON.stringify(value)}\r\n`).join('');
        expect(split(createLineSplitter(), text, sizes)).toEqual(expected);
      }),
    );
  });
});
