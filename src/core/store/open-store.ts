import type { Log } from '../base/ports.ts';
import { connectWorker } from '../base/worker-rpc.ts';
import { encodeCells, encodeScoredCells } from './evals/cells/encode-cells.ts';
import type { NewCell, RescoredCell } from './evals/eval-record.ts';
import type { JobProgress } from './jobs/job-entry.ts';
import { type CallMethod, createRoomClients } from './room-clients.ts';
import { encodedAnswer, withEncodedAnswer } from './runs/encode-answer.ts';
import type { RunProgress, RunRecord } from './runs/run-record.ts';
import type { Store, StoreStatus } from './store.ts';
import { MEMORY_PATH, type StoreParams, type StoreWorkerData } from './worker-data.ts';

export interface OpenStoreOptions {
  /** `.llmops/llmops.db` of a folder, absolute; undefined if no folder is open, which keeps everything in memory. */
  path: string | undefined;
  log: Log;
  now: () => number;
  /** The built `store-worker.js`; by default next to the calling file. */
  workerUrl?: URL;
  /** How long the worker waits for a lock held by another window; 5 s by default. */
  busyTimeoutMs?: number;
  /** Only reads a file that exists; every method that writes is rejected. */
  readOnly?: boolean;
}

/** With `call`, a wrapper of the store can forward any method. */
export interface OpenStore extends Store {
  call: CallMethod;
}

const BUSY_TIMEOUT_MS = 5000;

/** The thread's garbage is large texts that are used once. */
const MAX_YOUNG_GENERATION_MB = 8;

/**
 * Opens the database in its own worker thread. Rejects with UserError: `store-newer` for a file written by a newer
 * version, `store` for one that stays locked. A corrupted file or a read-only folder is not an error but a notice in
 * `status()`.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { path = MEMORY_PATH, busyTimeoutMs = BUSY_TIMEOUT_MS, log, now } = options;
  const notices: string[] = [];
  const data: StoreWorkerData = { path, busyTimeoutMs, readOnly: options.readOnly };
  const worker = connectWorker({
    url: options.workerUrl ?? new URL('./store-worker.js', import.meta.url),
    data,
    name: `The database thread for ${path}`,
    code: 'store',
    maxYoungGenerationMb: MAX_YOUNG_GENERATION_MB,
    log,
    onLost: () =>
      notices.push(
        'The database thread for the history stopped unexpectedly; runs that were being saved may be missing.',
      ),
  });
  const call: CallMethod = (method, args, { signal, onProgress } = {}) =>
    worker.call(method, { at: now(), args } satisfies StoreParams, {
      transfer: handedOver(args),
      signal,
      onProgress: onProgress && ((progress) => onProgress(progress as JobProgress)),
    });
  const end = () => worker.end('close', { at: now(), args: [] } satisfies StoreParams);
  try {
    await call('open', []);
  } catch (error) {
    await end();
    throw error;
  }
  return createStore(call, { end, notices });
}

function createStore(call: CallMethod, { end, notices }: { end(): Promise<void>; notices: string[] }): OpenStore {
  const callRoom: CallMethod = async (method, args, long) => {
    return call(method, await encodeArgs(method, args), long);
  };
  return {
    ...createRoomClients(callRoom),
    during: (long) => createRoomClients((method, args) => callRoom(method, args, long)),
    call: callRoom,
    async status() {
      const status = (await call('status', [])) as StoreStatus;
      return { ...status, notices: [...notices, ...status.notices] };
    },
    close: end,
  };
}

/** What would take long to copy is encoded here, to be transferred. */
async function encodeArgs(method: string, args: unknown[]): Promise<unknown[]> {
  if (method === 'evals.addCells') {
    const [id, cells, ...rest] = args as [string, NewCell[]];
    return [id, encodeCells(cells), ...rest];
  }
  if (method === 'evals.rescored') {
    const [id, cells, ...rest] = args as [string, RescoredCell[]];
    return [id, encodeScoredCells(cells), ...rest];
  }
  if (method !== 'runs.finish' && method !== 'runs.saveProgress') return args;
  const [records] = args as [(RunRecord | RunProgress)[]];
  return [await Promise.all(records.map(withEncodedAnswer))];
}

/** Encoded answers are transferred, not copied. */
function handedOver(args: readonly unknown[]): ArrayBuffer[] {
  return args.flat().flatMap((item) => encodedAnswer(item)?.buffer ?? []);
}
