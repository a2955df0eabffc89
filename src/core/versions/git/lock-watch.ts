import { stat } from 'node:fs/promises';
import { lockFileIn } from './git-errors.ts';

/** An active process holds the lock of a ref for a few milliseconds; a hook may take a little longer. */
const LONGEST_HELD_MS = 2000;

export type LockWatch = ReturnType<typeof watchLocks>;

/** Distinguishes a lock that a process holds right now from one that was left behind. */
export function watchLocks() {
  const seen = new Map<string, { stamp: string; since: number }>();
  return {
    /** Throws the error of a lock that has been there for long, which retries would hide; returns if the lock is new. */
    async refuseStale(error: unknown): Promise<void> {
      const lock = lockFileIn(error);
      const found = lock === undefined ? undefined : await stat(lock).catch(() => undefined);
      if (lock === undefined || found === undefined) return;
      const stamp = `${found.ino} ${found.mtimeMs}`;
      const known = seen.get(lock);
      // also by this machine's clock: a file server may have another one
      const since = known?.stamp === stamp ? known.since : performance.now();
      seen.set(lock, { stamp, since });
      const age = Math.max(Date.now() - found.mtimeMs, performance.now() - since);
      if (age > LONGEST_HELD_MS) throw error;
    },
  };
}
