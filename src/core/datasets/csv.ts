export interface CsvRecord {
  fields: string[];
  /** The line on which the record begins, from 1. */
  line: number;
}

export type CsvResult = { records: CsvRecord[] } | { problem: string; line: number };

/**
 * Reads CSV as RFC 4180 has it: quoted fields may hold commas, line breaks and doubled quotes; lines end in CRLF, LF or
 * CR. Blank lines are skipped. Spaces belong to their field. Stops after `max` records.
 */
export function readCsv(text: string, max = Number.POSITIVE_INFINITY): CsvResult {
  const records: CsvRecord[] = [];
  const cursor = { at: 0, line: 1 };
  while (cursor.at < text.length && records.length < max) {
    const { line } = cursor;
    const fields: string[] = [];
    for (let more = true; more; ) {
      const field = text[cursor.at] === '"' ? readQuoted(text, cursor) : readPlain(text, cursor);
      if ('problem' in field) return field;
      fields.push(field.value);
      more = text[cursor.at] === ',';
      if (more) cursor.at += 1;
    }
    const isQuoted = text[cursor.at - 1] === '"';
    skipLineBreak(text, cursor);
    if (fields.length > 1 || fields[0] !== '' || isQuoted) records.push({ fields, line });
  }
  return { records };
}

interface Cursor {
  at: number;
  line: number;
}
type Field = { value: string } | { problem: string; line: number };

const END_OF_FIELD = /[,\r\n"]/g;

function readPlain(text: string, cursor: Cursor): Field {
  END_OF_FIELD.lastIndex = cursor.at;
  const end = END_OF_FIELD.exec(text);
  if (end?.[0] === '"') return { problem: 'a quote stands inside an unquoted value', line: cursor.line };
  const value = text.slice(cursor.at, end?.index);
  cursor.at = end?.index ?? text.length;
  return { value };
}

function readQuoted(text: string, cursor: Cursor): Field {
  const first = cursor.line;
  let value = '';
  for (let start = cursor.at + 1; ; ) {
    const quote = text.indexOf('"', start);
    if (quote < 0) return { problem: 'a quote is opened here and never closed', line: first };
    value += text.slice(start, quote);
    cursor.at = quote + 1;
    if (text[cursor.at] !== '"') break;
    value += '"';
    start = cursor.at + 1;
  }
  cursor.line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
  const next = text[cursor.at];
  if (next !== undefined && next !== ',' && next !== '\r' && next !== '\n') {
    return { problem: 'after a closing quote only a comma or the end of the line may follow', line: cursor.line };
  }
  return { value };
}

function skipLineBreak(text: string, cursor: Cursor): void {
  if (cursor.at >= text.length) return;
  cursor.at += text.startsWith('\r\n', cursor.at) ? 2 : 1;
  cursor.line += 1;
}
