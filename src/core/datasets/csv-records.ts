import { finished } from 'node:stream/promises';
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse';
import { LONGEST_ROW, RowProblem } from './row.ts';

export interface CsvRecord {
  fields: string[];
  /** The line on which the record starts, from 1. */
  line: number;
}

interface CsvDialect {
  delimiter: string;
  /** True if a quote inside an unquoted value is only a character, as in tab-separated files. */
  looseQuotes?: boolean;
  /** The number of the first line, if another one was read before it. */
  firstLine?: number;
}

/** RFC 4180, with lines that end in CRLF, LF or CR, without blank lines. The number of fields is checked later. */
export function csvOptions({ delimiter, looseQuotes = false }: CsvDialect): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: looseQuotes,
    relax_column_count: true,
    skip_empty_lines: true,
  };
}

/** The records of a table that is read piece by piece. Throws `RowProblem`. */
export async function* readCsvRecords(
  pieces: AsyncIterable<string> | Iterable<string>,
  dialect: CsvDialect,
): AsyncGenerator<CsvRecord> {
  // lines are counted in the raw record, because the parser counts CRLF inside quotes twice
  const parser = parse({ ...csvOptions(dialect), raw: true, max_record_size: LONGEST_ROW });
  // thrown after the records before it
  parser.on('error', () => undefined);
  let line = dialect.firstLine ?? 1;
  const place = ({ raw, record }: RawRecord): CsvRecord => {
    const begin = line + countLines(/^[\r\n]*/.exec(raw)?.[0] ?? '');
    line += countLines(raw);
    return { fields: record, line: begin };
  };
  const taken = function* (): Generator<CsvRecord> {
    for (let found: unknown = parser.read(); found !== null; found = parser.read()) yield place(found as RawRecord);
    if (parser.errored instanceof CsvError) throw toProblem(parser.errored, line, dialect);
    if (parser.errored) throw parser.errored;
  };
  try {
    for await (const piece of pieces) {
      parser.write(piece);
      yield* taken();
    }
    parser.end();
    await finished(parser, { readable: false }).catch(() => undefined);
    yield* taken();
  } finally {
    parser.destroy();
  }
}

interface RawRecord {
  raw: string;
  record: string[];
}

function countLines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function toProblem(error: CsvError & Partial<InfoRecord>, line: number, { delimiter }: CsvDialect): RowProblem {
  const raw = typeof error.raw === 'string' ? error.raw : '';
  const first = line + countLines(/^[\r\n]*/.exec(raw)?.[0] ?? '');
  const here = line + countLines(raw);
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new RowProblem('the quote that is opened here is never closed', first);
    case 'CSV_INVALID_CLOSING_QUOTE': {
      const separator = DELIMITER_NAMES[delimiter] ?? `a ${delimiter}`;
      return new RowProblem(`after a closing quote only ${separator} or the end of the line may follow`, here);
    }
    case 'INVALID_OPENING_QUOTE':
      return new RowProblem('a quote is inside an unquoted value', here);
    case 'CSV_MAX_RECORD_SIZE':
      return new RowProblem('the row does not end: is a quote missing?', first);
    default:
      return new RowProblem(`this is not valid CSV (${error.code})`, here);
  }
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' };
