import { UserError } from '../../base/errors.ts';

/** SQLite's primary result codes that the store distinguishes (sqlite.org/rescode.html). */
const PRIMARY = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  notadb: 26,
} as const;
const CORRUPT_VTAB = 267;
const READONLY_DBMOVED = 1032;

/** Node's error codes for a folder that cannot be created or written. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EEXIST', 'ENOSPC', 'EDQUOT', 'EIO'];

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function isPrimary(error: unknown, ...codes: number[]): boolean {
  const code = resultCode(error);
  return code !== undefined && codes.includes(code & 0xff);
}

function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isBusy(error: unknown): boolean {
  return isPrimary(error, PRIMARY.busy, PRIMARY.locked);
}

/** The file itself is corrupted, or not a database. */
export function isCorrupt(error: unknown): boolean {
  return isPrimary(error, PRIMARY.corrupt, PRIMARY.notadb) && !isSearchIndexCorrupt(error);
}

/** The error that SQLite would throw for a file with other first bytes than its own. */
export function createNotADatabaseError(): Error {
  return Object.assign(new Error('file is not a database'), { errcode: PRIMARY.notadb });
}

/** Only the full-text index is corrupted; it can be rebuilt from the answers. */
export function isSearchIndexCorrupt(error: unknown): boolean {
  return resultCode(error) === CORRUPT_VTAB;
}

export function isMoved(error: unknown): boolean {
  return resultCode(error) === READONLY_DBMOVED;
}

function isFull(error: unknown): boolean {
  return isPrimary(error, PRIMARY.full) || ['ENOSPC', 'EDQUOT'].includes(fileErrorCode(error) ?? '');
}

/** Why the database cannot be written there, as the end of a sentence; undefined if the error has another meaning. */
export function describeUnwritable(error: unknown): string | undefined {
  if (isFull(error)) return 'the disk is full';
  if (isPrimary(error, PRIMARY.readonly)) return 'it is read-only';
  if (isPrimary(error, PRIMARY.perm, PRIMARY.ioerr, PRIMARY.cantopen)) return errorText(error);
  const code = fileErrorCode(error);
  if (code === 'EROFS') return 'it is on a read-only drive';
  if (code === 'EACCES' || code === 'EPERM') return 'you have no permission to write there';
  return code !== undefined && UNWRITABLE.includes(code) ? errorText(error) : undefined;
}

/** Every failure of the database as a sentence for the user, with the file and the next step. */
export function toStoreError(error: unknown, path: string): UserError {
  if (error instanceof UserError) return error;
  const fail = (message: string, hint: string) => new UserError(message, { code: 'store', hint, cause: error });
  if (isBusy(error)) {
    return fail(
      `The database ${path} is locked by another program.`,
      'Close the other window or program that has it open, then try again.',
    );
  }
  if (isFull(error)) {
    return fail(
      `The disk of ${path} is full; nothing was written.`,
      'Free some space, or delete old runs, then try again.',
    );
  }
  if (isPrimary(error, PRIMARY.readonly)) {
    return fail(`The database ${path} is read-only.`, 'Make the file and its folder writable, then reload the window.');
  }
  if (isCorrupt(error)) {
    return fail(
      `The database ${path} is corrupted and could not be moved aside: ${errorText(error)}.`,
      'Close other windows with this folder, then move the file elsewhere yourself.',
    );
  }
  return fail(
    `The database ${path} failed: ${errorText(error)}.`,
    'Check that its folder is accessible and writable, then try again.',
  );
}

function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
