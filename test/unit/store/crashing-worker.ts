import { parentPort } from 'node:worker_threads';
import type { RpcRequest } from '../../../src/core/base/rpc.ts';
import type { StoreParams } from '../../../src/core/store/worker-data.ts';
import '../../../src/core/store/worker.ts';

// The store's worker, for tests, with two keys that end it: by an exception, and silently.

parentPort?.on('message', ({ method, params }: RpcRequest) => {
  const { args } = params as StoreParams;
  if (method !== 'state.get') return;
  if (args[0] === 'throw') throw new Error('out of luck');
  if (args[0] === 'exit') process.exit(3);
});
