import * as vscode from 'vscode';
import { toAbortSignal } from '../host/cancellation.ts';

/** How far a job is. What `done` and `total` count is the job's own affair. */
export interface JobProgress {
  done?: number;
  total?: number;
  /** What is being done now, in a few words. */
  message?: string;
}

export interface RunningJob {
  /** Aborted by the button of the notification. */
  signal: AbortSignal;
  report(progress: JobProgress): void;
}

interface JobOptions {
  /** What takes no longer than this is not worth a notification. */
  showAfterMs?: number;
  /** False for work that the machine does in one piece. */
  cancellable?: boolean;
}

/** For work that takes a moment at most, unless the folder or the file is large. */
export const USUALLY_SHORT: JobOptions = { showAfterMs: 500 };

/** Work that only reads: its result is dropped where it was cancelled meanwhile. */
export function readWithProgress<T>(title: string, read: () => Promise<T>): Promise<T> {
  const work = async ({ signal }: RunningJob) => {
    const result = await read();
    signal.throwIfAborted();
    return result;
  };
  return showJobProgress(title, work, USUALLY_SHORT);
}

/** Runs a job under a notification with its progress and a button to cancel it; rejects as the job does. */
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
    // what was cancelled has failed for no other reason
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
