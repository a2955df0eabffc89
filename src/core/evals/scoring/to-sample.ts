import type { StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
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

/** What the dataset says counts more than a rating in the panel, which is of a single answer. */
function feedbackOf({ inputs, others }: StoredCase, rating: ScoredItem['rating']): Feedback {
  const value = (name: keyof Feedback) => others[name] ?? inputs[name];
  return {
    thumbs: value('thumbs') ?? rating,
    csat: value('csat'),
    completed: value('completed'),
    escalated: value('escalated'),
  };
}
