import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import { FileRefusal, readRegularFile } from '../../base/files/read-file.ts';
import { readUtf8 } from '../../base/files/text-encoding.ts';
import type { ImportSource } from './draft.ts';

/** Far above any prompt or sample, and fast to read. */
const MOST_BYTES = 8_000_000;
const MOST_BYTES_TOGETHER = 64_000_000;

/**
 * Reads files that an imported file refers to: paths relative to its folder, only inside `within`, regular files up to
 * a limit. Undefined if there is no such file; rejects with UserError for a refused one.
 */
export function namedFileReader(folder: string, within: readonly string[]): NonNullable<ImportSource['readFile']> {
  let left = MOST_BYTES_TOGETHER;
  return async (relative) => {
    try {
      const file = path.resolve(folder, relative);
      const bytes = await readRegularFile(file, { within, maxBytes: Math.min(MOST_BYTES, left) });
      left -= bytes.length;
      return readUtf8(file, bytes);
    } catch (error) {
      if (error instanceof FileRefusal) throw error;
      return undefined;
    }
  };
}

/** The kind of the file, and where a refusal is reported. */
export interface NamedFile {
  /** Such as `The template file`. */
  what: string;
  notes: string[];
}

/** The text of a file that the source refers to; undefined, with a note about the reason, if it is not read. */
export async function readNamedFile(
  source: ImportSource,
  file: string,
  { what, notes }: NamedFile,
): Promise<string | undefined> {
  const shown = `${what} ${file.length > 200 ? `${file.slice(0, 200)}…` : file}`;
  try {
    const text = await source.readFile?.(file);
    if (text === undefined) notes.push(`${shown} could not be read: the file does not exist or cannot be opened.`);
    return text?.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    notes.push(`${shown} was not read: ${reasonOf(error)}`);
    return undefined;
  }
}

function reasonOf(error: UserError): string {
  if (error.code === 'outside-workspace')
    return 'it is outside the workspace of the imported file. Copy it into the workspace and import again.';
  const reason = error instanceof FileRefusal ? error.reason : undefined;
  if (reason === 'encoding') return `${error.message} ${error.hint}`;
  return reason === 'too-large' ? 'it is larger than 8 MB, or too many files were read.' : 'it is not a regular file.';
}
