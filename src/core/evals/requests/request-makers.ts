import { toErrorInfo } from '../../base/errors.ts';
import { timeOrderedId } from '../../base/time-ordered-id.ts';
import { connectionOf } from '../../models/connection.ts';
import type { Asker } from '../../runs/asker.ts';
import type { StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import { mappingsOf } from '../plan/read-stored-cases.ts';
import type { Answerer } from '../run/answerer.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { openTarget, type TargetPorts } from '../targets/open-target.ts';
import { createModelRequests, type RequestMaker } from './model-requests.ts';

interface MakersOptions {
  planned: readonly PlannedColumn[];
  spec: EvalSpec;
  asker: Asker;
}

/** One for each column. */
export async function createRequestMakers(
  ports: EvalPorts,
  { planned, spec, asker }: MakersOptions,
): Promise<RequestMaker[]> {
  const mappings = mappingsOf(spec);
  return Promise.all(
    planned.map(async ({ column, source, prompt }): Promise<RequestMaker> => {
      if (source.kind === 'prompt' && prompt) {
        const connection = await ports.models.declared(connectionOf(source.model));
        return createModelRequests({ column, model: source.model, prompt, connection, mappings, asker });
      }
      if (source.kind === 'dataset') return toRequests(DATASET_ANSWERER, ports.now);
      const target = source.kind === 'target' ? spec.targets[source.target] : undefined;
      if (!target) throw new Error(`The evaluation has no target ${JSON.stringify(source)}.`);
      return toRequests(await openTarget(target, targetPorts(ports)), ports.now);
    }),
  );
}

function targetPorts({ trusted, models, network, env = {}, python, settings, now }: EvalPorts): TargetPorts {
  return {
    trusted,
    models,
    network,
    env,
    python: async () => python?.(),
    maxRetries: settings().maxRetries,
    now,
  };
}

/** Answers are not reused: what an application of the user does is not known. */
export function toRequests(answerer: Answerer, now: () => number): RequestMaker {
  return {
    async prepare(evalCase, repeat) {
      return {
        id: timeOrderedId(),
        cacheKey: undefined,
        worstUsd: async () => 0,
        costFor: async () => ({ usd: undefined, ceilingUsd: undefined }),
        async send({ signal }) {
          const at = now();
          try {
            return await answerer.answer(evalCase, repeat, signal);
          } catch (error) {
            signal.throwIfAborted();
            return { ...emptyAnswer(at), error: toErrorInfo(error) };
          }
        },
      };
    },
    ...(answerer.close && { close: () => answerer.close?.() ?? Promise.resolve() }),
  };
}

/** Scores what a column of the dataset has. */
const DATASET_ANSWERER: Answerer = {
  answer: async ({ output = '' }: StoredCase) => ({ ...emptyAnswer(Date.now()), output }),
};

/** An answer of which nothing is known. */
export function emptyAnswer(at: number): StoredAnswer {
  return {
    cacheKey: undefined,
    output: '',
    reasoning: '',
    toolCalls: [],
    contexts: undefined,
    finishReason: undefined,
    servedModel: undefined,
    usage: {},
    usageEstimated: false,
    costUsd: undefined,
    ttftMs: undefined,
    latencyMs: undefined,
    simulated: false,
    error: undefined,
    at,
  };
}
