import { lazy } from '../../../core/base/lazy.ts';
import type { EvalJob } from '../../../core/evals/run/eval-job.ts';
import { describeProgress } from '../../../core/jobs/describe-progress.ts';
import type { EvalCounts, EvalRecord } from '../../../core/store/evals/eval-record.ts';
import { formatCount, formatNumber } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { findCollector } from '../../find-collector.ts';
import { createProgressLine } from '../../progress.ts';

/** Shows the progress of an evaluation on a terminal, and its notices; resolves to its record at the end. */
export async function followEvaluation(job: EvalJob, { terminal, notices }: CommandContext): Promise<EvalRecord> {
  // a rejection is handled below, after the last event
  job.result.catch(() => {});
  const line = createProgressLine();
  const limitGarbage = createGarbageLimit();
  let outcome = '';
  let waiting = '';
  for await (const event of job.events) {
    switch (event.type) {
      case 'cells':
        outcome = describeCounts(event.counts);
        limitGarbage(event.cells.length);
        break;
      case 'eval-paused':
        // nothing pauses it here but the providers and the database
        if (event.reason === undefined) break;
        waiting = ` · paused: ${event.reason}`;
        if (!terminal.errIsTty) terminal.note(`Paused: ${event.reason}`);
        break;
      case 'eval-continued':
        waiting = '';
        break;
      case 'notice':
        line.clear();
        notices.report(event.text);
        break;
      case 'job-progress':
        if (terminal.errIsTty) line.draw(() => `${describeProgress(event.progress)}${outcome}${waiting}`);
        break;
      default:
    }
  }
  line.clear();
  return job.result;
}

/** V8 would let the garbage of 100,000 answers grow to several times what is in use. */
const COLLECT_EVERY = 4000;

/** Call it with the number of answers that arrived; those of a usual evaluation cost no collection. */
function createGarbageLimit(): (count: number) => void {
  const collector = lazy(findCollector);
  let arrived = 0;
  return (count) => {
    arrived += count;
    if (arrived < COLLECT_EVERY) return;
    arrived = 0;
    collector()?.();
  };
}

/** ` · 3 failed, 1 error` */
function describeCounts({ failed, errors }: EvalCounts): string {
  const parts = [
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    ...(errors > 0 ? [formatCount(errors, 'error')] : []),
  ];
  return parts.length > 0 ? ` · ${parts.join(', ')}` : '';
}
