import { abortError } from '../../../src/core/base/abort.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/base/settings.ts';
import { createJobs } from '../../../src/core/jobs/create-jobs.ts';
import type { ChatEvent, ChatModel, ChatRequest } from '../../../src/core/models/chat-model.ts';
import type { ModelInfo, TokenPrices } from '../../../src/core/models/models.ts';
import { DayBudget } from '../../../src/core/runs/budget/day-budget.ts';
import type { RunEvent, RunResult, RunSpec } from '../../../src/core/runs/events.ts';
import type { RunDeps } from '../../../src/core/runs/run-deps.ts';
import type { RunRecord } from '../../../src/core/store/runs/run-record.ts';
import type { Store } from '../../../src/core/store/store.ts';

/** One step of a scripted answer: an event, a pause, an error, or a wait that only an abort ends. */
export type Step = ChatEvent | { type: 'pause'; ms: number } | { type: 'throw'; error: Error } | { type: 'hang' };

export const text = (value: string): Step => ({ type: 'text-delta', text: value });
export const pause = (ms: number): Step => ({ type: 'pause', ms });
export const usage = (inputTokens: number, outputTokens: number): Step => ({
  type: 'usage',
  usage: { inputTokens, outputTokens },
});
export const finish: Step = { type: 'finish', reason: 'stop', rawReason: 'stop', servedModel: 'served-1' };

/** A model that plays its steps, and honours an abort as the port asks. */
export function createScriptedModel(steps: Step[], seen: ChatRequest[] = []): ChatModel {
  return {
    async *stream(request, signal) {
      seen.push(request);
      for (const step of steps) {
        if (signal.aborted) throw abortError();
        if (step.type === 'throw') throw step.error;
        if (step.type === 'pause') await waitFor(step.ms, signal);
        else if (step.type === 'hang') await waitFor(undefined, signal);
        else yield step;
      }
    },
  };
}

function waitFor(ms: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortError());
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export function createSpec(overrides: Partial<RunSpec> = {}): RunSpec {
  return {
    runId: 'run-1',
    comparisonId: 'comparison-1',
    column: 0,
    repeat: 0,
    model: 'test/model-a',
    prompt: { path: '/w/a.prompt', name: 'a', sourceHash: 'hash', contentHash: 'content' },
    input: { name: 'Ada' },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
    parameters: {},
    output: { format: 'text' },
    tools: [],
    promptCaching: false,
    ...overrides,
  };
}

/** Keeps runs in a map; only what running models calls is there. */
export function createMemoryStore() {
  const runs = new Map<string, RunRecord>();
  const calls: string[] = [];
  const spent = { usd: 0 };
  let failure: Error | undefined;
  const check = () => {
    if (failure) throw failure;
  };
  const keep = (records: RunRecord[]) => {
    for (const record of records) runs.set(record.id, record);
  };
  const store = {
    runs: {
      async start(records: RunRecord[]) {
        check();
        calls.push(`start ${records.map(({ id }) => id).join(' ')}`);
        keep(records);
      },
      async saveProgress(progress: { id: string; text: string }[]) {
        check();
        calls.push(`progress ${progress.map(({ id, text }) => `${id}=${text}`).join(' ')}`);
      },
      async finish(records: RunRecord[]) {
        check();
        calls.push(`finish ${records.map(({ id }) => id).join(' ')}`);
        keep(records);
      },
    },
    jobs: { beat: async () => [] },
    ledger: {
      /** What others have spent, and what is recorded here. */
      async spentUsd(_since: number, except: readonly string[] = []) {
        const own = [...runs.values()].filter(({ id }) => !except.includes(id));
        return own.reduce((sum, { costUsd = 0 }) => sum + costUsd, spent.usd);
      },
    },
  };
  const fail = (error: Error) => {
    failure = error;
  };
  return { runs, calls, spent, fail, store: store as unknown as Store };
}

export interface Bench {
  deps: RunDeps;
  settings: Settings;
  requests: ChatRequest[];
  memory: ReturnType<typeof createMemoryStore>;
}

/** A dollar a token in, two a token out; four characters a token. */
export const PRICES: TokenPrices = { inputUsd: 1_000_000, outputUsd: 2_000_000, source: 'test' };

/** Dependencies with exact prices and ids; time is Vitest's fake clock. */
export function createBench(scripts: Record<string, Step[]>, info: Partial<ModelInfo> = {}): Bench {
  const settings: Settings = { ...DEFAULT_SETTINGS };
  const memory = createMemoryStore();
  const requests: ChatRequest[] = [];
  let ids = 0;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const { store } = memory;
  const jobs = createJobs({ store, kinds: {}, log, owner: 'window', now: Date.now, newId: () => 'job' });
  const deps: RunDeps = {
    models: {
      chat: async ({ model }) => createScriptedModel(scripts[model] ?? [], requests),
      modelInfo: async (ref) => ({
        id: ref,
        ref,
        connection: 'test',
        type: 'demo',

        prices: PRICES,
        ...info,
      }),
      suggestModels: async () => ['test/model-a', 'test/model-b'],
    },
    store,
    jobs,
    settings: () => settings,
    dayBudget: new DayBudget({ store, settings: () => settings, now: () => Date.now(), log }),
    costOf: ({ inputTokens, outputTokens }, prices) => {
      if (!prices || inputTokens === undefined || outputTokens === undefined) return { totalUsd: undefined };
      return { totalUsd: (inputTokens * (prices.inputUsd ?? 0) + outputTokens * (prices.outputUsd ?? 0)) / 1_000_000 };
    },
    estimateInput: async () => 10,
    createTokenCounter() {
      let characters = 0;
      return {
        add(piece) {
          characters += piece.length;
          return Math.ceil(characters / 4);
        },
        after: (piece) => Math.ceil((characters + piece.length) / 4),
      };
    },
    checkAnswer: async (_output, answer) => ({ text: answer, check: undefined }),
    now: () => Date.now(),
    clock: () => performance.now(),
    log,
    newId: () => `id-${++ids}`,
  };
  return { deps, settings, requests, memory };
}

export function ofType<Type extends RunEvent['type']>(events: RunEvent[], type: Type) {
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
}

export function resultOf(events: RunEvent[], runId = 'run-1'): RunResult {
  const end = ofType(events, 'run-end').find((event) => event.runId === runId);
  if (!end) throw new Error(`${runId} has not ended`);
  return end.result;
}
