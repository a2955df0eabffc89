import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import { createWindowId } from '../../../src/core/jobs/window-id.ts';
import { createWorkbench } from '../../../src/core/workbench.ts';

// Another window, for tests: runs an evaluation file, or resumes its newest result. Prints a line for each batch of stored
// cells, and the state at the end. Arguments: folder, file, worker, and a daily budget if there is one.

const [folder = '', file = '', worker = '', dayUsd] = process.argv.slice(2);
const budgetPerDayUsd = dayUsd === undefined ? undefined : Number(dayUsd);
const log = { debug() {}, info() {}, warn: console.error, error: console.error };
const workbench = createWorkbench({
  folder,
  trusted: () => true,
  settings: () => ({ ...DEFAULT_SETTINGS, discoverOllama: false, retentionDays: 0, budgetPerDayUsd }),
  files: diskFiles,
  env: {},
  log,
  now: Date.now,
  network: async () => ({ fetch, options: { rejectUnauthorized: true } }),
  storeWorkerUrl: new URL(worker),
  windowId: createWindowId('test'),
});
const known = await workbench.evals.find(undefined, file).catch(() => undefined);
const job =
  known === undefined
    ? await workbench.evals.start(await workbench.evals.plan(await workbench.evals.read(file), { estimate: false }))
    : await workbench.evals.resume(known);
for await (const event of job.events) {
  if (event.type === 'cells') process.stdout.write(`${event.counts.passed}\n`);
}
process.stdout.write(`${(await job.result).state}\n`);
await workbench.dispose();
