import type { ModelInfo } from '../models/models.ts';
import { pricesForRequest } from '../models/prices/request-terms.ts';
import type { RunSpec } from './events.ts';
import type { RunDeps } from './run-deps.ts';

/** The expected tokens and cost of a run. `ceilingUsd` is the cost if the output reaches its limit. */
export interface RunEstimate {
  inputTokens: number | undefined;
  inputUsd: number | undefined;
  ceilingUsd: number | undefined;
  /** The request's own limit, otherwise the model's maximum. */
  maxOutputTokens: number | undefined;
  /** A demo model: nobody pays the cost. */
  simulated?: boolean;
}

export const UNKNOWN_ESTIMATE: RunEstimate = {
  inputTokens: undefined,
  inputUsd: undefined,
  ceilingUsd: undefined,
  maxOutputTokens: undefined,
};

/** The input of an estimate: a spec, or a column that has not become one yet. */
export type Estimable = Pick<RunSpec, 'model' | 'messages' | 'parameters' | 'output' | 'tools'>;

/** Estimates never fail: what is unknown is undefined. */
export async function estimateRun(deps: RunDeps, spec: Estimable): Promise<RunEstimate> {
  const [info, inputTokens] = await Promise.all([
    deps.models.modelInfo(spec.model).catch(() => undefined),
    estimateInputOnce(deps, spec),
  ]);
  return { inputTokens, ...priceEstimate(deps, { spec, info, inputTokens }) };
}

function priceEstimate(
  deps: Pick<RunDeps, 'costOf'>,
  { spec, info, inputTokens }: { spec: Estimable; info: ModelInfo | undefined; inputTokens: number | undefined },
): Omit<RunEstimate, 'inputTokens'> {
  const maxOutputTokens = spec.parameters.maxOutputTokens ?? info?.maxOutputTokens;
  const mark = info?.simulated ? { simulated: true } : {};
  if (inputTokens === undefined) return { inputUsd: undefined, ceilingUsd: undefined, maxOutputTokens, ...mark };
  const prices = pricesForRequest(info, spec);
  const inputUsd = deps.costOf({ inputTokens, outputTokens: 0 }, prices).totalUsd;
  const ceilingUsd =
    maxOutputTokens === undefined
      ? undefined
      : deps.costOf({ inputTokens, outputTokens: maxOutputTokens }, prices).totalUsd;
  return { inputUsd, ceilingUsd, maxOutputTokens, ...mark };
}

interface Known extends Pick<Estimable, 'model' | 'output' | 'tools'> {
  inputTokens: Promise<number | undefined>;
}

const estimates = new WeakMap<object, Known[]>();

/** The columns and repeats of a comparison share their messages, and so one tokenization per model. */
export function estimateInputOnce(deps: RunDeps, spec: Estimable): Promise<number | undefined> {
  const { messages, tools, output, model } = spec;
  const known = estimates.get(messages) ?? [];
  estimates.set(messages, known);
  // Everything that is counted has to be the same: a version of a prompt may send these messages with another schema.
  const same = known.find((other) => other.model === model && other.output === output && other.tools === tools);
  if (same) return same.inputTokens;
  const inputTokens = deps.estimateInput({ messages, tools, output, model }).catch((error: unknown) => {
    deps.log.debug(`Input tokens of ${model} could not be estimated: ${String(error)}`);
    return undefined;
  });
  known.push({ model, output, tools, inputTokens });
  return inputTokens;
}
