import { lazy } from '../base/lazy.ts';
import type { ModelInfo } from '../models/models.ts';
import type { Reserve } from './budget/day-budget.ts';
import { estimateRun, type RunEstimate } from './estimate.ts';
import type { RunEvent, RunResult, RunSpec } from './events.ts';
import type { RunDeps } from './run-deps.ts';
import { runModel } from './run-model.ts';

export interface AskOptions {
  signal: AbortSignal;
  /** The provider asks to wait, or could not be reached, and the request is sent again. */
  onRetry?(event: Extract<RunEvent, { type: 'run-retry' }>): void;
  reserve?: Reserve | undefined;
}

/** Sends many requests whose answers are recorded elsewhere, as those of an evaluation are. */
export interface Asker {
  /** Never rejects: failures and stops are results. */
  ask(spec: RunSpec, options: AskOptions): Promise<RunResult>;
  /** Without the counts of tokens where nothing is paid. */
  estimate(spec: RunSpec): Promise<RunEstimate>;
  info(model: string): Promise<ModelInfo | undefined>;
}

/** What is known of a model and its connection is looked up once for all requests. */
export function createAsker(deps: RunDeps): Asker {
  const infos = new Map<string, () => Promise<ModelInfo | undefined>>();
  const chats = new Map<string, () => ReturnType<RunDeps['models']['chat']>>();
  const remembered = <T>(known: Map<string, () => T>, key: string, make: () => T): T => {
    const found = known.get(key) ?? lazy(make);
    known.set(key, found);
    return found();
  };
  const info = (model: string) => remembered(infos, model, () => deps.models.modelInfo(model));
  const own: RunDeps = {
    ...deps,
    models: {
      ...deps.models,
      suggestModels: (model) => deps.models.suggestModels(model),
      modelInfo: info,
      chat: (ref) => remembered(chats, `${ref.connection}/${ref.model}`, () => deps.models.chat(ref)),
    },
    settings: () => ({ ...deps.settings(), recordRaw: false }),
    // tokens are counted for their price, which takes a while to load and to do
    estimateInput: async (request) => (isFree(await info(request.model)) ? undefined : deps.estimateInput(request)),
  };
  return {
    info,
    estimate: (spec) => estimateRun(own, spec),
    async ask(spec, { signal, onRetry, reserve }) {
      const emit = (event: RunEvent) => {
        if (event.type === 'run-retry') onRetry?.(event);
      };
      // the tokenizer takes longer to load than a whole command does without it
      return (await runModel(own, spec, { signal, emit, reserve, countsLate: true })).result;
    },
  };
}

/** Nobody pays, and nothing is shown as paid. */
export function isFree(info: ModelInfo | undefined): boolean {
  const { prices } = info ?? {};
  return info?.simulated === true && prices?.inputUsd === 0 && prices.outputUsd === 0;
}
