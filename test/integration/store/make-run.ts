import type { RunRecord } from '../../../src/core/store/runs/run-record.ts';

let made = 0;

/** A finished run with every field set, so that a lost field is noticed. */
export function makeRun(overrides: Partial<RunRecord> = {}): RunRecord {
  made += 1;
  const id = overrides.id ?? `run-${String(made).padStart(6, '0')}`;
  return {
    id,
    comparisonId: `comparison-${id}`,
    column: 0,
    repeat: 0,
    startedAt: 1_000_000 + made,
    endedAt: 1_002_000 + made,
    state: 'done',
    model: 'demo/steady',
    simulated: overrides.model?.startsWith('demo/') ?? true,
    promptPath: 'prompts/churn.prompt',
    promptName: 'churn',
    sourceHash: 'ab'.repeat(32),
    contentHash: 'cd'.repeat(32),
    version: { label: 'v3', commit: 'ef'.repeat(20) },
    input: { customer: 'Ada', months: 7 },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Will Ada leave?' }] }],
    parameters: { temperature: 0.2, extra: { user: 'x' } },
    output: { format: 'json', schema: { type: 'object' } },
    text: 'Ada will probably stay.',
    reasoning: 'She has been here for long.',
    message: { role: 'assistant', parts: [{ type: 'text', text: 'Ada will probably stay.' }] },
    finishReason: 'stop',
    servedModel: 'steady-1',
    usage: { inputTokens: 12, outputTokens: 6 },
    usageEstimated: false,
    costUsd: 0.0025,
    ttftMs: 120,
    elapsedMs: 2000,
    tokensPerSecond: 3,
    schemaValid: false,
    schemaProblems: ['/risk_level is missing'],
    warnings: [{ code: 'temperature-omitted', message: 'The model takes no temperature.' }],
    error: { code: 'stream-cut', message: 'The stream ended early.', hint: 'Run again.', status: 200 },
    rawRequest: { url: 'http://127.0.0.1/v1', body: { model: 'steady', n: null } },
    rawResponse: [{ delta: 'Ada' }, 'text', null],
    rating: undefined,
    note: undefined,
    ...overrides,
  };
}

/** A run at its start: everything that is not known yet is undefined. */
export function makeStreamingRun(overrides: Partial<RunRecord> = {}): RunRecord {
  return makeRun({
    state: 'streaming',
    endedAt: undefined,
    promptPath: undefined,
    version: undefined,
    text: '',
    reasoning: '',
    message: undefined,
    finishReason: undefined,
    servedModel: undefined,
    usage: {},
    costUsd: undefined,
    ttftMs: undefined,
    elapsedMs: undefined,
    tokensPerSecond: undefined,
    schemaValid: undefined,
    schemaProblems: [],
    warnings: [],
    error: undefined,
    rawRequest: undefined,
    rawResponse: undefined,
    ...overrides,
  });
}
