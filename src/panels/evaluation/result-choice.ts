import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import type { ResultChoice } from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';

export function toResultChoice(result: Omit<EvalListed, 'bytes'> & { bytes?: number }): ResultChoice {
  return {
    id: result.id,
    name: result.name,
    startedAt: result.startedAt,
    state: result.state,
    isPinned: result.isPinned,
    bytes: result.bytes,
    cases: result.counts.cases,
    columns: result.columns.map(columnTitle),
  };
}
