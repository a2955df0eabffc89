import { longestQuickText } from '../../../base/bounded-regexp.ts';
import { UserError } from '../../../base/errors.ts';
import { connectWorker, type WorkerClient } from '../../../base/worker-rpc.ts';

const LONGEST_MS = 1000;

/** Whether a pattern matches anywhere in a text. Undefined if that takes longer than a second. */
export type SearchText = (pattern: RegExp, text: string) => Promise<boolean | undefined>;

/**
 * Patterns of users run in a thread of their own, because nothing in JavaScript interrupts one: after a second the thread
 * is ended, and the next pattern gets a new one. Patterns that cannot take long on a text run at once.
 */
export function createTextSearch(): SearchText {
  let worker: WorkerClient | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const search = async (pattern: RegExp, text: string): Promise<boolean | undefined> => {
    worker ??= connect();
    const own = worker;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      worker = undefined;
      void own.stop();
    }, LONGEST_MS);
    try {
      return (await own.call('test', { pattern: pattern.source, flags: pattern.flags, text })) === true;
    } catch (error) {
      if (isLate && error instanceof UserError) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return (pattern, text) => {
    if (text.length <= longestQuickText(pattern.source)) return Promise.resolve(pattern.test(text));
    // one at a time: the time of a search is its own
    const result = queue.then(() => search(pattern, text));
    queue = result.catch(() => {});
    return result;
  };
}

function connect(): WorkerClient {
  return connectWorker({
    url: new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './regexp-worker.js', import.meta.url),
    data: undefined,
    name: 'The thread for regular expressions',
    code: 'internal',
  });
}
