import { connectionOf } from '../../models/connection.ts';
import type { StoredAnswer } from '../../store/evals/eval-record.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';
import type { Execution } from '../run/execution.ts';
import type { CellTask } from './cell-tasks.ts';
import { mayHaveCost } from './eval-outcome.ts';

type Executed = Pick<Execution, 'record' | 'planned'>;

/** What the next attempt of a task can cost at most. */
export function reservedEntry(execution: Executed, task: CellTask, now: number): LedgerEntry {
  const column = execution.planned[task.column]?.column;
  return {
    ...entryOf(execution, task, task.attempts + 1),
    at: now,
    usd: task.worstUsd,
    simulated: column?.simulated ?? false,
    reserved: true,
  };
}

/** What the last attempt of a task has cost, under the same id. */
export function spentEntry(execution: Executed, task: CellTask, answer: StoredAnswer): LedgerEntry {
  const isOpen = mayHaveCost(answer) && task.worstUsd !== undefined && task.worstUsd > 0;
  return {
    ...entryOf(execution, task, task.attempts),
    at: answer.at,
    usd: isOpen ? task.worstUsd : answer.costUsd,
    simulated: answer.simulated,
    reserved: isOpen,
  };
}

/** A request that is sent again is another one in the ledger. */
function entryOf({ record, planned }: Executed, { request, column }: CellTask, attempt: number) {
  const model = planned[column]?.column.model;
  return {
    id: attempt > 1 ? `${request?.id}#${attempt}` : String(request?.id),
    connection: model && connectionOf(model),
    model,
    purpose: 'evaluation' as const,
    evaluation: record.id,
  };
}
