import { parentPort } from 'node:worker_threads';
import type { StoreRequest } from '../../../src/core/store/messages.ts';
import '../../../src/core/store/worker.ts';

// The store's worker, for tests, with two keys that end it: by an exception, and without a word.

parentPort?.on('message', ({ method, args }: StoreRequest) => {
  if (method !== 'getValue') return;
  if (args[0] === 'throw') throw new Error('out of luck');
  if (args[0] === 'exit') process.exit(3);
});
