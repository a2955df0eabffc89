import type { CellWithAnswer, StoredAnswer, StoredCase } from '../../../../src/core/store/evals/eval-record.ts';

export function storedCase(changes: Partial<StoredCase> = {}): StoredCase {
  return {
    id: 'a',
    contentHash: 'x',
    dataset: 'cases.jsonl',
    number: 1,
    inputs: { question: 'Why?' },
    others: {},
    output: undefined,
    expected: [],
    contexts: undefined,
    messages: undefined,
    toolCalls: undefined,
    retrieval: undefined,
    tags: [],
    weight: 1,
    group: undefined,
    ...changes,
  };
}

export function storedAnswer(changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    cacheKey: undefined,
    output: 'Because.',
    reasoning: '',
    toolCalls: [],
    contexts: undefined,
    finishReason: 'stop',
    servedModel: undefined,
    usage: {},
    usageEstimated: false,
    costUsd: undefined,
    ttftMs: undefined,
    latencyMs: undefined,
    simulated: true,
    error: undefined,
    at: 0,
    ...changes,
  };
}

export function storedCell(
  changes: Partial<Omit<CellWithAnswer, 'answer'>> = {},
  answer: Partial<StoredAnswer> = {},
): CellWithAnswer {
  return {
    case: 0,
    column: 0,
    repeat: 1,
    state: 'passed',
    cached: false,
    scores: [],
    score: 1,
    rating: undefined,
    csat: undefined,
    completed: undefined,
    escalated: undefined,
    comment: undefined,
    answerId: 1,
    answer: storedAnswer(answer),
    ...changes,
  };
}
