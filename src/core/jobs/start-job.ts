import { createEventQueue, type EventQueue } from '../base/event-queue.ts';
import type { JobChanges, JobProgress } from '../store/jobs/job-entry.ts';
import type { Job, JobContext, JobEvent, JobWork, ReportedProgress } from './job.ts';

interface StartedJob<Event> {
  id: string;
  kind: string;
  /** Given where several jobs report into one stream. */
  events?: EventQueue<JobEvent<Event>> | undefined;
  /** Cancels the job as well. */
  signal?: AbortSignal | undefined;
  /** Without one the job is only known to its caller. */
  journal?: JobJournal | undefined;
}

/** What is kept of a job while it runs. */
export interface JobJournal {
  /** Resolves when the change is in the journal. */
  save(changes: JobChanges): Promise<void>;
  /** With the next change, at the latest in a moment. */
  saveSoon(changes: JobChanges): void;
}

/** Starts work at once, as a job. */
export function startJob<Event, Result>(
  { id, kind, events: given, signal: outer, journal }: StartedJob<Event>,
  work: JobWork<Event, Result>,
): Job<Event, Result> {
  const events = given ?? createEventQueue<JobEvent<Event>>();
  const aborter = new AbortController();
  const signal = outer ? AbortSignal.any([outer, aborter.signal]) : aborter.signal;
  const rate = createProgressRate(() => performance.now());
  const context: JobContext<Event> = {
    id,
    signal,
    emit: events.push,
    report(progress) {
      events.push({ type: 'job-progress', jobId: id, progress: rate(progress) });
      journal?.saveSoon({ progress });
    },
    saveCursor: async (cursor) => journal?.save({ cursor }),
    saveRemoteId: async (remoteId) => journal?.save({ remoteId }),
  };
  const result = work(context).finally(() => {
    if (given === undefined) events.close();
  });
  return { id, kind, events, result, signal, cancel: (reason) => aborter.abort(reason) };
}

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
