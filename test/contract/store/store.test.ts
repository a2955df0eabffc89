import type { OpenStoreOptions } from '../../../src/core/store/open-store.ts';
import { createStoreFolder } from '../../integration/store/temporary-store.ts';
import { describeEvals } from './evals.contract.ts';
import { describeStore, type StoreUnderTest } from './store.contract.ts';

async function open(options: Partial<OpenStoreOptions>): Promise<StoreUnderTest> {
  const folder = await createStoreFolder();
  return {
    store: await folder.open(options),
    setNow: (ms) => {
      folder.clock.now = ms;
    },
    dispose: async () => {
      await folder[Symbol.asyncDispose]();
    },
  };
}

describeStore('a file', () => open({}));
describeStore('memory', () => open({ path: undefined }));
describeEvals('a file', () => open({}));
describeEvals('memory', () => open({ path: undefined }));
