import type { ErrorInfo } from '../../base/errors.ts';
import type { StoredAnswer } from '../../store/evals/eval-record.ts';
import type { TargetAnswer } from './read-target-answer.ts';

interface Timing {
  /** When the request began. */
  at: number;
  latencyMs: number | undefined;
}

/** The answer comes as a whole, so the time to its first token is unknown; it must not be reused. */
export function givenAnswer(answer: TargetAnswer, { at, latencyMs }: Timing): StoredAnswer {
  return {
    ...answer,
    cacheKey: undefined,
    reasoning: '',
    finishReason: undefined,
    servedModel: undefined,
    usageEstimated: false,
    ttftMs: undefined,
    latencyMs,
    simulated: false,
    error: undefined,
    at,
  };
}

export function failedAnswer(error: ErrorInfo, timing: Timing): StoredAnswer {
  const none = { output: '', contexts: undefined, toolCalls: [], usage: {}, costUsd: undefined };
  return { ...givenAnswer(none, timing), error };
}
