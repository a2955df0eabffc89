import { isRecord } from '../../../../shared/is-record.ts';
import { UserError } from '../../../base/errors.ts';
import { connectWorker, type WorkerClient } from '../../../base/worker-rpc.ts';
import type { Drafts, ImportSource } from '../draft.ts';
import { refuseAt } from '../refuse-unreadable.ts';
import type { ReadingPlace } from './source-syntax.ts';

/** A program of a megabyte takes a second. For other text the parser's time is up to quadratic in its length. */
const TIMEOUT_MS = 10_000;
/** Hundreds of times the size of the largest file. */
const MAX_HEAP_MB = 1_024;
/** A folder is imported file by file, and starting a thread takes longer than reading a file. */
const IDLE_MS = 5_000;

export interface ReadSourceOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads the prompts of a program in a separate thread: the editor does not wait for it, and a file that takes too long
 * or too much memory is refused instead of blocking it.
 */
export async function readSourceCode(
  { path, text }: ImportSource,
  { timeoutMs = TIMEOUT_MS, signal }: ReadSourceOptions = {},
): Promise<Drafts> {
  signal?.throwIfAborted();
  const reader = takeReader();
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any(signal ? [timeout, signal] : [timeout]);
  const onStop = () => void reader.worker.stop();
  stop.addEventListener('abort', onStop);
  try {
    return (await reader.worker.call('read', { path, text })) as Drafts;
  } catch (error) {
    signal?.throwIfAborted();
    const at = { path, text, offset: reader.place[0] };
    if (timeout.aborted) throw refuseAt('takes too long to read', at, error);
    if (isOutOfMemory(error)) throw refuseAt('takes too much memory to read', at, error);
    throw error;
  } finally {
    stop.removeEventListener('abort', onStop);
    if (!stop.aborted) keepReader(reader);
  }
}

interface Reader {
  worker: WorkerClient;
  place: ReadingPlace;
}

let idle: Reader | undefined;
let idleTimer: NodeJS.Timeout | undefined;

function takeReader(): Reader {
  const reader = idle;
  idle = undefined;
  clearTimeout(idleTimer);
  return reader ?? startReader();
}

function keepReader(reader: Reader): void {
  void idle?.worker.stop();
  idle = reader;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => {
    void reader.worker.stop();
    idle = undefined;
  }, IDLE_MS).unref();
}

function startReader(): Reader {
  const place = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = connectWorker({
    // running from source (tests, benches), or built
    url: new URL(import.meta.url.endsWith('.ts') ? '../worker.ts' : './import-worker.js', import.meta.url),
    data: place,
    name: 'The import thread',
    code: 'internal',
    maxHeapMb: MAX_HEAP_MB,
  });
  return { worker, place };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof UserError && isRecord(error.cause) && error.cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
