import { RowProblem } from './row.ts';

export interface CsvRecord {
  fields: string[];
  /** The line on which the record begins, from 1. */
  line: number;
}

export interface CsvDialect {
  delimiter: string;
  /** True where a quote inside of an unquoted value is only a character, as in tab-separated files. */
  looseQuotes?: boolean;
}

/**
 * Reads CSV piece by piece, as RFC 4180 has it: quoted fields may hold delimiters, line breaks and doubled quotes; lines
 * end in CRLF, LF or CR. Blank lines are skipped. Spaces belong to their field. Throws `RowProblem`.
 */
export interface CsvParser {
  /** The records that are complete by now. */
  push(text: string): CsvRecord[];
  end(): CsvRecord[];
  /** Characters of the record that is not complete yet. */
  readonly pending: number;
}

export function createCsvParser({ delimiter, looseQuotes = false }: CsvDialect): CsvParser {
  const grammar: Grammar = {
    delimiter,
    looseQuotes,
    plainEnd: new RegExp(`[${escapeInClass(delimiter)}\\r\\n"]`, 'g'),
  };
  let rest = '';
  let line = 1;
  /** A record that did not end is tried again only when there is twice as much of it: else long ones cost its square. */
  let enough = 0;

  const read = (isLast: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    const cursor: Cursor = { text: rest, at: 0, line, isLast, grammar };
    while (cursor.at < rest.length) {
      const start = cursor.at;
      const record = readRecord(cursor);
      if (record === INCOMPLETE) {
        rest = rest.slice(start);
        enough = 2 * rest.length;
        return records;
      }
      line = cursor.line;
      if (record) records.push(record);
    }
    rest = '';
    enough = 0;
    return records;
  };
  return {
    push(text) {
      rest += text;
      return rest.length >= enough ? read(false) : [];
    },
    end: () => read(true),
    get pending() {
      return rest.length;
    },
  };
}

interface Grammar extends Required<CsvDialect> {
  plainEnd: RegExp;
}

interface Cursor {
  text: string;
  at: number;
  line: number;
  /** True where nothing follows the text. */
  isLast: boolean;
  grammar: Grammar;
}

const INCOMPLETE = Symbol('incomplete');

/** Undefined for a blank line. */
function readRecord(cursor: Cursor): CsvRecord | undefined | typeof INCOMPLETE {
  const { text, grammar, isLast, line } = cursor;
  const fields: string[] = [];
  let isQuoted = false;
  for (let more = true; more; ) {
    isQuoted = text[cursor.at] === '"';
    const value = isQuoted ? readQuoted(cursor) : readPlain(cursor);
    if (value === INCOMPLETE) return INCOMPLETE;
    fields.push(value);
    more = text[cursor.at] === grammar.delimiter;
    if (more) cursor.at += 1;
  }
  // What ends here may go on, or its CR may be followed by an LF.
  if (!isLast && cursor.at >= text.length - 1 && text[cursor.at] !== '\n') return INCOMPLETE;
  if (cursor.at < text.length) {
    cursor.at += text.startsWith('\r\n', cursor.at) ? 2 : 1;
    cursor.line += 1;
  }
  return fields.length > 1 || fields[0] !== '' || isQuoted ? { fields, line } : undefined;
}

function readPlain(cursor: Cursor): string | typeof INCOMPLETE {
  const { text, grammar } = cursor;
  const { plainEnd } = grammar;
  plainEnd.lastIndex = cursor.at;
  let end = plainEnd.exec(text);
  while (end?.[0] === '"' && grammar.looseQuotes) end = plainEnd.exec(text);
  if (end?.[0] === '"') throw new RowProblem('a quote is inside an unquoted value', cursor.line);
  const value = text.slice(cursor.at, end?.index);
  cursor.at = end?.index ?? text.length;
  return value;
}

function readQuoted(cursor: Cursor): string | typeof INCOMPLETE {
  const { text, grammar, line: first } = cursor;
  let value = '';
  for (let start = cursor.at + 1; ; ) {
    const quote = text.indexOf('"', start);
    if (quote < 0 || (quote === text.length - 1 && !cursor.isLast)) {
      if (!cursor.isLast) return INCOMPLETE;
      if (quote < 0) throw new RowProblem('a quote is opened here and never closed', first);
    }
    value += text.slice(start, quote);
    cursor.at = quote + 1;
    if (text[cursor.at] !== '"') break;
    value += '"';
    start = cursor.at + 1;
  }
  cursor.line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
  const next = text[cursor.at];
  if (next !== undefined && next !== grammar.delimiter && next !== '\r' && next !== '\n') {
    const separator = DELIMITER_NAMES[grammar.delimiter] ?? `a ${grammar.delimiter}`;
    throw new RowProblem(`after a closing quote only ${separator} or the end of the line may follow`, cursor.line);
  }
  return value;
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' };

function escapeInClass(character: string): string {
  return character.replace(/[\\\]^-]/, '\\$&');
}
