import { createHash } from 'node:crypto';
import { UserError } from '../../base/errors.ts';
import { isHash } from './prompt-log.ts';

/** Where a page ended. It refers to commits, not a count, so that a new commit shifts nothing. */
export interface HistoryCursor {
  /** The tips where the first page started; undefined if there were too many. */
  tips: string[] | undefined;
  /** Versions on the previous pages, as `versionKey` writes them. */
  shown: string[];
  /** Log entries up to there: the minimum number to request from git. */
  seen: number;
}

const KEY = /^[0-9a-f]{18}$/;

/** A version in a cursor: its commit and its path, since one commit may have two prompts that became one. */
export function versionKey({ commit, path }: { commit: string; path: string }): string {
  return commit.slice(0, 12) + createHash('sha256').update(path).digest('hex').slice(0, 6);
}

export function writeCursor(cursor: HistoryCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

export function readCursor(text: string): HistoryCursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as HistoryCursor;
    const { tips, shown, seen } = cursor;
    const areTips = tips === undefined || (Array.isArray(tips) && tips.every(isHash));
    const areShown = Array.isArray(shown) && shown.every((key) => typeof key === 'string' && KEY.test(key));
    if (areTips && areShown && Number.isInteger(seen)) return { tips, shown, seen };
  } catch {
    // reported below
  }
  throw new UserError('This position in the history is not valid.', {
    code: 'usage',
    hint: 'Start at the first page.',
  });
}
