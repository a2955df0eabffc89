import type { CellWithAnswer, EvalMetric, RescoredCell, StoredCase } from '../../store/evals/eval-record.ts';
import { createScorer, type MetricScorer } from '../metrics/create-scorer.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { requireResult } from '../run/summarize-stored.ts';
import { toCellScores } from '../scoring/cell-scores.ts';
import { feedbackOf } from '../scoring/to-sample.ts';
import { isRatedMetric, ratedMetrics } from './rated-metrics.ts';

const PLACES_AT_ONCE = 200;

/**
 * Scores answers by what was said about them in the panel. A metric that is rated for the first time is added to the result,
 * and has a value for every case whose row has its column; one whose last rating was removed is taken away again, unless
 * the file names it. Other scores stay as they are, and nothing is read of how the evaluation was started.
 */
export async function enterRatings(
  { store }: Pick<EvalPorts, 'store'>,
  id: string,
  changed: readonly number[],
): Promise<void> {
  const { metrics: before } = await requireResult({ store }, id);
  const rated = await store.evals.rated(id);
  const metrics = await ratedMetrics(before, rated.metrics);
  const added = metrics.filter(({ hash }) => !before.some((metric) => metric.hash === hash));
  const columns = added.map((metric) => metric.id);
  const places =
    added.length === 0
      ? [...changed]
      : [...new Set([...changed, ...rated.places, ...(await store.evals.placesWith(id, columns))])];
  const scorers = await Promise.all(metrics.map(scorerOf));
  // with the first scores, so that a window that is killed meanwhile leaves no metric without them
  let replaced = added.length > 0 || metrics.length < before.length ? metrics : undefined;
  for (let from = 0; from < places.length || replaced; from += PLACES_AT_ONCE) {
    const batch = places.slice(from, from + PLACES_AT_ONCE);
    const [cells, cases] = await Promise.all([store.evals.cells(id, batch), store.evals.cases(id, batch)]);
    const read = replaced ? before : metrics;
    const order = metrics.map(({ hash }) => read.findIndex((metric) => metric.hash === hash));
    const scored = cells.flatMap((cell) => {
      const evalCase = cases[batch.indexOf(cell.case)];
      return evalCase ? scoreCell(cell, evalCase, { metrics, scorers, order }) : [];
    });
    await store.evals.rescored(id, await Promise.all(scored), replaced);
    replaced = undefined;
  }
}

/** Undefined for a metric that does not depend on ratings. */
async function scorerOf(metric: EvalMetric): Promise<MetricScorer | undefined> {
  const { id, threshold } = metric;
  return isRatedMetric(metric) ? createScorer({ id, parameters: {}, threshold }) : undefined;
}

interface Scoring {
  metrics: readonly EvalMetric[];
  scorers: readonly (MetricScorer | undefined)[];
  /** For each metric, its number among the scores of the cell; −1 if it has none. */
  order: readonly number[];
}

async function scoreCell(
  cell: CellWithAnswer,
  evalCase: StoredCase,
  { metrics, scorers, order }: Scoring,
): Promise<RescoredCell> {
  const { case: place, column, repeat, answer, state } = cell;
  const sample = { output: answer.output, feedback: feedbackOf(evalCase, cell) };
  const scores = await Promise.all(
    order.map((number, index) => scorers[index]?.score(sample) ?? cell.scores[number] ?? NOT_SCORED),
  );
  const scored = toCellScores(scores, { metrics, answer });
  // the scores do not say which metric was an error, and a rating never is one
  return { case: place, column, repeat, ...scored, state: state === 'error' ? state : scored.state };
}

const NOT_SCORED = { value: null, passed: null };
