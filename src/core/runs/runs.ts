import { randomUUID } from 'node:crypto';
import type { Log } from '../base/ports.ts';
import type { Settings } from '../base/settings.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import { WINDOW_CLOSED } from '../jobs/job.ts';
import type { Message } from '../models/chat-model.ts';
import { connectionOf } from '../models/connection.ts';
import type { Models } from '../models/models.ts';
import { costOf } from '../models/prices/costs.ts';
import { countRequest } from '../models/prices/count-request.ts';
import { createTokenCounter, type RequestTokens } from '../models/prices/tokens.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import { sourceHash } from '../prompts/source-hash.ts';
import type { Store } from '../store/store.ts';
import { checkAnswer } from './answers/check-answer.ts';
import { createDayBudget, startOfDay } from './budget/day-budget.ts';
import { startComparison } from './compare-runs.ts';
import type { Comparison } from './comparison.ts';
import { type Estimable, estimateRun, type RunEstimate } from './estimate.ts';
import { estimatePrompt, type PromptEstimate } from './estimate-prompt.ts';
import type { RunSpec } from './events.ts';
import { type CodeLanguage, requestAsCode } from './export/request-as-code.ts';
import { type Conversation, nextRequest } from './next-request.ts';
import { planRuns, type RunRequest } from './plan-runs.ts';
import { prepareRuns, type RunPlan } from './prepare-runs.ts';
import { type PreviewRequest, previewRequest } from './preview-request.ts';
import type { RunDeps } from './run-deps.ts';

/** Runs prompts on models, estimates their cost, and exports requests. */
export interface Runs {
  /** Renders, then starts all runs; `events` ends when all are recorded. Throws UserError before anything is sent. */
  start(request: RunRequest, signal?: AbortSignal): Promise<Comparison>;
  /** The requests that `start` would send. */
  plan(request: RunRequest): Promise<RunSpec[]>;
  /** The same for one prompt that is rendered already. */
  prepare(plan: RunPlan): RunSpec[];
  /** Starts the planned requests. */
  compare(specs: RunSpec[], signal?: AbortSignal): Comparison;
  /** The messages that follow an answer; a template with `{{history}}` is rendered again around the turns so far. */
  continueConversation(prompt: Prompt, conversation: Conversation): Promise<Message[]>;
  estimate(spec: Estimable): Promise<RunEstimate>;
  /** The cost of a prompt as it is in its file: the estimate that the editor shows on its own. */
  estimatePrompt(prompt: Prompt, model: string): Promise<PromptEstimate>;
  /** The parts of an estimate's input tokens. */
  inputParts(spec: Estimable): Promise<RequestTokens>;
  /** The request of a run as a program; keys are environment variables in it. */
  asCode(spec: RunSpec, language: CodeLanguage): Promise<string>;
  /** The body that the provider would get for a run; nothing is sent. */
  previewRequest(spec: RunSpec): Promise<PreviewRequest>;
  /** Dollars of this workspace's runs since midnight, known costs only. */
  spentToday(): Promise<number>;
  /** Stops running requests and waits, for a limited time, until they are recorded. */
  close(): Promise<void>;
}

interface RunsPorts {
  models: Models;
  prompts: Prompts;
  store: Store;
  jobs: Jobs;
  settings(): Settings;
  trusted(): boolean;
  log: Log;
  now(): number;
}

export function createRuns(ports: RunsPorts): Runs {
  const { models, prompts, store, log, now } = ports;
  const deps = runDeps(ports);
  const active = createActiveRuns(deps);
  const plan = (request: RunRequest) => planRuns({ prompts, newId: deps.newId, sourceHash }, request);
  const connectionFor = async ({ model }: RunSpec) => (await models.connection(connectionOf(model))).connection;
  return {
    start: async (request, signal) => active.start(await plan(request), signal),
    plan,
    prepare: (one) => prepareRuns({ newId: deps.newId, sourceHash }, one),
    compare: active.start,
    continueConversation: (prompt, conversation) => nextRequest(prompts, prompt, conversation),
    estimate: (spec) => estimateRun(deps, spec),
    estimatePrompt: (prompt, model) => estimatePrompt(deps, prompts, { prompt, model, trusted: ports.trusted() }),
    inputParts: (spec) => countRequest(models, spec),
    asCode: async (spec, language) => requestAsCode(spec, await connectionFor(spec), { language, log }),
    previewRequest: async (spec) => previewRequest(spec, await connectionFor(spec), log),
    spentToday: async () => store.ledger.spentUsd(startOfDay(now())),
    close: active.close,
  };
}

function runDeps({ models, store, jobs, settings, log, now }: RunsPorts): RunDeps {
  return {
    models,
    store,
    jobs,
    settings,
    dayBudget: createDayBudget({ store, settings, log, now }),
    costOf,
    estimateInput: async (request) => (await countRequest(models, request)).total,
    createTokenCounter,
    checkAnswer,
    now,
    clock: () => performance.now(),
    log,
    newId: randomUUID,
  };
}

/** A window that closes waits this long for its last runs to be written. */
const LONGEST_END_MS = 3000;

function createActiveRuns(deps: RunDeps) {
  const running = new Map<AbortController, Promise<void>>();
  return {
    start(specs: RunSpec[], signal?: AbortSignal): Comparison {
      const control = new AbortController();
      const either = signal ? AbortSignal.any([signal, control.signal]) : control.signal;
      const ended = Promise.withResolvers<void>();
      const onEnd = () => {
        running.delete(control);
        ended.resolve();
      };
      const comparison = startComparison(deps, specs, { signal: either, onEnd });
      // Not earlier: a rejected start has no end to wait for.
      running.set(control, ended.promise);
      return comparison;
    },
    async close() {
      const ends = [...running.values()];
      for (const control of running.keys()) control.abort(WINDOW_CLOSED);
      const limit = new Promise((resolve) => setTimeout(resolve, LONGEST_END_MS).unref());
      await Promise.race([Promise.all(ends), limit]);
    },
  };
}
