import type { RunView, ShownEnd, ShownRunEvent } from './compare.ts';

/**
 * The changes of a run's view by an event, used on both sides of the channel. Text deltas are handled by the owner of
 * the text. `at` is when the host received the event, in epoch milliseconds.
 */
export function changesOf(
  run: Pick<RunView, 'state' | 'toolCalls' | 'warnings'>,
  event: ShownRunEvent,
  at: number,
): Partial<RunView> {
  switch (event.type) {
    case 'run-start':
      return { startedAt: event.at, simulated: event.simulated };
    case 'text-delta':
    case 'reasoning-delta':
      // The first token ends the wait and the notice of a retry.
      return run.state === 'streaming' ? {} : { state: 'streaming', retry: undefined };
    case 'run-figures':
      return { figures: event.figures };
    case 'tool-call':
      return { toolCalls: [...run.toolCalls, event.call] };
    case 'run-warning':
      return { warnings: [...run.warnings, event.warning] };
    case 'run-retry':
      return { retry: { attempt: event.attempt, waitMs: event.waitMs, since: at, error: event.error } };
    case 'run-end':
      return changesOfEnd(event);
  }
}

function changesOfEnd({ result }: ShownEnd): Partial<RunView> {
  return {
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
  };
}

/** The piece of text or reasoning that an event adds. */
export function pieceOf(event: ShownRunEvent): { kind: 'text' | 'reasoning'; text: string } | undefined {
  if (event.type === 'text-delta') return { kind: 'text', text: event.text };
  return event.type === 'reasoning-delta' ? { kind: 'reasoning', text: event.text } : undefined;
}
