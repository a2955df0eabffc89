import { workerData } from 'node:worker_threads';
import { serveWorker } from '../../base/worker-rpc.ts';
import type { ImportSource } from './draft.ts';
import { importSourceCode } from './source-code/source-code.ts';

serveWorker((_method, params) => importSourceCode(params as ImportSource, workerData as Int32Array));
