import type { Job } from '../../jobs/job.ts';
import type { EvalCell, EvalCounts, EvalRecord, EvalTotals } from '../../store/evals/eval-record.ts';
import type { JobProgress } from '../../store/jobs/job-entry.ts';

/** A finished cell, as far as a table shows it. */
export type FinishedCell = Pick<EvalCell, 'case' | 'column' | 'repeat' | 'state' | 'score' | 'cached'>;

export type EvalEvent =
  | { type: 'eval-start'; record: EvalRecord }
  /** All of them are stored. */
  | { type: 'cells'; cells: FinishedCell[]; counts: EvalCounts; totals: EvalTotals }
  /** Without a reason if `pause` was called. */
  | { type: 'eval-paused'; reason: string | undefined }
  | { type: 'eval-continued' }
  /** What should be known about the result, once each. */
  | { type: 'notice'; text: string }
  /** Last event, in every outcome. */
  | { type: 'eval-end'; record: EvalRecord };

/** A running evaluation. `result` is the record at the end, whatever its state; it rejects only if nothing could be stored. */
export interface EvalJob extends Job<EvalEvent, EvalRecord> {
  readonly evaluationId: string;
  /** Of a re-run, only of what it answers again. Undefined until something is stored. */
  readonly progress: JobProgress | undefined;
  /** Starts no more requests until `continue`; those in flight are finished. */
  pause(): void;
  continue(): void;
}
