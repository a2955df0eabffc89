import path from 'node:path';
import { openStore } from '../../src/core/store/open-store.ts';
import type { RunRecord } from '../../src/core/store/runs/run-record.ts';

const MODELS = ['openai/gpt-6', 'anthropic/claude-5', 'vertexai/gemini-4', 'demo/swift'];
const PROMPTS = ['churn-analysis', 'summary', 'triage'];
const STATES = ['done', 'done', 'done', 'done', 'done', 'done', 'done', 'failed', 'stopped'] as const;
const BATCH = 1000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Records `count` runs of the last sixty days in a folder's history, always the same ones. */
export async function fillHistory(folder: string, count: number): Promise<void> {
  const store = await openStore({
    path: path.join(folder, '.llmops', 'llmops.db'),
    log: silent,
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });
  const step = Math.floor((60 * 86_400_000) / count);
  const newest = Date.now() - step;
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    await store.runs.start(numbers.map((number) => makeRun(number, { folder, startedAt: newest - number * step })));
  }
  await store.close();
}

function makeRun(number: number, { folder, startedAt }: { folder: string; startedAt: number }): RunRecord {
  const state = STATES[number % STATES.length] ?? 'done';
  const isDone = state === 'done';
  const model = MODELS[number % MODELS.length] ?? 'demo/swift';
  const promptName = PROMPTS[number % PROMPTS.length] ?? 'triage';
  const elapsedMs = isDone ? 400 + ((number * 37) % 5000) : undefined;
  return {
    id: `run-${number}`,
    comparisonId: `comparison-${number >> 2}`,
    column: number % 4,
    repeat: 0,
    startedAt,
    endedAt: startedAt + 2000,
    state,
    model,
    simulated: model.startsWith('demo/'),
    promptPath: path.join(folder, 'prompts', `${promptName}.prompt`),
    promptName,
    sourceHash: 'ab'.repeat(32),
    contentHash: 'cd'.repeat(32),
    version: number % 5 ? { label: `v${number % 5}`, commit: 'ef'.repeat(20) } : undefined,
    input: { customer: number },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Will this customer leave? Answer as JSON.' }] }],
    parameters: { temperature: 0.2 },
    output: { format: 'text' },
    text: `Customer ${number} will probably stay: tenure is long, and there are few tickets.`,
    reasoning: '',
    message: undefined,
    finishReason: isDone ? 'stop' : undefined,
    servedModel: model,
    usage: isDone ? { inputTokens: 335, outputTokens: 40 + (number % 200) } : { inputTokens: 335 },
    usageEstimated: false,
    costUsd: isDone ? 0.0002 + (number % 91) * 0.00008 : undefined,
    ttftMs: isDone ? 180 : undefined,
    elapsedMs,
    tokensPerSecond: isDone ? 60 : undefined,
    schemaValid: undefined,
    schemaProblems: [],
    warnings: [],
    error: state === 'failed' ? { code: 'network', message: 'The server did not answer within 60 s.' } : undefined,
    rawRequest: undefined,
    rawResponse: undefined,
    rating: number % 17 ? undefined : number % 2 ? 'up' : 'down',
    note: undefined,
  };
}
