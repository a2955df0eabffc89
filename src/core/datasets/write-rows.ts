import { formatJson } from '../base/json/format-json.ts';

/** The possible values of a table cell; an unknown value is an empty cell. */
export type Cell = string | number | boolean | null | undefined;

/** Rows are joined into pieces of this many rows or about this many characters, so that memory is bounded. */
const ROWS_PER_PIECE = 500;
const PIECE_LENGTH = 1024 * 1024;

/** Lines of CSV, ended by CRLF, as spreadsheets write them. Texts that one would run as a formula get an apostrophe. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** The text of a CSV file, piece by piece. */
export async function* writeCsv(
  head: readonly string[],
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>,
): AsyncGenerator<string> {
  yield csvLines([head]);
  for await (const piece of inPieces(rows, textLength)) yield csvLines(piece);
}

/** The text of a JSON Lines file, piece by piece; undefined fields are omitted. */
export async function* writeJsonLines(
  rows: AsyncIterable<Record<string, unknown>> | Iterable<Record<string, unknown>>,
): AsyncGenerator<string> {
  for await (const piece of inPieces(jsonLines(rows), (line) => line.length)) yield piece.join('');
}

async function* jsonLines(rows: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield `${formatJson(row)}\n`;
}

/** Where a list separator or a tab also separates cells, the text after it would start a cell, and could be a formula. */
const QUOTED = /[",;\t\r\n]|^\s|\s$/;

/** What Excel, LibreOffice and Google Sheets treat as a formula, including the wide forms of Asian keyboards. */
const FORMULA = /^[\s\u0000]*[=+\-@＝＋－＠]|^[\t\r\n]/;

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textLength(cells: readonly Cell[]): number {
  return cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0);
}

async function* inPieces<T>(rows: AsyncIterable<T> | Iterable<T>, lengthOf: (row: T) => number): AsyncGenerator<T[]> {
  let piece: T[] = [];
  let length = 0;
  for await (const row of rows) {
    piece.push(row);
    length += lengthOf(row);
    if (piece.length < ROWS_PER_PIECE && length < PIECE_LENGTH) continue;
    yield piece;
    piece = [];
    length = 0;
  }
  if (piece.length > 0) yield piece;
}
