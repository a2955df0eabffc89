import { writeJsonLines } from '../../datasets/write-rows.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import { writeMessages } from '../cases/write-messages.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** The cases with an answer that failed or is an error, as a dataset that an evaluation reads without a mapping. */
export async function* writeFailedRows(report: EvalReport): AsyncGenerator<string> {
  yield* writeJsonLines(failedRows(report));
}

async function* failedRows(report: EvalReport): AsyncGenerator<Record<string, unknown>> {
  for await (const one of report.cases()) if (hasFailed(one, report)) yield toRow(one.case);
}

function hasFailed({ cells }: ReportCase, { record }: EvalReport): boolean {
  return cells.some(({ column, state }) => state !== 'passed' && !record.columns[column]?.isBaseline);
}

function toRow({ id, inputs, expected, contexts, messages, toolCalls, tags, weight, group }: StoredCase) {
  return {
    id,
    ...inputs,
    ...(expected.length > 0 && { expected: expected.length === 1 ? expected[0] : expected }),
    ...(contexts && { contexts }),
    ...(messages && { messages: writeMessages(messages) }),
    ...(toolCalls && { expected_tool_calls: toolCalls }),
    ...(tags.length > 0 && { tags }),
    ...(weight !== 1 && { weight }),
    ...(group !== undefined && { group }),
  };
}
