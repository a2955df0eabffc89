import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../src/core/base/ports.ts';
import { type OpenStoreOptions, openStore } from '../../../src/core/store/open-store.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { buildWorker } from './build-worker.ts';

export const WORKER_URL = await buildWorker(new URL('../../../src/core/store/worker.ts', import.meta.url));

export const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A folder with everything opened in it; `await using` closes the stores and removes the folder. */
export interface StoreFolder extends AsyncDisposable {
  folder: string;
  path: string;
  clock: { now: number };
  open(options?: Partial<OpenStoreOptions>): Promise<Store>;
}

export async function createStoreFolder(): Promise<StoreFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'llmops-store-'));
  const path = join(folder, '.llmops', 'llmops.db');
  const clock = { now: 2_000_000 };
  const stores: Store[] = [];
  return {
    folder,
    path,
    clock,
    async open(options = {}) {
      const store = await openStore({
        path,
        log: SILENT_LOG,
        now: () => clock.now,
        workerUrl: WORKER_URL,
        busyTimeoutMs: 300,
        ...options,
      });
      stores.push(store);
      return store;
    },
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
