import { stat } from 'node:fs/promises';
import { lockFileIn } from './git-errors.ts';

/** Whoever is at work holds the lock of a ref for a few milliseconds; a hook may take a little longer. */
const LONGEST_HELD_MS = 2000;

/** Tells a lock that somebody holds right now from one that was left behind. */
export interface LockWatch {
  /**
   * Throws the error where it names a lock that has been there for too long: trying again would only be silent. Returns
   * where the lock is new, so that it is worth trying again.
   */
  refuseStale(error: unknown): Promise<void>;
}

export function watchLocks(): LockWatch {
  const seen = new Map<string, { stamp: string; since: number }>();
  return {
    async refuseStale(error) {
      const lock = lockFileIn(error);
      const found = lock === undefined ? undefined : await stat(lock).catch(() => undefined);
      if (lock === undefined || found === undefined) return;
      const stamp = `${found.ino} ${found.mtimeMs}`;
      const known = seen.get(lock);
      // by this clock too: a file server may have another one
      const since = known?.stamp === stamp ? known.since : performance.now();
      seen.set(lock, { stamp, since });
      const age = Math.max(Date.now() - found.mtimeMs, performance.now() - since);
      if (age > LONGEST_HELD_MS) throw error;
    },
  };
}
