import { diskFiles } from '../../../src/core/base/disk-files.ts';
import type { VersionPorts } from '../../../src/core/versions/context.ts';
import { createVersions } from '../../../src/core/versions/create-versions.ts';
import { holdRepository } from '../../../src/core/versions/repository-holder.ts';
import { noteContents } from '../../../src/core/versions/results.ts';
import type { Task } from './start-process.ts';

/** A process of its own that saves a version, or notes results: it is there to be killed, or to race with another. */
const task: Task = JSON.parse(process.argv[2] ?? '');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const values = new Map<string, unknown>([['versions.recorder', task.recorder]]);
const counts = { schema: { checked: 0, valid: 0 }, ratings: { up: 0, down: 0 }, cost: { usd: 0, count: 0 } };
const ports: VersionPorts = {
  folder: task.folder,
  trusted: () => true,
  gitPath: () => undefined,
  env: process.env,
  files: diskFiles,
  log: silent,
  now: Date.now,
  store: async () => ({
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
    getValue: async (key) => values.get(key),
    setValue: async (key, value) => void values.set(key, value),
    status: async () => ({ path: '', mode: 'file', sizeBytes: 0, runs: 0, notices: [] }),
  }),
};

if (task.kind === 'save') {
  const versions = createVersions(ports);
  const saved = await versions.save(task.file, { message: 'Save', label: { label: 'production', why: 'killed' } });
  process.stdout.write(JSON.stringify(saved));
  await versions.dispose();
} else {
  const holder = holdRepository(ports);
  const context = await holder.open();
  for (const content of task.contents) await noteContents(context, [content]);
  holder.dispose();
}
