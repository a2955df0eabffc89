import { describeProgress } from '../core/jobs/describe-progress.ts';
import type { JobWork } from '../core/jobs/job.ts';
import { startJob } from '../core/jobs/start-job.ts';
import { sanitize } from '../shared/sanitize.ts';
import type { CommandContext } from './context.ts';

/** One line on stderr that is updated in place; only for terminals. */
interface ProgressLine {
  draw(text: () => string): void;
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[2K';
const REDRAW_MS = 100;
/** Work that ends before this shows no line. */
const SHOWN_AFTER_MS = 500;

export function createProgressLine(showAfterMs = 0): ProgressLine {
  const began = performance.now();
  let drawnAt: number | undefined;
  return {
    draw(text) {
      const now = performance.now();
      if (now - began < showAfterMs || (drawnAt !== undefined && now - drawnAt < REDRAW_MS)) return;
      drawnAt = now;
      // Not with `terminal.err`, which would make these control characters visible.
      process.stderr.write(CLEAR_LINE + sanitize(text()).slice(0, (process.stderr.columns || 80) - 1));
    },
    clear() {
      if (drawnAt !== undefined) process.stderr.write(CLEAR_LINE);
    },
  };
}

/** Runs work as a job and shows its progress. Rejects if the work does. */
export async function withProgress<Result>(
  title: string,
  work: JobWork<never, Result>,
  { interrupt, terminal }: CommandContext,
): Promise<Result> {
  const job = startJob<never, Result>({ id: title, kind: 'command', signal: interrupt.signal }, work);
  // A rejection is handled below, after the last event.
  job.result.catch(() => {});
  const line = createProgressLine(SHOWN_AFTER_MS);
  for await (const { progress } of job.events) {
    if (terminal.errIsTty) line.draw(() => `${title}: ${describeProgress(progress)}`);
  }
  line.clear();
  return job.result;
}
