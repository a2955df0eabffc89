import type { ErrorInfo } from '../../base/errors.ts';

/** How far a job is. What is not known is undefined. */
export interface JobProgress {
  done: number;
  total?: number | undefined;
  costUsd?: number | undefined;
  /** What is being done now, in a few words. */
  message?: string | undefined;
}

export type JobState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** A job as the journal has it. Times are epoch milliseconds. */
export interface JobEntry {
  id: string;
  /** What is done: `run`, later `evaluation`, `index`, `upload`. */
  kind: string;
  state: JobState;
  /** The window that runs it, by its id. */
  owner: string | undefined;
  startedAt: number;
  /** When its window last showed that it is alive. */
  heartbeat: number;
  endedAt: number | undefined;
  /** A window asked for its end; the one that runs it learns of it with its next heartbeat. */
  isCancelRequested: boolean;
  /** The id that a provider gave the same job. */
  remoteId: string | undefined;
  /** From where it goes on; plain data of the job's own. */
  cursor: unknown;
  progress: JobProgress | undefined;
  /** What is done to what; plain data of the job's own, enough to go on with it. */
  detail: unknown;
  error: ErrorInfo | undefined;
}

/** What changes while a job runs; what is left out stays. */
export interface JobChanges {
  remoteId?: string;
  cursor?: unknown;
  progress?: JobProgress;
}
