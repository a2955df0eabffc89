import type { EvalRecord } from '../../store/evals/eval-record.ts';
import type { StoredPlan } from './eval-plan.ts';

/** Of the intervals and tests of a result: 0.95 unless its file says otherwise. */
export function confidenceLevel(record: Pick<EvalRecord, 'plan'> | undefined): number {
  return (record?.plan as Partial<StoredPlan> | undefined)?.spec?.confidence?.level ?? 0.95;
}
