import { UserError } from '../base/errors.ts';
import { parseJson, TOO_DEEP } from '../base/json-depth.ts';
import { readCsv } from './csv.ts';
import { findJsonError } from './json-error.ts';

export type DatasetRow = Record<string, unknown>;

export interface ReadRowsOptions {
  /** Stops after so many rows; the rest is not read, and not checked either. */
  limit?: number;
}

/**
 * Reads a dataset by its file's extension: `.jsonl` (one object a line), `.json` (a list of objects, or one), `.csv`
 * (RFC 4180 with a header; every value is a text). Throws UserError naming file and line.
 */
export function readDatasetRows(path: string, text: string, { limit }: ReadRowsOptions = {}): DatasetRow[] {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const max = limit ?? Number.POSITIVE_INFINITY;
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  switch (extension) {
    case 'jsonl':
    case 'ndjson':
      return readJsonLines(path, source, max);
    case 'json':
      return readJson(path, source).slice(0, max);
    case 'csv':
      return readCsvRows(path, source, max);
    default:
      throw new UserError(`${path} is not a dataset.`, {
        code: 'invalid-input',
        hint: 'Datasets are .jsonl, .json or .csv files.',
      });
  }
}

function readJsonLines(path: string, text: string, max: number): DatasetRow[] {
  const rows: DatasetRow[] = [];
  let start = 0;
  for (let line = 1; start < text.length && rows.length < max; line += 1) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? text.length : lineBreak;
    const content = text.slice(start, end).trim();
    start = end + 1;
    if (content === '') continue;
    const value = parseJsonAt(path, content, line);
    if (!isRow(value)) throw problem(path, line, `a line must hold one JSON object, not ${nameOf(value)}`);
    rows.push(value);
  }
  return rows;
}

function readJson(path: string, text: string): DatasetRow[] {
  if (text.trim() === '') return [];
  const value = parseJsonAt(path, text, 1);
  if (isRow(value)) return [value];
  if (!Array.isArray(value)) throw problem(path, 1, `the file must hold a list of objects, not ${nameOf(value)}`);
  return value.map((row: unknown, index) => {
    if (isRow(row)) return row;
    throw new UserError(`${path}: row ${index + 1} must be an object, not ${nameOf(row)}.`, {
      code: 'invalid-input',
      hint: 'Every row is an object from names to values.',
    });
  });
}

function readCsvRows(path: string, text: string, max: number): DatasetRow[] {
  const result = readCsv(text, max + 1);
  if ('problem' in result) throw problem(path, result.line, result.problem);
  const [header, ...records] = result.records;
  if (!header) return [];
  const names = header.fields.map((name) => name.trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw problem(path, header.line, `the column \`${repeated}\` stands in the header twice`);
  return records.map(({ fields, line }) => {
    if (fields.length !== names.length) {
      throw problem(path, line, `the row has ${fields.length} values, and the header names ${names.length} columns`);
    }
    return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
  });
}

function parseJsonAt(path: string, text: string, firstLine: number): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof Error && error.message.includes(TOO_DEEP)) throw problem(path, firstLine, error.message);
    const at = findJsonError(text);
    const line = firstLine + text.slice(0, at).split('\n').length - 1;
    const found = text.slice(at).split(/\s/, 1)[0]?.slice(0, 20);
    throw problem(path, line, found ? `this is not JSON, from \`${found}\` on` : 'this is not JSON: it ends too early');
  }
}

function isRow(value: unknown): value is DatasetRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function problem(path: string, line: number, reason: string): UserError {
  return new UserError(`${path}:${line}: ${reason}.`, {
    code: 'invalid-input',
    hint: 'Correct that line and try again.',
  });
}
