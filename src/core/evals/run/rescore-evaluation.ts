import type { EvalMetric, EvalRecord } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import { checkMetrics } from '../plan/check-metrics.ts';
import { toEvalMetrics } from '../plan/eval-metrics.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import type { EarlyEnd } from '../requests/eval-outcome.ts';
import { toCellScores } from '../scoring/cell-scores.ts';
import { createScoring, scorerContext } from '../scoring/create-scoring.ts';
import type { ScoredItem, Scoring } from '../scoring/scoring.ts';
import type { EvalWork } from './eval-job-start.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { finishEvaluation } from './finish-evaluation.ts';
import { loadColumns, readState } from './resume-evaluation.ts';

const CASES_AT_ONCE = 200;

/** Scores the stored answers by the metrics and gates of a specification. No model is called. */
export async function rescoreEvaluation(
  ports: EvalPorts,
  record: EvalRecord,
  given: EvalSpec,
  work: EvalWork,
): Promise<EvalRecord> {
  const { store } = ports;
  const stored = record.plan as StoredPlan;
  const spec = rescoredSpec(stored.spec, given);
  const metrics = await toEvalMetrics(spec.metrics, await scorerContext(ports, spec));
  const early = await earlyEndOf(ports, record);
  const plan: StoredPlan = { ...stored, spec };
  await store.evals.update(record.id, { state: 'running', error: undefined, plan });
  work.context.emit({ type: 'eval-start', record: { ...record, metrics, state: 'running' } });
  return finishEvaluation(
    ports,
    { record, spec, endedAt: record.endedAt },
    work,
    async (): Promise<EarlyEnd | undefined> => {
      const columns = await loadColumns(ports, record, stored.sources);
      const scoring = await createScoring(ports, spec);
      const { cases } = record.counts;
      try {
        for (let from = 0; from < cases; from += CASES_AT_ONCE) {
          work.context.signal.throwIfAborted();
          // with the first scores, so that a killed window leaves no metric without any; each write of them makes a new set
          const replaced = from === 0 ? metrics : undefined;
          await rescoreCases(ports, { record, columns, scoring, metrics, replaced, from, signal: work.context.signal });
          work.context.report({ done: Math.min(cases, from + CASES_AT_ONCE), total: cases });
        }
      } finally {
        await scoring.close();
      }
      return early;
    },
  );
}

/** Throws UserError if the metrics cannot be loaded. */
export async function checkRescore(ports: EvalPorts, stored: EvalSpec, given: EvalSpec): Promise<void> {
  const spec = rescoredSpec(stored, given);
  await checkMetrics(spec, await scorerContext(ports, spec));
}

function rescoredSpec(stored: EvalSpec, { metrics, gates, confidence, maxErrors }: EvalSpec): EvalSpec {
  return { ...stored, metrics, gates, confidence, maxErrors };
}

/** What was stopped half-way before still is; a result that has all answers is done, whatever ended it. */
async function earlyEndOf(ports: EvalPorts, record: EvalRecord): Promise<EarlyEnd | undefined> {
  const { state, error, counts } = record;
  if (state === 'done' || (await readState(ports, record, 'unanswered')).done === counts.cells) return undefined;
  return { state: state === 'budget' ? 'budget' : 'stopped', error };
}

interface Rescored {
  record: EvalRecord;
  columns: readonly PlannedColumn[];
  scoring: Scoring;
  metrics: EvalMetric[];
  /** The metrics, if those of the result are to be replaced by them. */
  replaced: EvalMetric[] | undefined;
  from: number;
  signal: AbortSignal;
}

async function rescoreCases({ store }: EvalPorts, options: Rescored): Promise<void> {
  const { record, columns, scoring, metrics, replaced, from, signal } = options;
  const count = Math.min(CASES_AT_ONCE, record.counts.cases - from);
  const places = Array.from({ length: count }, (_, index) => from + index);
  const [cells, cases] = await Promise.all([
    store.evals.cells(record.id, places),
    store.evals.cases(record.id, places),
  ]);
  const known = cells.flatMap((cell) => {
    const evalCase = cases[cell.case - from];
    return evalCase ? [{ cell, evalCase }] : [];
  });
  const items = known.map(({ cell, evalCase }): ScoredItem => {
    const { column, answer, cached } = cell;
    const { prompt, source } = columns[column] ?? {};
    const isGiven = source?.kind === 'dataset';
    return { evalCase, answer, schema: prompt?.prompt.output.schema, cached, isGiven, rating: cell };
  });
  const scores = await scoring.score(items, signal);
  const rescored = known.map(({ cell: { case: place, column, repeat, answer } }, index) => {
    return { case: place, column, repeat, ...toCellScores(scores[index] ?? [], { metrics, answer }) };
  });
  await store.evals.rescored(record.id, rescored, replaced);
}
