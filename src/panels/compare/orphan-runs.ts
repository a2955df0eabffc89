import type { Log } from '../../core/base/ports.ts';
import { STALE_HEARTBEAT_MS } from '../../core/jobs/create-jobs.ts';
import type { JobEntry } from '../../core/store/jobs/job-entry.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { RunView } from '../../protocol/compare.ts';
import { runViewOf } from './run-views.ts';

const POLL_MS = 3000;

/** A run is in the journal of jobs until it ends. */
function isAlive({ heartbeat }: JobEntry): boolean {
  return heartbeat >= Date.now() - STALE_HEARTBEAT_MS;
}

/**
 * Follows runs that were started by another window, or by this one before a reload, until they end or are marked as
 * interrupted.
 */
export function watchOrphans(options: {
  workbench: Workbench;
  log: Log;
  /** The runs that are still streaming. */
  orphans(): RunView[];
  onEnd(run: RunView, ended: RunView): void;
}): () => void {
  if (!options.orphans().length) return () => {};
  const { store, jobs } = options.workbench;
  const timer = setInterval(async () => {
    try {
      for (const run of options.orphans()) {
        const job = await store.jobs.get(run.runId);
        if (job && isAlive(job)) continue;
        if (job) await jobs.recover();
        const record = await store.runs.get(run.runId);
        if (record && record.state !== 'streaming') options.onEnd(run, runViewOf(record));
      }
      if (!options.orphans().length) clearInterval(timer);
    } catch (error) {
      options.log.debug(`Could not read interrupted runs: ${String(error)}`);
    }
  }, POLL_MS);
  return () => clearInterval(timer);
}
