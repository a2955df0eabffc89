import type { CellWithAnswer, StoredAnswer } from '../../core/store/evals/eval-record.ts';
import type { AnswerView, CaseColumnView } from '../../protocol/evaluation.ts';

export function toAnswerView(cell: CellWithAnswer): AnswerView {
  const { answer, repeat, state, cached, score, scores, rating, csat, completed, escalated, comment } = cell;
  const said = { rating, csat, completed, escalated, comment };
  return { repeat, state, isCached: cached, score, scores, ...said, ...answered(answer) };
}

function answered(answer: StoredAnswer) {
  const { inputTokens, outputTokens } = answer.usage;
  return {
    output: answer.output,
    reasoning: answer.reasoning,
    toolCalls: answer.toolCalls,
    contexts: answer.contexts,
    finishReason: answer.finishReason,
    servedModel: answer.servedModel,
    inputTokens,
    outputTokens,
    isEstimated: answer.usageEstimated,
    costUsd: answer.costUsd,
    ttftMs: answer.ttftMs,
    latencyMs: answer.latencyMs,
    simulated: answer.simulated,
    error: answer.error,
  };
}

/** The answers of a column to one case, by repeat, with those of its baseline. */
export function toColumnView(
  cells: readonly CellWithAnswer[],
  repeats: number,
  baseline: { label: string; cells: readonly CellWithAnswer[] } | undefined,
): CaseColumnView {
  const byRepeat = new Map(cells.map((cell) => [cell.repeat, toAnswerView(cell)]));
  return {
    answers: Array.from({ length: repeats }, (_, index) => byRepeat.get(index + 1)),
    baseline: baseline && { label: baseline.label, answers: baseline.cells.map(toAnswerView) },
  };
}
