import { rmSync } from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import type { EvalJob } from '../../../src/core/evals/run/eval-job.ts';
import { createWindowId } from '../../../src/core/jobs/window-id.ts';
import { createWorkbench } from '../../../src/core/workbench.ts';

// Runs an evaluation on a disk that becomes full, for tests: `wait` makes room once the run has paused, `end` once it has
// given up, and then resumes it. Prints a line of JSON for each pause, each continuation and each end.
// Arguments: folder, file, worker, wait or end.

const [folder = '', file = '', worker = '', mode = ''] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const workbench = createWorkbench({
  folder,
  trusted: () => true,
  settings: () => ({ ...DEFAULT_SETTINGS, discoverOllama: false, retentionDays: 0 }),
  files: diskFiles,
  env: {},
  log,
  now: Date.now,
  network: async () => ({ fetch, options: { rejectUnauthorized: true } }),
  storeWorkerUrl: new URL(worker),
  windowId: createWindowId('test'),
});
const { evals, store } = workbench;
const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
const makeRoom = () => rmSync(path.join(folder, '.llmops/filler'), { force: true });

async function follow(job: EvalJob): Promise<void> {
  for await (const event of job.events) {
    if (event.type === 'eval-paused') {
      print({ paused: event.reason });
      if (mode === 'wait') setTimeout(makeRoom, 500);
    }
    if (event.type === 'eval-continued') print({ continued: true });
  }
  const ended = await job.result.catch((error: Error) => ({ failed: error.message }));
  const record = 'failed' in ended ? ended : { state: ended.state, counts: ended.counts, error: ended.error };
  print({ ended: record });
}

const plan = await evals.plan(await evals.read(file), { estimate: false });
const job = await evals.start(plan, { patienceMs: mode === 'end' ? 1500 : undefined });
await follow(job);
if (mode === 'end') {
  makeRoom();
  print({ kept: (await store.evals.finished(job.evaluationId)).filter((state) => state !== 0).length });
  await follow(await evals.resume(job.evaluationId));
}
const cells = await store.evals.cells(
  job.evaluationId,
  Array.from({ length: plan.counts.cases }, (_, place) => place),
);
print({ answers: cells.map(({ answer }) => answer.output.length) });
await workbench.dispose();
