import { isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import type { SavedTag } from '../refs/saved-tags.ts';

/** The progress of a save before something failed. */
export interface SaveProgress {
  path: string;
  /** Undefined until the commit exists. */
  commit: string | undefined;
  /** False if the commit already existed. */
  committed: boolean;
  tag?: SavedTag | undefined;
}

/** The error for a failure after the commit, with what was and what was not done. */
export function unfinishedSave(error: unknown, { path, commit = '', committed, tag }: SaveProgress): UserError {
  const { code, message, hint } = toErrorInfo(error);
  const at = commit.slice(0, 10);
  const done = committed ? `${path} is committed (${at})` : `Nothing was committed: ${path} is as in ${at}`;
  const without = tag ? `and tagged as v${tag.number}, but the save is not complete` : 'but has no version tag yet';
  const why = isAbortError(error) ? 'It was cancelled.' : message;
  const own = hint === undefined || code === 'index-locked' ? '' : `${hint.replace(' Nothing was changed.', '')} `;
  const next = 'The next save of any prompt completes this one; the commit keeps its message.';
  return new UserError(`${done}, ${without}. ${why}`, { code, hint: `${own}${next}`, cause: error });
}

const FULL = /\bENOSPC\b|\bEDQUOT\b|\bEROFS\b|No space left on device|Disk quota exceeded|Read-only file system/;

/** A file of git or of a save that cannot be written, as an error with a next step; any other error unchanged. */
export function explainUnwritable(error: unknown): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const isSystem = error instanceof Error && !(error instanceof UserError) && typeof code === 'string';
  if (!isSystem || !(FULL.test(code) || code === 'EACCES' || code === 'EPERM')) return error;
  return new UserError(`The git directory cannot be written: ${error.message}.`, {
    code: 'output',
    hint: 'Free some space, or make the folder writable.',
    cause: error,
  });
}
