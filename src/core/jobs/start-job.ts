import { createEventQueue, type EventQueue } from '../base/event-queue.ts';
import type { JobChanges } from '../store/jobs/job-entry.ts';
import type { Job, JobContext, JobEvent, JobWork } from './job.ts';
import { createProgressRate } from './progress-rate.ts';

interface StartedJob<Event> {
  id: string;
  kind: string;
  /** Given where several jobs report into one stream. */
  events?: EventQueue<JobEvent<Event>> | undefined;
  /** Cancels the job as well. */
  signal?: AbortSignal | undefined;
  /** Without one the job is only known to whoever has started it. */
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
