import { detectDialect } from '../csv-delimiter.ts';
import type { DatasetRow } from '../row.ts';
import type { Place } from './json-places.ts';
import { lineEndOf, type TextEdit } from './text-edit.ts';

interface CsvTable {
  delimiter: string;
  /** The names of the header, without unnamed columns at its end. */
  names: string[];
  /** The fields of the header and of each row, as they are written, with their quotes. */
  records: Place[][];
}

/** The edits that give columns of a row (from 1) new values; a column that does not exist is added to every row. */
export function editCsvRow(
  text: string,
  number: number,
  changes: DatasetRow,
  isTabbed: boolean,
): TextEdit[] | undefined {
  const table = readTable(text, isTabbed);
  const record = table.records[number];
  if (!record) return undefined;
  const edits: TextEdit[] = [];
  const added: [string, unknown][] = [];
  for (const [name, value] of Object.entries(changes)) {
    const place = record[table.names.indexOf(name)];
    if (place)
      edits.push(...fieldEdit(text, place, { value, delimiter: table.delimiter, isOnly: record.length === 1 }));
    else if (value !== undefined) added.push([name, value]);
  }
  return [...edits, ...addColumns(text, table, { added, number })];
}

/** Rows at the end, with new columns for names that the header lacks. */
export function appendCsvRows(text: string, rows: readonly DatasetRow[], isTabbed: boolean): TextEdit[] {
  const table = readTable(text, isTabbed);
  const { delimiter, records } = table;
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  const added = [...keys].filter((name) => !table.names.includes(name));
  const names = [...table.names, ...added];
  const [header] = records;
  // a row has as many cells as the header, unnamed ones included
  const width = Math.max(names.length, header?.length ?? 0);
  const lineEnd = lineEndOf(text);
  const line = (cells: readonly unknown[]) => {
    const written = cells.map((cell) => writeField(cell, delimiter)).join(delimiter);
    // an empty line would not be a row
    return (written === '' ? '""' : written) + lineEnd;
  };
  const lines = rows.map((row) => line(Array.from({ length: width }, (_, at) => row[names[at] ?? '']))).join('');
  const isOpen = header !== undefined && !/[\r\n]$/.test(text);
  const start = header ? (isOpen ? lineEnd : '') : line(names);
  const columns = header ? addColumns(text, table, { added: added.map((name) => [name, undefined]) }) : [];
  return [...columns, { start: text.length, end: text.length, text: start + lines }];
}

interface NewColumns {
  added: readonly (readonly [name: string, value: unknown])[];
  /** The row that has the values; the others have empty cells. */
  number?: number;
}

/** New columns after the last named one: into unnamed ones that are there, or at the end of every record. */
function addColumns(text: string, { delimiter, names, records }: CsvTable, { added, number }: NewColumns): TextEdit[] {
  if (added.length === 0) return [];
  return records.flatMap((record, index) => {
    const cells = added.map(([name, value]) => (index === 0 ? name : index === number ? value : ''));
    const inside = cells.flatMap((cell, at) => {
      const place = record[names.length + at];
      return place ? fieldEdit(text, place, { value: cell, delimiter, isOnly: false }) : [];
    });
    const beyond = cells.slice(Math.max(0, record.length - names.length));
    const end = record.at(-1)?.end ?? 0;
    const more = beyond.map((cell) => delimiter + writeField(cell, delimiter)).join('');
    return more === '' ? inside : [...inside, { start: end, end, text: more }];
  });
}

interface FieldChange {
  value: unknown;
  delimiter: string;
  /** The only field of its record: an empty line would not be a row. */
  isOnly: boolean;
}

/** None if the field has the value already; a quoted field stays quoted. */
function fieldEdit(text: string, place: Place, { value, delimiter, isOnly }: FieldChange): TextEdit[] {
  const written = text.slice(place.start, place.end);
  const isQuoted = written.length > 1 && written.startsWith('"') && written.endsWith('"');
  const before = isQuoted ? written.slice(1, -1).replaceAll('""', '"') : written;
  const after = cellText(value);
  if (before === after) return [];
  return [{ ...place, text: isQuoted || (isOnly && after === '') ? quoted(after) : writeField(value, delimiter) }];
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Any separator is quoted, since the one of the file is detected from its text. */
function writeField(value: unknown, delimiter: string): string {
  const text = cellText(value);
  return text.includes(delimiter) || /[",;\t\r\n]|^\s|\s$/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Enough to detect the column separator. */
const SAMPLE = 64 * 1024;

/** By the rules of `readCsvRecords`; the text was read as a dataset before. */
function readTable(text: string, isTabbed: boolean): CsvTable {
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const { delimiter, length } = detectDialect(text.slice(mark, mark + SAMPLE), {
    isWhole: text.length <= SAMPLE,
    isTabbed,
  });
  const records = readRecords(text, mark + length, delimiter);
  const names = (records[0] ?? []).map(({ start, end }) => {
    const written = text.slice(start, end);
    return (written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written).trim();
  });
  return { delimiter, records, names: names.slice(0, names.findLastIndex((name) => name !== '') + 1) };
}

function readRecords(text: string, start: number, delimiter: string): Place[][] {
  const records: Place[][] = [];
  let record: Place[] = [];
  for (let at = start; at < text.length || record.length > 0; ) {
    const end = endOfField(text, at, delimiter);
    const isBlank = record.length === 0 && end === at && text[end] !== delimiter;
    if (!isBlank) record.push({ start: at, end });
    at = end;
    if (text[at] === delimiter) {
      at += 1;
      // a delimiter at the very end is followed by an empty field
      if (at >= text.length) record.push({ start: at, end: at });
      if (at < text.length) continue;
    } else if (at < text.length) at += text.startsWith('\r\n', at) ? 2 : 1;
    if (record.length > 0) records.push(record);
    record = [];
  }
  return records;
}

/** A field that starts with a quote ends at the closing one, unless more follows, as tab-separated files allow. */
function endOfField(text: string, start: number, delimiter: string): number {
  const isEnd = (at: number) => at >= text.length || text[at] === delimiter || text[at] === '\n' || text[at] === '\r';
  if (text[start] === '"') {
    let at = text.indexOf('"', start + 1);
    while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
    if (at >= 0 && isEnd(at + 1)) return at + 1;
  }
  let at = start;
  while (!isEnd(at)) at += 1;
  return at;
}
