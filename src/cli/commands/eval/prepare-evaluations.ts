import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { canonicalJson } from '../../../core/datasets/row-identity.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import { parseGateExpression } from '../../../core/evals/file/gate-expression.ts';
import type { EvalJob } from '../../../core/evals/run/eval-job.ts';
import type { StoredPlan } from '../../../core/evals/run/eval-plan.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import type { Sends } from './confirm-run.ts';
import type { EvalOptions } from './read-eval-options.ts';

type RunValues = EvalValues['run'];

/** An evaluation that is ready to start. */
export interface ReadyEvaluation {
  spec: EvalSpec;
  /** What should be known before it starts, as sentences. */
  notices: readonly string[];
  /** What the question before it names; undefined if nothing is asked. */
  sends: Sends | undefined;
  start(): Promise<EvalJob>;
}

/** A provider that fails for longer ends the run, which can be resumed: a job of CI must not hang. */
const PATIENCE_MS = 60_000;

interface Preparing {
  values: RunValues;
  context: CommandContext;
  /** The workspace's. */
  folder: string | undefined;
}

/** Checks everything of every file before the first request. Throws UserError. */
export async function prepareEvaluations(
  workbench: Workbench,
  options: EvalOptions,
  preparing: Preparing,
): Promise<ReadyEvaluation[]> {
  const { evals } = workbench;
  const { stored, files } = options;
  if (stored && files.length === 0) {
    const id = await evals.find(stored.id);
    return [await prepareStored(workbench, { id, file: undefined, options }, preparing)];
  }
  const ready: ReadyEvaluation[] = [];
  for (const file of files) {
    if (stored) {
      const id = await evals.find(stored.id, file);
      ready.push(await prepareStored(workbench, { id, file, options }, preparing));
    } else ready.push(await prepareNew(workbench, { file, options }, preparing));
  }
  return ready;
}

async function prepareNew(
  { evals }: Workbench,
  { file, options }: { file: string; options: EvalOptions },
  { values, context }: Preparing,
): Promise<ReadyEvaluation> {
  const { maxCost } = values;
  const read = await evals.read(file, { hasBaseline: values.baseline !== undefined });
  // one evaluation of a folder that has no prompts must not keep the others from their baseline
  const isOfPrompts = read.prompts.length > 0;
  const baseline = isOfPrompts ? values.baseline : undefined;
  const hasBaseline = baseline !== undefined || read.baseline !== undefined;
  const spec = withGates(read, options, hasBaseline);
  const plan = await evals.plan(spec, {
    baseline: baseline === undefined ? undefined : { ref: baseline },
    sample: sampleOf(values, spec),
    maxCostUsd: maxCost,
    estimate: isAsked({ values, context }),
    startsNext: true,
    signal: context.interrupt.signal,
  });
  const { counts, estimate, providers, notices } = plan;
  const isLeftOut = values.baseline !== undefined && !isOfPrompts;
  return {
    spec,
    notices: isLeftOut
      ? [`${file} has no prompts, so it is run without the baseline ${values.baseline}.`, ...notices]
      : notices,
    sends: {
      requests: counts.requests - (counts.cached ?? 0),
      estimate,
      providers,
      budgetUsd: plan.spec.budgetUsd,
      isAtMost: counts.cached === undefined && plan.spec.cache !== 'off',
    },
    start: () => evals.start(plan, { signal: context.interrupt.signal, patienceMs: PATIENCE_MS }),
  };
}

interface StoredResult {
  id: string;
  /** As written; undefined if the result is named by its ID alone. */
  file: string | undefined;
  options: EvalOptions;
}

async function prepareStored(
  workbench: Workbench,
  result: StoredResult,
  preparing: Preparing,
): Promise<ReadyEvaluation> {
  const { evals } = workbench;
  const { values, context, folder } = preparing;
  const { id, options } = result;
  const { signal } = context.interrupt;
  const { read, stored, hasBaseline, notices } = await readStored(workbench, result, folder);
  const spec = withGates(read, options, hasBaseline);
  if (options.stored?.verb === 'rescore') {
    return { spec, notices, sends: undefined, start: () => evals.rescore(id, { signal, spec }) };
  }
  return {
    spec,
    notices,
    sends: isAsked(preparing)
      ? { ...(await evals.planResume(id)), budgetUsd: values.maxCost ?? stored.budgetUsd, isAtMost: true }
      : undefined,
    start: () => evals.resume(id, { signal, maxCostUsd: values.maxCost, gates: spec.gates, patienceMs: PATIENCE_MS }),
  };
}

const OTHER_METRICS =
  'The metrics of the file have changed since this result, which is continued with its own. --rescore applies the new ones.';

/** The metrics and gates of the file as it is now, or those of the result if the file is gone. */
async function readStored(
  { evals, store }: Workbench,
  { id, file, options }: StoredResult,
  folder: string | undefined,
): Promise<{ read: EvalSpec; stored: EvalSpec; hasBaseline: boolean; notices: string[] }> {
  const record = await store.evals.get(id);
  if (!record) throw new UserError(`The result ${id} was deleted.`, { code: 'unknown-result' });
  const stored = (record.plan as StoredPlan).spec;
  const hasBaseline = stored.baseline !== undefined;
  const found = file ?? (record.file === undefined ? undefined : path.resolve(folder ?? '', record.file));
  if (found !== undefined && existsSync(found)) {
    const read = await evals.read(found, { hasBaseline });
    const isOther = options.stored?.verb === 'resume' && canonicalJson(read.metrics) !== canonicalJson(stored.metrics);
    return { read, stored, hasBaseline, notices: isOther ? [OTHER_METRICS] : [] };
  }
  const missing = found === undefined ? 'This result has no file' : `${found} does not exist any more`;
  return {
    read: stored,
    stored,
    hasBaseline,
    notices: [`${missing}, so the metrics and gates of the result are used.`],
  };
}

/** Nobody can answer without a terminal, and the estimate takes time. */
function isAsked({ values, context }: Pick<Preparing, 'values' | 'context'>): boolean {
  return context.terminal.errIsTty && !values.yes;
}

function withGates(spec: EvalSpec, { gates, requiresGates }: EvalOptions, hasBaseline: boolean): EvalSpec {
  if (requiresGates && spec.gates.length === 0) {
    throw new UserError(`${spec.path} has no gates, but --gate requires them.`, {
      code: 'usage',
      hint: 'Add "gates" to the file, or give --gate an expression such as \'equals>=0.8\'.',
    });
  }
  const { metrics, repeats } = spec;
  const added = gates.map((gate) => parseGateExpression(gate, { metrics, repeats, hasBaseline }));
  return { ...spec, gates: [...spec.gates, ...added] };
}

function sampleOf({ sample, seed }: RunValues, spec: EvalSpec): EvalSpec['sample'] {
  if (sample !== undefined) return { n: sample, seed: seed ?? spec.sample?.seed ?? 0 };
  if (seed === undefined || spec.sample) return spec.sample && { ...spec.sample, seed: seed ?? spec.sample.seed };
  throw new UserError('--seed chooses the cases of a sample, but no sample is set.', {
    code: 'usage',
    hint: 'Add --sample with the number of cases, or remove --seed.',
  });
}
