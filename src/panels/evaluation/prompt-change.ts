import type { StoredPlan } from '../../core/evals/run/eval-plan.ts';
import { pairColumns } from '../../core/store/evals/compare/pair-columns.ts';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { PromptChange } from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';

/**
 * The prompt of a column and of what it is compared with, as both were run. Undefined if there is no baseline, or one of
 * them is no prompt or its text was not kept.
 */
export function promptChange(
  record: EvalRecord,
  column: number,
  against: EvalRecord | undefined,
): PromptChange | undefined {
  const baseline = against
    ? pairColumns(record.columns, against.columns)[column]
    : record.columns[column]?.baselineColumn;
  if (baseline === undefined) return undefined;
  const before = promptText(against ?? record, baseline);
  const after = promptText(record, column);
  return before && after && { before, after };
}

function promptText(record: EvalRecord, column: number): PromptChange['before'] | undefined {
  const source = (record.plan as Partial<StoredPlan> | undefined)?.sources?.[column];
  const found = record.columns[column];
  return source?.kind === 'prompt' && found ? { label: columnTitle(found), text: source.source } : undefined;
}
