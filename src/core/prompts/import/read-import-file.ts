import { UserError } from '../../base/errors.ts';
import { FileRefusal } from '../../base/files/read-file.ts';
import type { FileReader } from '../../base/ports.ts';

/** Larger files are not opened. */
export const MOST_IMPORT_BYTES = 20_000_000;

/** The text of a file to import, which must be UTF-8. Throws UserError with the reason if it cannot be read. */
export async function readImportFile(files: FileReader, file: string): Promise<string> {
  try {
    return await files.readText(file, { maxBytes: MOST_IMPORT_BYTES, exact: true });
  } catch (cause) {
    throw refusalOf(file, cause);
  }
}

function refusalOf(file: string, cause: unknown): UserError {
  if (cause instanceof FileRefusal) {
    const { message, hint = '', bytes = 0 } = cause;
    return cause.reason === 'too-large'
      ? tooLargeToImport(file, bytes, cause)
      : new UserError(message, { code: 'usage', hint, cause });
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EISDIR') {
    const hint = `Specify files in it, such as ${file}/*.prompty.`;
    return new UserError(`${file} is a folder.`, { code: 'usage', hint, cause });
  }
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new UserError(`${file} does not exist.`, { code: 'usage', hint: 'Check the path.', cause })
    : new UserError(`${file} could not be read.`, { code: 'usage', hint: 'Check its permissions.', cause });
}

export function tooLargeToImport(file: string, bytes: number, cause?: unknown): UserError {
  return new UserError(`${file} is too large to be a prompt: ${Math.round(bytes / 1e6)} MB.`, {
    code: 'usage',
    hint: 'Move the prompt to a separate file and import that file.',
    cause,
  });
}
