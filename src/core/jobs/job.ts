import type { JobProgress } from '../store/jobs/job-entry.ts';

/** Why a job was cancelled when nobody cancelled it: its window goes away. It is then interrupted, and may be resumed. */
export const WINDOW_CLOSED = new DOMException('The window was closed', 'AbortError');

/** How far a job is, with what that says of the rest. */
export interface ReportedProgress extends JobProgress {
  /** Of the last seconds; undefined until something was done. */
  perSecond: number | undefined;
  /** Time left at that rate; undefined where the total or the rate is unknown. */
  leftMs: number | undefined;
}

export type JobEvent<Event> = Event | { type: 'job-progress'; jobId: string; progress: ReportedProgress };

/** Long work under way: a run, an evaluation, the build of an index, an upload, a job at a provider. */
export interface Job<Event, Result> {
  readonly id: string;
  readonly kind: string;
  /** For one reader; ends after the last event and never throws, since `result` says how the work ended. */
  readonly events: AsyncIterable<JobEvent<Event>>;
  /** Rejects with what the work threw. */
  readonly result: Promise<Result>;
  /** Aborted once the job was cancelled. */
  readonly signal: AbortSignal;
  /** Asks the work to end; what it has done so far is its own to keep. */
  cancel(reason?: unknown): void;
}

/** What the work of a job is given. */
export interface JobContext<Event> {
  readonly id: string;
  /** Aborted by `cancel`, here or in another window, and when the window goes away. */
  readonly signal: AbortSignal;
  emit(event: JobEvent<Event>): void;
  /** Says how far it is; journalled now and then. */
  report(progress: JobProgress): void;
  /** Keeps from where the work goes on after a crash: everything up to here is done. */
  saveCursor(cursor: unknown): Promise<void>;
  /** Keeps the id that a provider gave the job, by which another window finds it again. */
  saveRemoteId(remoteId: string): Promise<void>;
}

export type JobWork<Event, Result> = (context: JobContext<Event>) => Promise<Result>;
