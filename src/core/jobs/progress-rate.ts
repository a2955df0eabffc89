import type { JobProgress } from '../store/jobs/job-entry.ts';
import type { ReportedProgress } from './job.ts';

/** The rate covers this long a time until now: an average since the start would hide that the work has become slow. */
const WINDOW_MS = 10_000;

/** Adds rate and time left to reported progress, computed from the previous reports. */
export function createProgressRate(clock: () => number): (progress: JobProgress) => ReportedProgress {
  const seen: { at: number; done: number }[] = [];
  return (progress) => {
    const at = clock();
    seen.push({ at, done: progress.done });
    while (seen[1] !== undefined && seen[1].at <= at - WINDOW_MS) seen.shift();
    const perSecond = rateSince(seen[0], { at, done: progress.done });
    return { ...progress, perSecond, leftMs: leftMs(progress, perSecond) };
  };
}

function rateSince(
  from: { at: number; done: number } | undefined,
  to: { at: number; done: number },
): number | undefined {
  if (from === undefined || to.at <= from.at || to.done <= from.done) return undefined;
  return ((to.done - from.done) * 1000) / (to.at - from.at);
}

function leftMs({ done, total }: JobProgress, perSecond: number | undefined): number | undefined {
  if (total === undefined) return undefined;
  if (done >= total) return 0;
  return perSecond === undefined ? undefined : ((total - done) * 1000) / perSecond;
}
