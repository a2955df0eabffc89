import type { AnswerRating, StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
import type { Feedback, Figures, Sample } from '../metrics/metric.ts';
import type { ScoredItem } from './scoring.ts';

/** What metrics read of an answer and its case. */
export function toSample({ evalCase, answer, schema, cached, isGiven, rating }: ScoredItem): Sample {
  const { id, inputs, messages, expected, toolCalls, retrieval } = evalCase;
  return {
    id,
    inputs,
    messages,
    output: answer.output,
    references: expected.length > 0 ? expected : undefined,
    schema,
    toolCalls: isGiven ? undefined : answer.toolCalls,
    expectedToolCalls: toolCalls,
    retrieval: retrieval && { ...retrieval, relevant: new Map(Object.entries(retrieval.relevant)) },
    contexts: answer.contexts ?? evalCase.contexts,
    figures: figuresOf(answer, cached),
    feedback: feedbackOf(evalCase, rating),
  };
}

/** The latency of a cached answer is its first one, and its cost is 0. */
function figuresOf(answer: StoredAnswer, cached: boolean): Figures {
  const { ttftMs, latencyMs, usage, error } = answer;
  const { inputTokens, outputTokens } = usage;
  const costUsd = cached ? 0 : answer.costUsd;
  return { ttftMs, latencyMs, inputTokens, outputTokens, costUsd, cached, isError: error !== undefined };
}

/** What a person said about this very answer counts more than the dataset, which says the same of all answers to a case. */
export function feedbackOf(
  { inputs, others }: Pick<StoredCase, 'inputs' | 'others'>,
  rating: Partial<AnswerRating> | undefined,
): Feedback {
  const value = (name: keyof Feedback) => others[name] ?? inputs[name];
  return {
    thumbs: rating?.rating ?? value('thumbs'),
    csat: rating?.csat ?? value('csat'),
    completed: rating?.completed ?? value('completed'),
    escalated: rating?.escalated ?? value('escalated'),
  };
}
