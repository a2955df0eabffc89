import type { ErrorInfo } from '../../base/errors.ts';

/** The progress of a job. Unknown values are undefined. */
export interface JobProgress {
  done: number;
  total?: number | undefined;
  costUsd?: number | undefined;
  /** The current step, in a few words. */
  message?: string | undefined;
}

export type JobState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** A job as the journal has it. Times are epoch milliseconds. */
export interface JobEntry {
  id: string;
  /** What is done: `run`, later `evaluation`, `index`, `upload`. */
  kind: string;
  state: JobState;
  /** The id of the window that runs it. */
  owner: string | undefined;
  startedAt: number;
  /** The last time at which its window reported that it runs the job. */
  heartbeat: number;
  endedAt: number | undefined;
  /** A window asked to cancel it; the window that runs it notices with its next heartbeat. */
  isCancelRequested: boolean;
  /** The id that a provider gave the job. */
  remoteId: string | undefined;
  /** Where to resume; plain data specific to the kind of job. */
  cursor: unknown;
  progress: JobProgress | undefined;
  /** What is done to what; plain data specific to the kind of job, enough to resume it. */
  detail: unknown;
  error: ErrorInfo | undefined;
}

/** Changes to a running job; omitted fields stay. */
export interface JobChanges {
  remoteId?: string;
  cursor?: unknown;
  progress?: JobProgress;
}
