import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { UserError } from '../../base/errors.ts';
import type { TextEdit } from '../../datasets/edit/text-edit.ts';

/**
 * The edits of an evaluation file that give columns of one of its `rows` (from 1) new values. Values are written as JSON,
 * which is YAML too; comments and everything else stay. Throws UserError if there is no such row.
 */
export function editInlineRow(text: string, change: { row: number; values: Record<string, unknown> }): TextEdit[] {
  const rows = parseDocument(text, { logLevel: 'silent' }).get('rows');
  const row = isSeq(rows) ? rows.items[change.row - 1] : undefined;
  if (!isMap(row)) {
    throw new UserError(`The file has no row ${change.row}.`, {
      code: 'invalid-input',
      hint: 'The file may have changed. Read it again.',
    });
  }
  const changes = Object.entries(change.values).filter(([, value]) => value !== undefined);
  return changes.flatMap(([name, value]) => editColumn(text, row, { name, written: JSON.stringify(value) }));
}

function editColumn(text: string, row: YAMLMap, { name, written }: { name: string; written: string }): TextEdit[] {
  const pair = row.items.find(({ key }) => String(key) === name);
  const value = rangeOf(pair?.value);
  if (value) {
    // a block of several lines ends with its last line end, which stays
    const end = value.start + text.slice(value.start, value.end).trimEnd().length;
    return [{ start: value.start, end, text: written }];
  }
  const key = rangeOf(pair?.key);
  if (key) {
    const end = text.indexOf(':', key.end) + 1;
    return [{ start: end, end, text: ` ${written}` }];
  }
  return [insertion(text, row, `${JSON.stringify(name)}: ${written}`)];
}

/** Before the first column, whose place is known whatever its value is. */
function insertion(text: string, row: YAMLMap, column: string): TextEdit {
  const first = rangeOf(row.items[0]?.key);
  const { start } = first ?? { start: (rangeOf(row)?.start ?? 0) + 1 };
  if (!first) return { start, end: start, text: ` ${column} ` };
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = ' '.repeat(start - lineStart);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return { start, end: start, text: row.flow ? `${column}, ` : `${column}${lineEnd}${indent}` };
}

function rangeOf(node: unknown): { start: number; end: number } | undefined {
  const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
  return range && range[1] > range[0] ? { start: range[0], end: range[1] } : undefined;
}
