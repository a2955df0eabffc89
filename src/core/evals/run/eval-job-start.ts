import type { JobContext } from '../../jobs/job.ts';
import type { EvalRecord } from '../../store/evals/eval-record.ts';
import type { JobProgress } from '../../store/jobs/job-entry.ts';
import { PauseGate } from '../requests/pause-gate.ts';
import { WorkClock } from '../requests/work-clock.ts';
import type { EvalEvent, EvalJob } from './eval-job.ts';
import type { EvalPorts } from './eval-ports.ts';

export interface EvalWork {
  context: JobContext<EvalEvent>;
  gate: PauseGate;
  /** Not started while answers are only scored again. */
  clock: WorkClock;
}

interface JobOptions {
  /** As it is stored before the work. */
  record: EvalRecord;
  /** What the journal keeps of it. */
  detail: unknown;
  signal?: AbortSignal | undefined;
  /** Called when cells were stored, and when it pauses or continues. */
  onChange(): void;
}

const BY_USER = 'Paused by the user.';

/** Starts work on an evaluation as a job that can be paused; other windows see a pause in the record. */
export function startEvalJob(
  { jobs, store, log, now }: Pick<EvalPorts, 'jobs' | 'store' | 'log' | 'now'>,
  { record: { id, workedMs }, detail, signal, onChange }: JobOptions,
  work: (how: EvalWork) => Promise<EvalRecord>,
): EvalJob {
  const clock = new WorkClock(workedMs, now);
  let gate: PauseGate | undefined;
  let progress: JobProgress | undefined;
  const job = jobs.start<EvalEvent, EvalRecord>(
    { kind: 'evaluation', id, detail, ...(signal && { signal }) },
    async (inner) => {
      const context: typeof inner = {
        ...inner,
        report(next) {
          progress = next;
          inner.report(next);
          onChange();
        },
        emit(event) {
          inner.emit(event);
          onChange();
        },
      };
      gate ??= new PauseGate((reason) => {
        // who paused it knows why
        const why = reason === BY_USER ? undefined : reason;
        context.emit(reason === undefined ? { type: 'eval-continued' } : { type: 'eval-paused', reason: why });
        const changes =
          reason === undefined
            ? ({ state: 'running', ...clock.continue() } as const)
            : ({ state: 'paused', ...clock.pause() } as const);
        const error = why === undefined ? undefined : ({ code: 'internal', message: why } as const);
        store.evals.update(id, { ...changes, error }).catch((failure: unknown) => {
          log.debug(`The state of the evaluation ${id} could not be written: ${String(failure)}`);
        });
      });
      return work({ context, gate, clock });
    },
  );
  return {
    ...job,
    evaluationId: id,
    get progress() {
      return progress;
    },
    pause: () => gate?.close('user', BY_USER),
    continue: () => gate?.continue('user'),
  };
}
