import type { ColumnView, CompareEvent, CompareSnapshot, ModelChoice, RunView } from '../../../src/protocol/compare.ts';

export function aRun(changes: Partial<RunView> = {}): RunView {
  return {
    runId: 'run-1',
    repeat: 0,
    state: 'done',
    simulated: false,
    text: '',
    reasoning: '',
    toolCalls: [],
    figures: {
      usage: { inputTokens: 212, outputTokens: 87 },
      usageEstimated: false,
      cost: { totalUsd: 0.0019412, inputUsd: 0.000636, outputUsd: 0.001305, source: 'genai-prices 0.1.8' },
      ttftMs: 280,
      elapsedMs: 1410,
      tokensPerSecond: 118,
    },
    finishReason: 'stop',
    servedModel: undefined,
    warnings: [],
    retry: undefined,
    schemaCheck: undefined,
    error: undefined,
    rating: undefined,
    note: undefined,
    startedAt: 0,
    endedAt: 1410,
    ...changes,
  };
}

export function aColumn(id: string, model: string, changes: Partial<ColumnView> = {}): ColumnView {
  const simulated = model.startsWith('demo/');
  const estimate = { inputTokens: 205, inputUsd: 0.000615, ceilingUsd: 0.0312, maxOutputTokens: 2048, simulated };
  return {
    id,
    model,
    simulated,
    version: undefined,
    parameters: {},
    promptCaching: false,
    estimate,
    turns: [],
    ...changes,
    runs: (changes.runs ?? []).map((run) => ({ ...run, simulated })),
  };
}

const FIELDS: CompareSnapshot['prompt']['fields'] = [
  { name: 'age', type: 'integer', required: true, description: 'Age in years', schema: { type: 'integer' } },
  { name: 'tenure', type: 'number', required: true, description: 'Years as a customer', schema: { type: 'number' } },
  {
    name: 'plan',
    type: 'enum',
    required: true,
    options: ['Bronze', 'Silver', 'Gold'],
    schema: { type: 'string', enum: ['Bronze', 'Silver', 'Gold'] },
  },
  { name: 'autoRenew', type: 'boolean', required: false, default: true, schema: { type: 'boolean' } },
  {
    name: 'notes',
    type: 'string',
    required: false,
    description: 'What support wrote down',
    schema: { type: 'string' },
  },
  { name: 'usage', type: 'json', required: false, description: 'Logins a month', schema: { type: 'array' } },
];

export function aSnapshot(columns: ColumnView[], changes: Partial<CompareSnapshot> = {}): CompareSnapshot {
  return {
    seq: 0,
    prompt: {
      path: '/workspace/prompts/churn-analysis.prompt',
      label: 'prompts/churn-analysis.prompt',
      dirty: false,
      model: { ref: 'demo/swift', from: 'file' },
      description: 'How likely a customer is to leave',
      parameters: { temperature: 0.2, maxOutputTokens: 2048 },
      outputFormat: 'json',
      fields: FIELDS,
      problems: [],
    },
    input: { age: 42, tenure: 7, plan: 'Gold', notes: 'Called twice about the price.', usage: '[12, 9, 4]' },
    inputProblems: [],
    messages: {
      ok: true,
      messages: [
        {
          role: 'system',
          parts: [{ type: 'text', text: 'You judge how likely a customer is to leave.\nAnswer in JSON.' }],
        },
        {
          role: 'user',
          parts: [{ type: 'text', text: 'Age 42, tenure 7 years, plan Gold.\nCalled twice about the price.' }],
        },
      ],
    },
    columns,
    repeat: 1,
    running: false,
    history: undefined,
    budget: { spentTodayUsd: 0.12, perDayUsd: 5, perRunUsd: undefined },
    requestsPerDay: 1000,
    notices: [],
    ...changes,
  };
}

export const MODELS: ModelChoice[] = [
  choice('anthropic/claude-opus-4-7', {
    contextWindow: 200_000,
    prices: { inputUsd: 5, outputUsd: 25, source: 'genai-prices' },
  }),
  choice('openai/gpt-6-mini', {
    contextWindow: 400_000,
    prices: { inputUsd: 0.25, outputUsd: 2, source: 'genai-prices' },
    capabilities: {
      temperature: 'refused',
      topK: false,
      seed: false,
      reasoningEfforts: ['low', 'medium', 'high'],
      promptCaching: false,
    },
  }),
  choice('googleai/gemini-3-flash', { blocked: 'no key', sunsetDate: '2027-01-14' }),
  choice('vllm-gke/llama-3-70b', { contextWindow: 8_192 }),
  choice('demo/swift', { simulated: true, prices: { inputUsd: 0.1, outputUsd: 0.4, source: 'demo' } }),
];

function choice(ref: string, changes: Partial<ModelChoice>): ModelChoice {
  const connection = ref.slice(0, ref.indexOf('/'));
  return {
    ref,
    connection,
    label: ref,
    contextWindow: undefined,
    prices: undefined,
    sunsetDate: undefined,
    blocked: undefined,
    simulated: false,
    capabilities: undefined,
    ...changes,
  };
}

export const JSON_ANSWER = JSON.stringify(
  {
    risk_level: 'high',
    factors: ['Two calls about the price', 'Logins fell from 12 to 4', 'Seven years on one plan'],
    recommendations: [
      { action: 'Offer the Silver plan', confidence: 0.8 },
      { action: 'Call within a week', confidence: 0.65 },
    ],
  },
  null,
  2,
);

/** A piece of the answer of a column's first run. */
export function textDelta(columnId: string, text: string, runId = `${columnId}-1`): CompareEvent {
  return { type: 'run-event', columnId, at: 0, event: { type: 'text-delta', runId, text } };
}
