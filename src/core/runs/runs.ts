import type { Log } from '../base/ports.ts';
import type { Settings } from '../base/settings.ts';
import { timeOrderedId } from '../base/time-ordered-id.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import { WINDOW_CLOSED } from '../jobs/job.ts';
import { connectionOf } from '../models/connection.ts';
import type { Models } from '../models/models.ts';
import { costOf } from '../models/prices/costs.ts';
import { countRequest } from '../models/prices/count-request.ts';
import { createTokenCounter } from '../models/prices/tokens.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import { sourceHash } from '../prompts/source-hash.ts';
import type { Store } from '../store/store.ts';
import { checkAnswer } from './answers/check-answer.ts';
import { type Asker, createAsker } from './asker.ts';
import { DayBudget, startOfDay } from './budget/day-budget.ts';
import { readSpending } from './budget/spending.ts';
import { startComparison } from './compare-runs.ts';
import type { Comparison } from './comparison.ts';
import { type Estimable, estimateRun } from './estimate.ts';
import { estimatePrompt } from './estimate-prompt.ts';
import type { RunSpec } from './events.ts';
import { type CodeLanguage, requestAsCode } from './export/request-as-code.ts';
import { type Conversation, nextRequest } from './next-request.ts';
import { planRuns, type RunRequest } from './plan-runs.ts';
import { prepareRuns, type RunPlan } from './prepare-runs.ts';
import { previewRequest } from './preview-request.ts';
import type { RunDeps } from './run-deps.ts';

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

export type Runs = ReturnType<typeof createRuns>;

/** Runs prompts on models, estimates their cost, and exports requests. */
export function createRuns(ports: RunsPorts) {
  const { models, prompts, store, log, now } = ports;
  const deps = runDeps(ports);
  const active = createActiveRuns(deps);
  const plan = (request: RunRequest) => planRuns({ prompts, newId: deps.newId, sourceHash }, request);
  const connectionFor = async ({ model }: RunSpec) => (await models.connection(connectionOf(model))).connection;
  return {
    /** Renders, then starts all runs; `events` ends when all are recorded. Throws UserError before anything is sent. */
    start: async (request: RunRequest, signal?: AbortSignal) => active.start(await plan(request), signal),
    /** The requests that `start` would send. */
    plan,
    /** The same for one prompt that is rendered already. */
    prepare: (one: RunPlan) => prepareRuns({ newId: deps.newId, sourceHash }, one),
    /** Starts the planned requests. */
    compare: active.start,
    /** The messages that follow an answer; a template with `{{history}}` is rendered again around the turns so far. */
    continueConversation: (prompt: Prompt, conversation: Conversation) => nextRequest(prompts, prompt, conversation),
    estimate: (spec: Estimable) => estimateRun(deps, spec),
    /** The cost of a prompt as it is in its file: the estimate that the editor shows on its own. */
    estimatePrompt: (prompt: Prompt, model: string) =>
      estimatePrompt(deps, prompts, { prompt, model, trusted: ports.trusted() }),
    /** The parts of an estimate's input tokens. */
    inputParts: (spec: Estimable) => countRequest(models, spec),
    /** The request of a run as a program; keys are environment variables in it. */
    asCode: async (spec: RunSpec, language: CodeLanguage) =>
      requestAsCode(spec, await connectionFor(spec), { language, log }),
    /** The body that the provider would get for a run; nothing is sent. */
    previewRequest: async (spec: RunSpec) => previewRequest(spec, await connectionFor(spec), log),
    /** Dollars that this workspace spent since midnight, also for evaluations; known costs only. */
    spentToday: async () => store.ledger.spentUsd(startOfDay(now())),
    /** What they were spent for, and in the last 30 days. */
    spending: async () => readSpending(store, now()),
    /** For requests that are recorded elsewhere; each has its own view of models and prices. */
    asker: (): Asker => createAsker(deps),
    /** Shared by everything that spends money in this window. */
    dayBudget: deps.dayBudget,
    /** Stops running requests and waits, for a limited time, until they are recorded. */
    close: active.close,
  };
}

function runDeps({ models, store, jobs, settings, log, now }: RunsPorts): RunDeps {
  return {
    models,
    store,
    jobs,
    settings,
    dayBudget: new DayBudget({ store, settings, log, now }),
    costOf,
    estimateInput: async (request) => (await countRequest(models, request)).total,
    createTokenCounter,
    checkAnswer,
    now,
    clock: () => performance.now(),
    log,
    newId: timeOrderedId,
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
