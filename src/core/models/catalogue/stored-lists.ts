import type { ModelCache } from './model-lists.ts';

/** How long a value from the database counts as current: another window may have listed models since. */
const CACHE_MS = 60_000;

/** Stores values beyond the life of the window: the workspace's database. */
interface Values {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/**
 * Model lists that outlive the window. Every run looks up its model, so values are cached in memory, missing ones
 * included: each look-up would be a message to the database's thread and back.
 */
export function createStoredLists(values: Values, now: () => number): ModelCache {
  const known = new Map<string, { at: number; value: Promise<unknown> }>();
  return {
    get(key) {
      const found = known.get(key);
      if (found && now() - found.at < CACHE_MS) return found.value;
      const value = values.get(key);
      known.set(key, { at: now(), value });
      value.catch(() => known.delete(key));
      return value;
    },
    async set(key, value) {
      known.set(key, { at: now(), value: Promise.resolve(value) });
      await values.set(key, value);
    },
  };
}
