import { UserError } from '../base/errors.ts';

/** Where a page ended. It names commits, not a count, so that a new commit shifts nothing. */
export interface HistoryCursor {
  /** The tip that the first page began at; undefined where it was every branch. */
  tip: string | undefined;
  /** The last version's commit and its committer's date. */
  after: string;
  at: number;
  /** Entries of the log up to there: how many git must be asked for at least. */
  seen: number;
}

export function writeCursor(cursor: HistoryCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

export function readCursor(text: string): HistoryCursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as HistoryCursor;
    const { tip, after, at, seen } = cursor;
    const isHash = (hash: unknown) => typeof hash === 'string' && /^[0-9a-f]{40,64}$/.test(hash);
    if ((tip === undefined || isHash(tip)) && isHash(after) && Number.isFinite(at) && Number.isInteger(seen)) {
      return { tip, after, at, seen };
    }
  } catch {
    // told below
  }
  throw new UserError('This place in the history cannot be read.', { code: 'usage', hint: 'Begin at the first page.' });
}
