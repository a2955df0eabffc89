import { reportedCost } from '../../core/models/prices/reported-cost.ts';
import type { RunEvent, RunSpec } from '../../core/runs/events.ts';
import type { RunRecord } from '../../core/store/store.ts';
import type { CompareEvent, RunView } from '../../protocol/compare.ts';

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

/** Applies one event of core to the run's view, and says what the webview has to hear of it. */
export function applyRunEvent(view: RunView, event: RunEvent, now: number): CompareEvent | undefined {
  const { runId } = view;
  switch (event.type) {
    case 'run-start':
      return patch(view, { startedAt: event.at, simulated: event.simulated });
    case 'text-delta':
      view.text += event.text;
      return { type: 'run-delta', runId, text: event.text, ...streaming(view) };
    case 'reasoning-delta':
      view.reasoning += event.text;
      return { type: 'run-delta', runId, reasoning: event.text, ...streaming(view) };
    case 'run-figures':
      view.figures = event.figures;
      return { type: 'run-delta', runId, figures: event.figures };
    case 'tool-call':
      return patch(view, { toolCalls: [...view.toolCalls, event.call] });
    case 'run-warning':
      return patch(view, { warnings: [...view.warnings, event.warning] });
    case 'run-retry':
      return patch(view, { retry: { attempt: event.attempt, waitMs: event.waitMs, since: now, error: event.error } });
    case 'run-end': {
      const { result } = event;
      return patch(view, {
        state: result.state,
        text: result.text,
        reasoning: result.reasoning,
        toolCalls: result.toolCalls,
        figures: result.figures,
        finishReason: result.finishReason,
        servedModel: result.servedModel,
        warnings: result.warnings,
        schemaCheck: result.schemaCheck,
        error: result.error,
        retry: undefined,
        startedAt: result.startedAt,
        endedAt: result.endedAt,
      });
    }
    default:
      return undefined;
  }
}

function patch(view: RunView, changes: Partial<RunView>): CompareEvent {
  Object.assign(view, changes);
  return { type: 'run-patch', runId: view.runId, patch: changes };
}

/** The first token ends the wait, and with it a retry's notice. */
function streaming(view: RunView): { state?: 'streaming' } {
  if (view.state === 'streaming') return {};
  view.state = 'streaming';
  view.retry = undefined;
  return { state: 'streaming' };
}

/** A recorded run as the panel shows it. */
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

/** Why a recorded cost was an estimate although its tokens were exact. */
function priceDoubt(warnings: RunRecord['warnings']): { estimatedBecause?: string } {
  const doubt = warnings.find(({ code }) => code === 'price-estimated');
  return doubt === undefined ? {} : { estimatedBecause: doubt.message };
}

function schemaCheckOf({ schemaValid, schemaProblems }: RunRecord): RunView['schemaCheck'] {
  if (schemaValid === undefined) return undefined;
  return schemaValid ? { valid: true } : { valid: false, problems: schemaProblems };
}
