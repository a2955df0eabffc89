import { formatCount } from '../../shared/format.ts';
import { detectDialect } from './csv-delimiter.ts';
import { readCsvRecords } from './csv-records.ts';
import { type PlacedRow, RowProblem } from './row.ts';

/** Enough of a file to detect the column separator. */
const SAMPLE = 64 * 1024;

/** The rows below the header; every value is text. Throws `RowProblem`. */
export async function* readCsvRows(
  pieces: AsyncIterable<string>,
  { isTabbed }: { isTabbed: boolean },
): AsyncGenerator<PlacedRow> {
  const rest = pieces[Symbol.asyncIterator]();
  const { beginning, isWhole } = await readBeginning(rest);
  const { delimiter, length } = detectDialect(beginning, { isWhole, isTabbed });
  const text = beginning.slice(length);
  const dialect = { delimiter, looseQuotes: isTabbed, firstLine: length > 0 ? 2 : 1 };
  let header: Header | undefined;
  let number = 0;
  try {
    for await (const { fields, line } of readCsvRecords(joined(text, rest), dialect)) {
      if (header) {
        number += 1;
        yield { row: toRow(header, fields, line), number, line };
      } else header = readHeader(fields, line);
    }
  } finally {
    await rest.return?.();
  }
}

async function readBeginning(pieces: AsyncIterator<string>): Promise<{ beginning: string; isWhole: boolean }> {
  let beginning = '';
  while (beginning.length < SAMPLE) {
    const { value, done } = await pieces.next();
    if (done) return { beginning, isWhole: true };
    beginning += value;
  }
  return { beginning, isWhole: false };
}

async function* joined(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

interface Header {
  names: string[];
  /** The number of columns in the line itself, including unnamed ones at its end. */
  width: number;
}

/** Spreadsheets write empty columns at the end of a table that used to be wider: they are not columns. */
function readHeader(fields: string[], line: number): Header {
  const all = fields.map((name) => name.trim());
  const names = all.slice(0, all.findLastIndex((name) => name !== '') + 1);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new RowProblem(`the header contains the column \`${repeated}\` twice`, line);
  return { names, width: fields.length };
}

function toRow({ names, width }: Header, fields: string[], line: number): Record<string, unknown> {
  const isShort = fields.length < names.length;
  if (isShort || fields.length > width) {
    const counts = `${formatCount(fields.length, 'value')}, but the header has ${formatCount(names.length, 'column')}`;
    throw new RowProblem(`the row has ${counts}`, line);
  }
  const extra = fields.findIndex((value, index) => index >= names.length && value.trim() !== '');
  if (extra >= 0) {
    throw new RowProblem(`the value \`${fields[extra]?.slice(0, 20)}\` is in a column without a name`, line);
  }
  return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
}
