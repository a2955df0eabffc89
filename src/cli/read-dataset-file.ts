import { UserError } from '../core/base/errors.ts';
import { streamRegularFile } from '../core/base/files/read-file.ts';
import { type ReadDatasetOptions, readDataset } from '../core/datasets/read-rows.ts';
import type { PlacedRow } from '../core/datasets/row.ts';

/** The rows of a file that the command line names; `what` is its part in the command, such as `input file`. */
export async function* readDatasetFile(
  file: string,
  { what, ...options }: ReadDatasetOptions & { what: string },
): AsyncGenerator<PlacedRow> {
  try {
    yield* readDataset(file, streamRegularFile(file), options);
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    throw new UserError(`The ${what} ${file} could not be read (${cause.code}).`, {
      code: 'invalid-input',
      hint: 'Check the path. It is relative to the current folder.',
      cause,
    });
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof UserError) && 'code' in error && typeof error.code === 'string';
}
