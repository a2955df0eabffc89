import { afterEach, expect, it, vi } from 'vitest';
import { createJobs } from '../../../src/core/jobs/create-jobs.ts';
import type { Workbench } from '../../../src/core/workbench.ts';
import { watchOrphans } from '../../../src/panels/compare/orphan-runs.ts';
import { runViewOf } from '../../../src/panels/compare/run-views.ts';
import { eventually } from '../eventually.ts';
import { makeRun } from '../store/make-run.ts';
import { createStoreFolder, SILENT_LOG } from '../store/temporary-store.ts';

afterEach(() => void vi.useRealTimers());

it('runs of another window are followed until they end or their window is closed', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  const streaming = (id: string) => makeRun({ id, state: 'streaming', endedAt: undefined });
  const runs = { lost: streaming('lost'), alive: streaming('alive'), ending: streaming('ending') };
  folder.clock.now = Date.now() - 60_000;
  await store.runs.start([runs.lost]);
  folder.clock.now = Date.now();
  await store.runs.start([runs.alive, runs.ending]);

  const jobs = createJobs({
    store,
    kinds: { run: { interruptStale: (staleBefore) => store.runs.markInterrupted(staleBefore) } },
    log: SILENT_LOG,
    owner: 'this window',
    now: Date.now,
    newId: () => 'none',
  });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const views = Object.values(runs).map(runViewOf);
  const ended: [id: string, state: string][] = [];
  const stop = watchOrphans({
    workbench: { store, jobs } as Workbench,
    log: SILENT_LOG,
    orphans: () => views.filter(({ state }) => state === 'streaming'),
    onEnd(run, end) {
      run.state = end.state;
      ended.push([run.runId, end.state]);
    },
  });
  vi.advanceTimersByTime(3_000);
  await eventually(() => expect(ended).toEqual([['lost', 'interrupted']]));

  await store.runs.finish([{ ...runs.ending, state: 'done', endedAt: Date.now() }]);
  vi.advanceTimersByTime(3_000);
  await eventually(() => expect(ended.slice(1)).toEqual([['ending', 'done']]));
  expect((await store.runs.get('alive'))?.state).toBe('streaming');
  stop();
});
