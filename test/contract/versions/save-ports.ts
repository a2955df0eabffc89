import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import type { VersionPorts } from '../../../src/core/versions/context.ts';
import { createVersions } from '../../../src/core/versions/create-versions.ts';
import type { SavedVersion } from '../../../src/core/versions/save/save-version.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const counts = { schema: { checked: 0, valid: 0 }, ratings: { up: 0, down: 0 }, cost: { usd: 0, count: 0 } };

/** A workspace in which every content was run once. */
export function savePorts(folder: string, recorder: string, env: NodeJS.ProcessEnv): VersionPorts {
  const values = new Map<string, unknown>([['versions.recorder', recorder]]);
  return {
    folder,
    trusted: () => true,
    gitPath: () => undefined,
    env,
    files: diskFiles,
    log: silent,
    now: Date.now,
    store: {
      runs: {
        summarizeContents: async (hashes) =>
          hashes.map((contentHash) => ({
            ...counts,
            contentHash,
            done: 1,
            failed: 0,
            demo: 0,
            models: ['demo/a'],
            latency: { ms: 0, count: 0 },
            firstAt: 1,
            lastAt: 2,
          })),
        listContents: async () => [],
      },
      evals: { list: async () => [] },
      state: {
        get: async (key) => values.get(key),
        set: async (key, value) => void values.set(key, value),
      },
      status: async () => ({ path: '', mode: 'file', sizeBytes: 0, runs: 0, notices: [] }),
    },
  };
}

/** With a label and with results, so that every step of a save can be interrupted. */
export async function saveOnce(ports: VersionPorts, file: string): Promise<SavedVersion> {
  const versions = createVersions(ports);
  try {
    return await versions.saves.save(file, { message: 'Save', label: { label: 'production', why: 'killed' } });
  } finally {
    await versions.dispose();
  }
}
