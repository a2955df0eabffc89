import type { Log } from '../base/ports.ts';
import { MEMORY_PATH, type StoreMethod, type StoreMethods } from './messages.ts';
import { withEncodedAnswer } from './runs/encode-answer.ts';

import type { RunRecord, Store } from './store.ts';
import { connectWorker } from './worker-link.ts';

export interface OpenStoreOptions {
  /** `.llmops/llmops.db` of a folder, absolute; undefined where no folder is open, which keeps everything in memory. */
  path: string | undefined;
  log: Log;
  now: () => number;
  /** The built `store-worker.js`; by default beside the file that calls. */
  workerUrl?: URL;
  /** How long a lock held by another window is waited for, in the worker; 5 s unless told. */
  busyTimeoutMs?: number;
  /** How often this window's running runs are marked as alive; 5 s unless told. */
  heartbeatMs?: number;
}

const BUSY_TIMEOUT_MS = 5000;
/** A run whose heartbeat is older than a few of these has lost its window: see `markInterrupted`. */
export const HEARTBEAT_MS = 5000;

/**
 * Opens the database in a worker thread of its own. Rejects with UserError: `store-newer` for a file that a newer
 * version wrote, `store` for one that stays locked. A damaged file or an unwritable folder is no error but a notice
 * in `status()`.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { path = MEMORY_PATH, busyTimeoutMs = BUSY_TIMEOUT_MS, log, now } = options;
  const link = connectWorker({
    url: options.workerUrl ?? new URL('./store-worker.js', import.meta.url),
    data: { path, busyTimeoutMs },
    log,
    now,
  });
  try {
    await link.call('open');
  } catch (error) {
    await link.end();
    throw error;
  }
  return createStore(link.call, { ...options, end: link.end, notices: link.notices });
}

type Call = <M extends StoreMethod>(
  method: M,
  ...args: Parameters<StoreMethods[M]>
) => Promise<Awaited<ReturnType<StoreMethods[M]>>>;

function createStore(
  call: Call,
  { log, heartbeatMs = HEARTBEAT_MS, end, notices }: OpenStoreOptions & { end(): Promise<void>; notices: string[] },
): Store {
  const streaming = new Set<string>();
  const heartbeat = setInterval(() => {
    if (streaming.size === 0) return;
    call('beat', [...streaming]).catch((error) => log.debug(`Heartbeat of the store failed: ${String(error)}`));
  }, heartbeatMs);
  heartbeat.unref();
  const track = (runs: RunRecord[]) => {
    for (const run of runs) {
      if (run.state === 'streaming') streaming.add(run.id);
      else streaming.delete(run.id);
    }
  };
  return {
    startRuns(runs) {
      track(runs);
      return call('startRuns', runs);
    },
    saveProgress: async (progress) => call('saveProgress', await Promise.all(progress.map(withEncodedAnswer))),
    async finishRuns(runs) {
      track(runs);
      return call('finishRuns', await Promise.all(runs.map(withEncodedAnswer)));
    },
    listRuns: (options) => call('listRuns', options),
    orderRuns: (options) => call('orderRuns', options),
    readRuns: (keys) => call('readRuns', keys),
    readWholeRuns: (keys) => call('readWholeRuns', keys),
    listDays: (filter) => call('listDays', filter),
    getRun: (id) => call('getRun', id),
    getComparison: (id) => call('getComparison', id),
    rateRun: (id, rating) => call('rateRun', id, rating),
    deleteRuns(ids) {
      for (const id of ids) streaming.delete(id);
      return call('deleteRuns', ids);
    },
    summarizeContents: (hashes) => call('summarizeContents', hashes),
    listContents: (since) => call('listContents', since),
    markInterrupted: (staleBefore) => call('markInterrupted', staleBefore),
    spentUsd: (since, except = []) => call('spentUsd', since, except),
    distinctValues: () => call('distinctValues'),
    purge: (options) => call('purge', options),
    getValue: (key) => call('getValue', key),
    setValue: (key, value) => call('setValue', key, value),
    async status() {
      const status = await call('status');
      return { ...status, notices: [...notices, ...status.notices] };
    },
    close() {
      clearInterval(heartbeat);
      return end();
    },
  };
}
