import { UserError } from '../../base/errors.ts';
import type { EvalRecord, EvalSummary, MetricResult } from '../../store/evals/eval-record.ts';
import { summarizeInWorker } from '../aggregate/summarize-in-worker.ts';
import { type ResultData, summarizeResult } from '../aggregate/summarize-result.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import { checkGates } from '../gates/check-gates.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';

interface SummarizeOptions {
  /** That of the result by default. */
  spec?: EvalSpec | undefined;
  /** Figures that are taken as they are, because nothing that they depend on has changed. */
  kept?: readonly MetricResult[] | undefined;
  signal?: AbortSignal | undefined;
}

/** Of a result that was stored without a plan. */
const UNKNOWN_SPEC: Pick<EvalSpec, 'gates' | 'confidence'> = {
  gates: [],
  confidence: { level: 0.95, method: 't', seed: 0 },
};

/** Metrics, verdicts and gates of a stored result, from all its cells. */
export async function summarizeStored(
  { store, mayBlock }: Pick<EvalPorts, 'store' | 'mayBlock'>,
  id: string,
  { spec, kept = [], signal }: SummarizeOptions = {},
): Promise<EvalSummary> {
  const record = await requireResult({ store }, id);
  const { gates, confidence } = {
    ...UNKNOWN_SPEC,
    ...(spec ?? (record.plan as Partial<StoredPlan> | undefined)?.spec),
  };
  const data = await readResult({ store }, record);
  const stored = record.baselineId === undefined ? undefined : await store.evals.get(record.baselineId);
  const baseline = stored && (await readResult({ store }, stored));
  const family = gates.flatMap((gate) => (gate.kind === 'margin' ? [gate.metric] : []));
  const summarize = mayBlock ? summarizeResult : summarizeInWorker;
  const { columns, metrics, totals } = record;
  const places = [...columns.keys()].flatMap((column) => metrics.map(({ name: metric }) => ({ metric, column })));
  const isOf = (place: { metric: string; column: number }) => (one: MetricResult) =>
    one.metric === place.metric && one.column === place.column;
  const only = [...new Set(places.filter((place) => !kept.some(isOf(place))).map(({ metric }) => metric))];
  const { metrics: found, unmatched } = await summarize(data, { confidence, family, baseline, only, signal });
  const results = places.flatMap((place) => found.find(isOf(place)) ?? kept.find(isOf(place)) ?? []);
  return {
    metrics: results,
    unmatched,
    gates: checkGates(gates, {
      columns,
      metrics,
      results,
      matrix: data.matrix,
      totals,
      level: confidence.level,
    }),
  };
}

/** Throws UserError `unknown-result`. */
export async function requireResult({ store }: Pick<EvalPorts, 'store'>, id: string): Promise<EvalRecord> {
  const record = await store.evals.get(id);
  if (record) return record;
  throw new UserError(`There is no result ${id}.`, {
    code: 'unknown-result',
    hint: 'It may have been deleted. `llmops eval list` lists the results of this workspace.',
  });
}

export async function readResult({ store }: Pick<EvalPorts, 'store'>, record: EvalRecord): Promise<ResultData> {
  const [matrix, identities] = await Promise.all([store.evals.matrix(record.id), store.evals.identities(record.id)]);
  return { columns: record.columns, metrics: record.metrics, matrix, ...identities };
}
