import { readFirstRows } from './read-rows.ts';
import type { DatasetRow } from './row.ts';

/** More rows belong into a file. */
const MOST_ROWS = 10_000;

/**
 * The rows of a text from the clipboard: cells of a spreadsheet with a header, CSV, JSON Lines, or JSON. Throws UserError
 * with the line for what is none of these.
 */
export function readPastedRows(text: string): Promise<DatasetRow[]> {
  return readFirstRows(nameFor(text), [Buffer.from(text)], { limit: MOST_ROWS });
}

function nameFor(text: string): string {
  const start = text.trimStart();
  if (start.startsWith('[')) return 'clipboard.json';
  // several objects on lines of their own, or one on many lines
  if (start.startsWith('{')) return /^\{.*\}\s*$/m.test(start) ? 'clipboard.jsonl' : 'clipboard.json';
  const [header = ''] = start.split(/\r\n|\r|\n/, 1);
  return header.includes('\t') ? 'clipboard.tsv' : 'clipboard.csv';
}
