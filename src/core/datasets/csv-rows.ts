import { type CsvParser, type CsvRecord, createCsvParser } from './csv.ts';
import { detectDelimiter, readSeparatorLine } from './csv-delimiter.ts';
import { LONGEST_ROW, type PlacedRow, RowProblem } from './row.ts';

/** Enough of a file to see what separates its columns. */
const SAMPLE = 64 * 1024;

/** The rows below the header; every value is a text. Throws `RowProblem`. */
export async function* readCsvRows(
  pieces: AsyncIterable<string>,
  { isTabbed }: { isTabbed: boolean },
): AsyncGenerator<PlacedRow> {
  let beginning = '';
  let parser: CsvParser | undefined;
  let firstLine = 0;
  let header: Header | undefined;
  let number = 0;
  const start = (isWhole: boolean): CsvRecord[] => {
    const separator = isTabbed ? undefined : readSeparatorLine(beginning);
    const text = beginning.slice(separator?.length ?? 0);
    firstLine = separator ? 1 : 0;
    const delimiter = isTabbed ? '\t' : (separator?.delimiter ?? detectDelimiter(text, isWhole));
    parser = createCsvParser({ delimiter, looseQuotes: isTabbed });
    return parser.push(text);
  };
  const rows = (records: CsvRecord[]): PlacedRow[] =>
    records.flatMap(({ fields, line }) => {
      const at = line + firstLine;
      if (!header) {
        header = readHeader(fields, at);
        return [];
      }
      number += 1;
      return [{ row: toRow(header, fields, at), number, line: at }];
    });
  for await (const piece of pieces) {
    if (parser) {
      yield* rows(parser.push(piece));
      if (parser.pending > LONGEST_ROW) throw new RowProblem('a row does not end: is a quote missing?', firstLine + 1);
    } else {
      beginning += piece;
      if (beginning.length >= SAMPLE) yield* rows(start(false));
    }
  }
  if (!parser) yield* rows(start(true));
  if (parser) yield* rows((parser as CsvParser).end());
}

interface Header {
  names: string[];
  /** How many columns the line itself has, with those that have no name at its end. */
  width: number;
}

/** Spreadsheets write empty columns at the end of a table that was wider once: they are no columns. */
function readHeader(fields: string[], line: number): Header {
  const all = fields.map((name) => name.trim());
  const names = all.slice(0, all.findLastIndex((name) => name !== '') + 1);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new RowProblem(`the column \`${repeated}\` is in the header twice`, line);
  return { names, width: fields.length };
}

function toRow({ names, width }: Header, fields: string[], line: number): Record<string, unknown> {
  const isShort = fields.length < names.length;
  if (isShort || fields.length > width) {
    throw new RowProblem(`the row has ${fields.length} values, and the header names ${names.length} columns`, line);
  }
  const extra = fields.findIndex((value, index) => index >= names.length && value.trim() !== '');
  if (extra >= 0) {
    throw new RowProblem(`the value \`${fields[extra]?.slice(0, 20)}\` is in a column that has no name`, line);
  }
  return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
}
