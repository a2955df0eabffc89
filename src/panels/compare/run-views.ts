import { reportedCost } from '../../core/models/prices/reported-cost.ts';
import type { RunEvent, RunSpec } from '../../core/runs/events.ts';
import type { RunRecord } from '../../core/store/runs/run-record.ts';
import type { RunView, ShownRunEvent } from '../../protocol/compare.ts';
import { changesOf, pieceOf } from '../../protocol/run-view.ts';

export function createRunView(spec: Pick<RunSpec, 'runId' | 'repeat'>, simulated: boolean): RunView {
  return {
    runId: spec.runId,
    repeat: spec.repeat,
    state: 'waiting',
    simulated,
    text: '',
    reasoning: '',
    toolCalls: [],
    figures: undefined,
    finishReason: undefined,
    servedModel: undefined,
    warnings: [],
    retry: undefined,
    schemaCheck: undefined,
    error: undefined,
    rating: undefined,
    note: undefined,
    startedAt: undefined,
    endedAt: undefined,
  };
}

/** An event of core in the form that panels use; undefined if no panel shows it. */
export function shownEvent(event: RunEvent): ShownRunEvent | undefined {
  if (event.type === 'run-request') return undefined;
  if (event.type !== 'run-end') return event;
  const { message: _message, rawText: _rawText, ...result } = event.result;
  return { ...event, result };
}

export function applyRunEvent(view: RunView, event: ShownRunEvent, at: number): void {
  Object.assign(view, changesOf(view, event, at));
  const piece = pieceOf(event);
  if (piece) view[piece.kind] += piece.text;
}

/** The view of a recorded run. */
export function runViewOf(record: RunRecord): RunView {
  const parts = record.message?.parts ?? [];
  return {
    ...createRunView({ runId: record.id, repeat: record.repeat }, record.simulated),
    state: record.state,
    text: record.text,
    reasoning: record.reasoning,
    toolCalls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.id, name: part.name, input: part.input }] : [],
    ),
    figures: {
      usage: record.usage,
      usageEstimated: record.usageEstimated,
      cost: reportedCost(record.usage) ?? { totalUsd: record.costUsd, ...priceDoubt(record.warnings) },
      ttftMs: record.ttftMs,
      elapsedMs: record.elapsedMs ?? 0,
      tokensPerSecond: record.tokensPerSecond,
    },
    finishReason: record.finishReason,
    servedModel: record.servedModel,
    warnings: record.warnings,
    schemaCheck: schemaCheckOf(record),
    error: record.error,
    rating: record.rating,
    note: record.note,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
  };
}

/** The reason if a recorded cost was an estimate although its tokens were exact. */
function priceDoubt(warnings: RunRecord['warnings']): { estimatedBecause?: string } {
  const doubt = warnings.find(({ code }) => code === 'price-estimated');
  return doubt === undefined ? {} : { estimatedBecause: doubt.message };
}

function schemaCheckOf({ schemaValid, schemaProblems }: RunRecord): RunView['schemaCheck'] {
  if (schemaValid === undefined) return undefined;
  return schemaValid ? { valid: true } : { valid: false, problems: schemaProblems };
}
