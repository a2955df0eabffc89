import { columnOfRole, type DatasetColumns } from '../../datasets/row-columns.ts';
import { writeJsonLines } from '../../datasets/write-rows.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import { writeMessages } from '../cases/write-messages.ts';
import { mappingsOf } from '../plan/read-stored-cases.ts';
import type { StoredPlan } from '../run/eval-plan.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/**
 * The cases with an answer that failed or is an error, as rows with the columns of their dataset: an evaluation with the
 * same `columns` reads the same cases. Without `columns`, roles have their usual names.
 */
export async function* writeFailedRows(report: EvalReport): AsyncGenerator<string> {
  yield* writeJsonLines(failedRows(report));
}

async function* failedRows(report: EvalReport): AsyncGenerator<Record<string, unknown>> {
  const plan = report.record.plan as StoredPlan | undefined;
  const mappings = plan ? mappingsOf(plan.spec) : new Map<string | undefined, DatasetColumns>();
  for await (const one of report.cases()) {
    if (hasFailed(one, report)) yield toRow(one.case, mappings.get(one.case.dataset) ?? {});
  }
}

function hasFailed({ cells }: ReportCase, { record }: EvalReport): boolean {
  return cells.some(({ column, state }) => state !== 'passed' && !record.columns[column]?.isBaseline);
}

function toRow(stored: StoredCase, mapping: DatasetColumns): Record<string, unknown> {
  const { id, inputs, contexts, messages, toolCalls, tags, weight, group, output, retrieval, others } = stored;
  const columnOf = (role: Parameters<typeof columnOfRole>[0]) => columnOfRole(role, [], mapping);
  const columns = Object.entries(inputs).map(([name, value]) => [mapping.inputs?.[name] ?? name, value] as const);
  return {
    [columnOf('id')]: id,
    // what a prompt reads besides its inputs
    ...others,
    ...Object.fromEntries(columns),
    ...expectedColumns(stored, mapping),
    ...(contexts && { [columnOf('contexts')]: contexts }),
    ...(messages && { [columnOf('messages')]: writeMessages(messages) }),
    ...(toolCalls && { [columnOf('toolCalls')]: toolCalls }),
    ...(tags.length > 0 && { [columnOf('tags')]: tags }),
    ...(weight !== 1 && { [columnOf('weight')]: weight }),
    ...(group !== undefined && { [columnOf('group')]: group }),
    ...(output !== undefined && { [columnOf('output')]: output }),
    ...(retrieval && {
      [columnOf('retrieved')]: retrieval.retrieved,
      [columnOf('relevant')]: retrieval.relevant,
    }),
  };
}

/** Each in its column if the mapping has as many, else all in the first. */
function expectedColumns({ expected }: StoredCase, mapping: DatasetColumns): Record<string, unknown> {
  if (expected.length === 0) return {};
  const names = mapping.expected ?? [];
  if (names.length === expected.length) {
    return Object.fromEntries(names.map((name, index) => [name, expected[index]]));
  }
  return { [columnOfRole('expected', [], mapping)]: expected.length === 1 ? expected[0] : expected };
}
