import { UserError } from '../../base/errors.ts';
import { requireTrust } from '../../models/connections/with-connection.ts';
import type { Asker } from '../../runs/asker.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import { openEarlierAnswers } from '../requests/earlier-answers.ts';
import { createRequestMakers } from '../requests/request-makers.ts';
import type { EvalPlan, PlanOptions } from '../run/eval-plan.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { scorerContext } from '../scoring/create-scoring.ts';
import { checkMetrics } from './check-metrics.ts';
import { estimateCost } from './estimate-cost.ts';
import { findReceivers } from './find-receivers.ts';
import { type PlannedColumn, planColumns } from './plan-columns.ts';
import { checkDataset, mappingsOf } from './read-stored-cases.ts';
import { renderCase } from './render-case.ts';
import { resolvePrompts } from './resolve-prompts.ts';

/** Checks an evaluation as a whole: what it names, every case, its prompts with a case, and the budget. */
export async function planEvaluation(ports: EvalPorts, written: EvalSpec, options: PlanOptions): Promise<EvalPlan> {
  requireTrust(ports);
  const spec = withOptions(written, options);
  const { signal, reusedId } = options;
  const notices: string[] = [];
  const onNotice = (text: string) => void notices.push(text);
  const prompts = await resolvePrompts(ports, spec, { signal, onNotice });
  const planned = await planColumns(ports, { spec, prompts, startsNext: options.startsNext });
  const baselineId = await findBaseline(ports, spec);
  const { count, cases, examples } = await checkDataset(spec, {
    ...{ folder: ports.folder, prompts: promptsIn(planned) },
    baselineHas: await casesOf(ports, baselineId),
    chosen: options.cases,
    onNotice,
    signal,
  });
  await renderOnce(planned, { spec, examples });
  const asker = ports.runs.asker();
  if (spec.budgetUsd !== undefined) await requirePrices({ asker, planned, ports });
  const makers = await createRequestMakers(ports, { planned, spec, asker });
  const earlier = await openEarlierAnswers(ports, { reusedId, spec });
  const figured =
    options.estimate === false
      ? notEstimated(spec, planned, count)
      : await estimateCost(ports, { spec, planned, makers, count, cases, examples, earlier });
  return {
    spec,
    columns: planned.map(({ column }) => column),
    planned,
    metrics: await checkMetrics(spec, await scorerContext(ports, spec)),
    counts: { cases: count, requests: figured.requests, cached: figured.cached },
    estimate: { ...figured.estimate, simulated: planned.every(({ column }) => column.simulated) },
    providers: await findReceivers(ports, spec, planned),
    notices,
    baselineId,
    cases,
    stored: {
      spec,
      cases: options.cases,
      sources: planned.map(({ source }) => source),
      estimatePerRequest: figured.perRequest,
      reusedId,
    },
  };
}

const UNKNOWN = { usd: undefined, ceilingUsd: undefined };

function notEstimated({ repeats }: EvalSpec, planned: readonly PlannedColumn[], count: number) {
  const asked = planned.filter(({ source }) => source.kind !== 'dataset');
  return { estimate: UNKNOWN, perRequest: undefined, requests: count * asked.length * repeats, cached: undefined };
}

function withOptions(spec: EvalSpec, { baseline, sample, maxCostUsd }: PlanOptions): EvalSpec {
  if (baseline && 'ref' in baseline && spec.prompts.length === 0) {
    throw new UserError(`${spec.path || spec.name}: a baseline revision needs an evaluation with "prompts".`, {
      code: 'usage',
      hint: 'Compare with a stored result instead: "baseline: { result: … }" in the file, by its ID.',
    });
  }
  const budgets = [spec.budgetUsd, maxCostUsd].filter((usd) => usd !== undefined);
  return {
    ...spec,
    baseline: baseline ?? spec.baseline,
    sample: sample ?? spec.sample,
    budgetUsd: budgets.length > 0 ? Math.min(...budgets) : undefined,
  };
}

function promptsIn(planned: readonly PlannedColumn[]) {
  const prompts = planned.flatMap(({ prompt }) => prompt ?? []);
  return prompts.filter((one, at) => prompts.findIndex(({ resolved }) => resolved === one.resolved) === at);
}

async function findBaseline({ store }: EvalPorts, { baseline }: EvalSpec): Promise<string | undefined> {
  if (!baseline || !('result' in baseline)) return undefined;
  const id = await store.evals.find(baseline.result);
  if (id !== undefined) return id;
  throw new UserError(`baseline: there is no stored result ${baseline.result}.`, {
    code: 'unknown-result',
    hint: '`llmops eval list` lists the results of this workspace.',
  });
}

async function casesOf({ store }: EvalPorts, id: string | undefined): Promise<((id: string) => boolean) | undefined> {
  if (id === undefined) return undefined;
  const ids = new Set((await store.evals.identities(id)).ids);
  return (one) => ids.has(one);
}

/** Finds faults of a prompt, and reads the partials and schemas that it uses, which are then kept with the result. */
async function renderOnce(
  planned: readonly PlannedColumn[],
  { spec, examples: [first] }: { spec: EvalSpec; examples: readonly StoredCase[] },
): Promise<void> {
  for (const { column, source, prompt } of planned) {
    if (!prompt || !first || source.kind !== 'prompt') continue;
    const { rendered } = await renderCase(first, prompt, mappingsOf(spec));
    column.contentHash = rendered.contentHash;
    if (source.revision === undefined) source.files = prompt.resolved.files.texts();
  }
}

interface Priced {
  asker: Asker;
  planned: readonly PlannedColumn[];
  ports: EvalPorts;
}

/** With a budget, nothing may be sent whose highest cost is unknown. */
async function requirePrices({ asker, planned, ports }: Priced): Promise<void> {
  for (const { column, source } of planned) {
    if (source.kind !== 'prompt') continue;
    const info = await asker.info(source.model);
    if (info?.prices === undefined) {
      throw new UserError(`The price of ${source.model} is unknown, so the budget cannot be kept.`, {
        code: 'unknown-price',
        hint: priceHint(ports),
      });
    }
    if (column.parameters.maxOutputTokens === undefined && info.maxOutputTokens === undefined) {
      throw new UserError(`The longest answer of ${source.model} is unknown, so the budget cannot be kept.`, {
        code: 'unknown-price',
        hint: 'Set maxOutputTokens in the prompt or in the evaluation, or run without a budget. No request was sent.',
      });
    }
  }
}

/** A price that is there, but with a mistake, is what its file is looked at for. */
function priceHint({ models }: EvalPorts): string {
  const mistakes = models.problems().filter(({ where }) => where.endsWith('prices.yaml'));
  if (mistakes.length === 0) return 'Add it to llmops/prices.yaml, or run without a budget. No request was sent.';
  const texts = mistakes.map(({ where, message }) => `${where}: ${message}`);
  return `${texts.join('\n')}\nFix it, or run without a budget. No request was sent.`;
}
