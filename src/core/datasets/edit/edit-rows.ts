import { UserError } from '../../base/errors.ts';
import type { DatasetRow } from '../row.ts';
import { appendCsvRows, editCsvRow } from './edit-csv-rows.ts';
import { appendJsonElements, appendJsonLines, editJsonRow, findJsonElement, findJsonLine } from './edit-json-rows.ts';
import type { TextEdit } from './text-edit.ts';

/**
 * The smallest edits of a dataset's text that give columns of a row (from 1) new values; undefined removes a value. The
 * rest of the text, its quotes, spaces and line ends included, stays as it is. Throws UserError if there is no such row.
 */
export function editRow(path: string, text: string, change: { row: number; values: DatasetRow }): TextEdit[] {
  const { row: number, values } = change;
  const extension = extensionOf(path);
  if (extension === 'csv' || extension === 'tsv') {
    return editCsvRow(text, number, values, extension === 'tsv') ?? noSuchRow(path, number);
  }
  const place = extension === 'json' ? findJsonElement(text, number) : findJsonLine(text, number);
  return place && text[place.start] === '{' ? editJsonRow(text, place, values) : noSuchRow(path, number);
}

/** The edits that add rows at the end of a dataset's text. */
export function appendRows(path: string, text: string, rows: readonly DatasetRow[]): TextEdit[] {
  if (rows.length === 0) return [];
  const extension = extensionOf(path);
  if (extension === 'csv' || extension === 'tsv') return appendCsvRows(text, rows, extension === 'tsv');
  return extension === 'json' ? appendJsonElements(text, rows) : appendJsonLines(text, rows);
}

function extensionOf(path: string): string {
  return /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

function noSuchRow(path: string, number: number): never {
  throw new UserError(`${path} has no row ${number}.`, {
    code: 'invalid-input',
    hint: 'The file may have changed. Read it again.',
  });
}
