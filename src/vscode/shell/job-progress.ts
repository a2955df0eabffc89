import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { describeProgress } from '../../core/jobs/describe-progress.ts';
import type { Job, JobContext, JobEvent, ReportedProgress } from '../../core/jobs/job.ts';
import { startJob } from '../../core/jobs/start-job.ts';
import { toAbortSignal } from '../host/cancellation.ts';

export type RunningJob = JobContext<never>;

interface ProgressOptions {
  /** No notification is shown if the job takes less time than this. */
  showAfterMs?: number;
}

/** For work that is short, unless the folder or the file is large. */
export const USUALLY_SHORT: ProgressOptions = { showAfterMs: 500 };

/** For work that only reads: its result is discarded if it was cancelled. */
export function readWithProgress<T>(title: string, read: () => Promise<T>): Promise<T> {
  const work = async ({ signal }: RunningJob) => {
    const result = await read();
    signal.throwIfAborted();
    return result;
  };
  return showJobProgress(title, work, USUALLY_SHORT);
}

/**
 * Shows a notification with the progress of a job and a Cancel button. A function is started as a job. Rejects if the
 * job does. This is the only reader of the job's events.
 */
export async function showJobProgress<T>(
  title: string,
  given: Job<{ type: string }, T> | ((job: RunningJob) => Promise<T>),
  { showAfterMs = 0 }: ProgressOptions = {},
): Promise<T> {
  const job = typeof given === 'function' ? startJob<never, T>({ id: title, kind: 'command' }, given) : given;
  const followed = followProgress(job);
  if (showAfterMs === 0 || !(await endsWithin(job.result, showAfterMs))) {
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable: true }, async (notification, token) => {
      toAbortSignal(token).addEventListener('abort', () => job.cancel());
      let shown = 0;
      followed.show((progress) => {
        const percent = percentOf(progress);
        notification.report({ message: describeProgress(progress), increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      });
      await job.result.catch(() => undefined);
    });
  }
  return job.result.catch((error: unknown) => {
    // after a cancellation, every error is caused by it
    job.signal.throwIfAborted();
    throw error;
  });
}

type Show = (progress: ReportedProgress) => void;

/** Reads the events of a job from its start. `show` starts with the latest one. */
function followProgress(job: Job<{ type: string }, unknown>): { show(show: Show): void } {
  let latest: ReportedProgress | undefined;
  let shown: Show | undefined;
  const read = async () => {
    for await (const event of job.events) {
      if (!isProgress(event)) continue;
      latest = event.progress;
      shown?.(latest);
    }
  };
  void read();
  return {
    show(show) {
      shown = show;
      if (latest) show(latest);
    },
  };
}

function isProgress(event: JobEvent<{ type: string }>): event is JobEvent<never> {
  return event.type === 'job-progress';
}

function percentOf({ done, total }: ReportedProgress): number {
  return total ? Math.min(100, (done / total) * 100) : 0;
}

function endsWithin(running: Promise<unknown>, ms: number): Promise<boolean> {
  const ended = running.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, setTimeout(ms, false, { ref: false })]);
}
