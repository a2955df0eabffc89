import * as vscode from 'vscode';
import { toAbortSignal } from '../host/cancellation.ts';

/** The progress of a job. The job decides what `done` and `total` count. */
export interface JobProgress {
  done?: number;
  total?: number;
  /** A short description of the current step. */
  message?: string;
}

export interface RunningJob {
  /** Aborted by the Cancel button of the notification. */
  signal: AbortSignal;
  report(progress: JobProgress): void;
}

interface JobOptions {
  /** No notification is shown if the job takes less time than this. */
  showAfterMs?: number;
  /** False for work that cannot be interrupted. */
  cancellable?: boolean;
}

/** For work that is short, unless the folder or the file is large. */
export const USUALLY_SHORT: JobOptions = { showAfterMs: 500 };

/** For work that only reads: its result is discarded if it was cancelled. */
export function readWithProgress<T>(title: string, read: () => Promise<T>): Promise<T> {
  const work = async ({ signal }: RunningJob) => {
    const result = await read();
    signal.throwIfAborted();
    return result;
  };
  return showJobProgress(title, work, USUALLY_SHORT);
}

/** Runs a job with a notification that shows its progress and a Cancel button. Rejects if the job does. */
export async function showJobProgress<T>(
  title: string,
  work: (job: RunningJob) => Promise<T>,
  { showAfterMs = 0, cancellable = true }: JobOptions = {},
): Promise<T> {
  const control = new AbortController();
  let latest: JobProgress = {};
  let show: ((progress: JobProgress) => void) | undefined;
  const running = work({
    signal: control.signal,
    report(progress) {
      latest = progress;
      show?.(progress);
    },
  });
  if (showAfterMs === 0 || !(await endsWithin(running, showAfterMs))) {
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable }, async (notification, token) => {
      toAbortSignal(token).addEventListener('abort', () => control.abort());
      let shown = 0;
      show = (progress) => {
        const percent = percentOf(progress);
        notification.report({ message: describeJob(progress), increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      };
      if (Object.keys(latest).length > 0) show(latest);
      await running.catch(() => undefined);
    });
  }
  return running.catch((error: unknown) => {
    // after a cancellation, every error is caused by it
    control.signal.throwIfAborted();
    throw error;
  });
}

function percentOf({ done, total }: JobProgress): number {
  return done !== undefined && total ? Math.min(100, (done / total) * 100) : 0;
}

/** `3 of 12 · weather.prompt` */
export function describeJob({ done, total, message }: JobProgress): string {
  const count = done === undefined ? '' : total === undefined ? String(done) : `${done} of ${total}`;
  return [count, message].filter(Boolean).join(' · ');
}

async function endsWithin(running: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = running.then(
    () => true,
    () => true,
  );
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const isOver = await Promise.race([over, late]);
  clearTimeout(timer);
  return isOver;
}
