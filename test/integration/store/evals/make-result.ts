import type {
  EvalColumn,
  EvalMetric,
  EvalRecord,
  NewCell,
  StoredAnswer,
  StoredCase,
} from '../../../../src/core/store/evals/eval-record.ts';

let made = 0;

/** A result at its start with every field set, so that a lost field is noticed. */
export function makeResult(overrides: Partial<EvalRecord> = {}): EvalRecord {
  made += 1;
  return {
    id: `result-${String(made).padStart(4, '0')}`,
    name: 'churn',
    file: 'evals/churn.eval.yaml',
    state: 'running',
    startedAt: 1_000_000 + made,
    endedAt: undefined,
    workedMs: 500,
    workingSince: 1_000_500 + made,
    simulated: false,
    columns: [makeColumn({ isBaseline: true, baselineColumn: undefined }), makeColumn({ model: 'openai/large' })],
    metrics: [makeMetric('equals'), makeMetric('rougeL', { scale: '0-1', threshold: 0.4 })],
    repeats: 1,
    counts: { cases: 0, cells: 0, passed: 0, failed: 0, errors: 0, cached: 0 },
    totals: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    summary: undefined,
    baselineId: 'result-before',
    isPinned: false,
    error: undefined,
    plan: { spec: { prompts: ['churn'] }, sources: { 'churn.prompt': 'Will {{customer}} leave?' } },
    ...overrides,
  };
}

export function makeColumn(overrides: Partial<EvalColumn> = {}): EvalColumn {
  return {
    prompt: 'churn',
    promptPath: 'prompts/churn.prompt',
    version: { label: 'v3', commit: 'ef'.repeat(20) },
    sourceHash: 'ab'.repeat(32),
    contentHash: 'cd'.repeat(32),
    model: 'openai/small',
    parameters: { temperature: 0.2 },
    isBaseline: false,
    baselineColumn: 0,
    simulated: false,
    ...overrides,
  };
}

export function makeMetric(name: string, overrides: Partial<EvalMetric> = {}): EvalMetric {
  return {
    name,
    id: name,
    title: name,
    scale: 'yes-no',
    direction: 'higher',
    threshold: undefined,
    weight: 1,
    hash: `hash of ${name}`,
    ...overrides,
  };
}

/** The case of a place, with every field set. */
export function makeCase(place: number, overrides: Partial<StoredCase> = {}): StoredCase {
  return {
    id: `case-${place}`,
    contentHash: String(place).padStart(64, '0'),
    dataset: 'data/cases.jsonl',
    number: place + 1,
    inputs: { customer: `Customer ${place}`, months: place },
    expected: ['stays', { risk: 'low' }],
    contexts: ['Customers with long tenure stay.'],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'And now?' }] }],
    toolCalls: [{ name: 'look_up', arguments: { id: place } }],
    tags: [],
    weight: 2,
    group: `group-${place % 3}`,
    others: { csat: 4 },
    retrieval: { retrieved: ['b', 'a'], relevant: { a: 1, c: 0.5 } },
    output: 'made elsewhere',
    ...overrides,
  };
}

export function makeAnswer(overrides: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    cacheKey: undefined,
    output: 'The customer stays.',
    reasoning: 'Tenure is long.',
    toolCalls: [{ name: 'look_up', arguments: { id: 7 } }],
    contexts: ['Found in the handbook.'],
    finishReason: 'stop',
    servedModel: 'small-2026',
    usage: { inputTokens: 100, outputTokens: 20 },
    usageEstimated: true,
    costUsd: 0.25,
    ttftMs: 120,
    latencyMs: 800,
    simulated: false,
    error: { code: 'stream-cut', message: 'The stream ended early.', hint: 'Run again.' },
    at: 1_000_500,
    ...overrides,
  };
}

/** A passed cell of a place, with scores for the two metrics of `makeResult`. */
export function makeCell(place: number, column: number, overrides: Partial<NewCell> = {}): NewCell {
  return {
    case: place,
    column,
    repeat: 1,
    state: 'passed',
    cached: false,
    scores: [
      { value: 1, passed: true },
      { value: 0.75, passed: true, reason: 'Three of four words.' },
    ],
    score: 0.1 + 0.2,
    answer: makeAnswer({ output: `Answer ${place} of column ${column}` }),
    ...overrides,
  };
}
