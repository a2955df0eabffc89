import { isRecord } from '../../shared/is-record.ts';
import { throwIfAborted } from '../base/abort.ts';
import { UserError } from '../base/errors.ts';
import { EncodingError, encodingFailure, TextReader } from '../base/files/text-encoding.ts';
import { parseJson, TooDeepError } from '../base/json/json-depth.ts';
import { findInexactNumber, INEXACT } from '../base/json/json-numbers.ts';
import { readCsvRows } from './csv-rows.ts';
import { findJsonError } from './json-error.ts';
import { createLineSplitter, createListSplitter, type JsonSplitter, type JsonText } from './json-values.ts';
import { type DatasetRow, LONGEST_ROW, type PlacedRow, RowProblem } from './row.ts';

/** The bytes of a dataset: a stream of a file, or bytes that are in memory already. */
export type DatasetBytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface ReadDatasetOptions {
  /** Rejects what would otherwise only be reported: an encoding that had to be guessed. */
  strict?: boolean | undefined;
  /** Gets a whole sentence if something was read in another way than it is written. */
  onNotice?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const EXTENSIONS = ['jsonl', 'ndjson', 'json', 'csv', 'tsv'] as const;

/**
 * The rows of a dataset one by one, by its file's extension: `.jsonl` (one object per line), `.json` (a list of
 * objects, or one), `.csv` (separated by commas, semicolons or tabs) and `.tsv`, both with a header and text values. No
 * more than a row and a piece of the file is in memory at once. Throws UserError with the file and the line; what
 * follows the last requested row is neither read nor checked.
 */
export async function* readDataset(
  path: string,
  bytes: DatasetBytes,
  options: ReadDatasetOptions = {},
): AsyncGenerator<PlacedRow> {
  const extension = EXTENSIONS.find((known) => known === /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase());
  if (extension === undefined) {
    throw new UserError(`${path} is not a dataset.`, {
      code: 'invalid-input',
      hint: 'Datasets are .jsonl, .json, .csv or .tsv files.',
    });
  }
  try {
    const isTable = extension === 'csv' || extension === 'tsv';
    const pieces = decode(path, bytes, { ...options, isTable });
    if (isTable) yield* readCsvRows(pieces, { isTabbed: extension === 'tsv' });
    else yield* readJsonRows(pieces, extension === 'json' ? createListSplitter() : createLineSplitter(), extension);
  } catch (error) {
    throw toUserError(path, error);
  }
}

/** Its first rows, at most `limit`. */
export async function readFirstRows(
  path: string,
  bytes: DatasetBytes,
  { limit, ...options }: ReadDatasetOptions & { limit: number },
): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  if (limit < 1) return rows;
  for await (const { row } of readDataset(path, bytes, options)) {
    rows.push(row);
    if (rows.length >= limit) break;
  }
  return rows;
}

interface Decoding extends ReadDatasetOptions {
  isTable: boolean;
}

async function* decode(path: string, bytes: DatasetBytes, options: Decoding): AsyncGenerator<string> {
  const { isTable, strict, onNotice, signal } = options;
  const onLegacy = ({ line }: { line: number }) =>
    onNotice?.(
      `${path} is not valid UTF-8 (first at line ${line}) and was read as Windows-1252. Save it as UTF-8 so that all its characters are correct.`,
    );
  // JSON is UTF-8 by definition; tables often come from spreadsheets.
  const reader = new TextReader({ refuseNul: true, ...(isTable && !strict ? { onLegacy } : {}) });
  let isFirst = true;
  const take = (read: (reader: TextReader) => string): string => {
    const text = read(reader);
    const hasMark = isFirst && text.charCodeAt(0) === 0xfeff;
    isFirst &&= text === '';
    return hasMark ? text.slice(1) : text;
  };
  for await (const piece of bytes) {
    throwIfAborted(signal);
    yield take((to) => to.push(piece));
  }
  yield take((to) => to.end());
}

async function* readJsonRows(
  pieces: AsyncIterable<string>,
  splitter: JsonSplitter,
  kind: 'json' | 'jsonl' | 'ndjson',
): AsyncGenerator<PlacedRow> {
  let number = 0;
  const read = (value: JsonText): PlacedRow => {
    number += 1;
    return { row: readRow(value, kind, number), number, line: value.line };
  };
  for await (const piece of pieces) {
    for (const value of splitter.push(piece)) yield read(value);
    if (splitter.pending > LONGEST_ROW) throw new RowProblem(TOO_LONG, 1);
  }
  for (const value of splitter.end()) yield read(value);
}

function readRow({ text, line }: JsonText, kind: string, number: number): DatasetRow {
  const value = readValue(text, line);
  if (isRecord(value)) return value;
  const reason =
    kind === 'json'
      ? `row ${number} must be an object, not ${nameOf(value)}`
      : `a line must contain one JSON object, not ${nameOf(value)}`;
  throw new RowProblem(reason, line);
}

function readValue(text: string, firstLine: number): unknown {
  const lineOf = (at: number) => firstLine + text.slice(0, at).split('\n').length - 1;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof TooDeepError) throw new RowProblem(error.message, firstLine);
    const at = findJsonError(text);
    const found = text.slice(at).split(/\s/, 1)[0]?.slice(0, 20);
    const reason = found
      ? `this is not valid JSON, starting at \`${found}\``
      : 'this is not valid JSON: it ends too early';
    throw new RowProblem(reason, lineOf(at));
  }
  const inexact = findInexactNumber(text);
  if (inexact) throw new RowProblem(`${inexact.text} ${INEXACT}`, lineOf(inexact.start));
  return value;
}

const TOO_LONG = `a row is longer than ${LONGEST_ROW / 1024 / 1024} million characters`;

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function toUserError(path: string, error: unknown): unknown {
  if (error instanceof EncodingError) return encodingFailure(path, error.problem);
  if (!(error instanceof RowProblem)) return error;
  return new UserError(`${path}:${error.line}: ${error.message}.`, {
    code: 'invalid-input',
    hint: 'Fix that line and try again.',
    cause: error,
  });
}
