import type { RunSummary } from '../../core/store/runs/run-record.ts';
import type { RunRow } from '../../protocol/runs.ts';

/** The data of a run that the table shows. */
export function toRunRow(run: RunSummary): RunRow {
  return {
    id: run.id,
    startedAt: run.startedAt,
    promptName: run.promptName,
    promptPath: run.promptPath,
    version: run.version?.label,
    model: run.model,
    simulated: run.simulated,
    state: run.state,
    schemaValid: run.schemaValid,
    error: run.error?.message,
    elapsedMs: run.elapsedMs,
    inputTokens: run.usage.inputTokens,
    outputTokens: run.usage.outputTokens,
    estimated: run.usageEstimated,
    costUsd: run.costUsd,
    rating: run.rating,
    note: run.note,
  };
}
