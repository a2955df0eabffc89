import type { JobProgress } from '../store/jobs/job-entry.ts';

/** The reason if nobody cancelled the job but its window closes. It is then interrupted, and may be resumed. */
export const WINDOW_CLOSED = new DOMException('The window was closed', 'AbortError');

/** The progress of a job, with rate and time left. */
export interface ReportedProgress extends JobProgress {
  /** Of the last seconds; undefined until something was done. */
  perSecond: number | undefined;
  /** Time left at that rate; undefined if the total or the rate is unknown. */
  leftMs: number | undefined;
}

export type JobEvent<Event> = Event | { type: 'job-progress'; jobId: string; progress: ReportedProgress };

/** A long-running task: a run, an evaluation, the build of an index, an upload, a job at a provider. */
export interface Job<Event, Result> {
  readonly id: string;
  readonly kind: string;
  /** For one reader; ends after the last event and never throws, since `result` has the outcome. */
  readonly events: AsyncIterable<JobEvent<Event>>;
  /** Rejects with the error of the work. */
  readonly result: Promise<Result>;
  /** Aborted once the job was cancelled. */
  readonly signal: AbortSignal;
  /** Asks the work to stop; its partial results are its own to keep. */
  cancel(reason?: unknown): void;
}

/** What the work of a job gets. */
export interface JobContext<Event> {
  readonly id: string;
  /** Aborted by `cancel`, here or in another window, and when the window closes. */
  readonly signal: AbortSignal;
  emit(event: JobEvent<Event>): void;
  /** Reports progress; journalled now and then. */
  report(progress: JobProgress): void;
  /** Saves the position for resuming after a crash: everything before it is done. */
  saveCursor(cursor: unknown): Promise<void>;
  /** Saves the id that the provider gave the job, so that another window can find it. */
  saveRemoteId(remoteId: string): Promise<void>;
}

export type JobWork<Event, Result> = (context: JobContext<Event>) => Promise<Result>;
