import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { UserError } from '../errors.ts';

/**
 * Writes a long text to a file, piece by piece. The file is renamed when it is complete, so that an existing file is not
 * changed if the writing is cancelled or fails. Throws UserError if the place cannot be written; `what` names the
 * content: "the runs".
 */
export async function writePieces(
  file: string,
  pieces: AsyncIterable<string | Uint8Array>,
  what: string,
): Promise<void> {
  const unfinished = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    const output = await open(unfinished, 'wx');
    try {
      for await (const piece of pieces) await output.writeFile(piece);
    } finally {
      await output.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isSystemError(error) ? describeUnwritable(error, { file, what }) : error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function describeUnwritable(error: NodeJS.ErrnoException, { file, what }: { file: string; what: string }): UserError {
  return new UserError(`Could not write ${what} to ${file}: ${error.code ?? error.message}.`, {
    code: 'usage',
    hint: 'Select another location, or free up disk space.',
    cause: error,
  });
}
