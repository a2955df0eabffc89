import { workerData } from 'node:worker_threads';
import { serveWorker } from '../base/worker-rpc.ts';
import { silenceSqliteWarning } from './database/sqlite.ts';
import { Engine } from './engine.ts';
import { encodedAnswer } from './runs/encode-answer.ts';
import type { StoreParams, StoreWorkerData } from './worker-data.ts';

/** Idle time after a request before search indexing continues, so that it never delays a request. */
const IDLE_MS = 200;
/** Pause between two steps of it: the thread stays free, and so does the database for other windows. */
const STEP_MS = 10;

silenceSqliteWarning();
const engine = new Engine(workerData as StoreWorkerData);
let indexing: NodeJS.Timeout | undefined;

function indexWhenIdle(delayMs: number): void {
  clearTimeout(indexing);
  indexing = setTimeout(() => {
    if (engine.indexSome()) indexWhenIdle(STEP_MS);
  }, delayMs);
}

/** Megabytes of garbage would otherwise wait for a collection that hardly ever happens. */
function release(args: readonly unknown[]): void {
  for (const item of args.flat()) encodedAnswer(item)?.buffer.transfer(0);
}

serveWorker(
  (method, params, call) => {
    const { args, at } = params as StoreParams;
    return engine.perform(method, args, { at, ...call });
  },
  (method, params) => {
    release((params as StoreParams).args);
    if (method === 'close') clearTimeout(indexing);
    else indexWhenIdle(IDLE_MS);
  },
);
