import type { EvalMetric, RatedMetric } from '../../store/evals/eval-record.ts';
import { businessMetrics } from '../metrics/figure-metrics.ts';
import { toEvalMetrics } from '../plan/eval-metrics.ts';

/** No code of the user is loaded for them. */
const NO_CODE = { folder: '', isTrusted: false, python: undefined };

/** True for a metric that ratings have a value of, whatever its name in the evaluation. */
export function isRatedMetric({ id }: Pick<EvalMetric, 'id'>): boolean {
  return businessMetrics.some((metric) => metric.id === id);
}

/**
 * The metrics of a result whose answers are rated: those of its file, then the rated ones that the file does not name. They
 * have no weight, because otherwise the score of a rated answer would include metrics that its neighbours lack.
 */
export async function ratedMetrics(
  metrics: readonly EvalMetric[],
  rated: readonly RatedMetric[],
): Promise<EvalMetric[]> {
  const ids = new Set<string>(rated);
  const kept = metrics.filter(({ id, fromRatings }) => !fromRatings || ids.has(id));
  const [known, names] = [new Set(kept.map(({ id }) => id)), new Set(kept.map(({ name }) => name))];
  const specs = businessMetrics
    .filter(({ id }) => ids.has(id) && !known.has(id))
    .map(({ id, direction }) => {
      const name = names.has(id) ? `${id} (rating)` : id;
      return { name, id, direction, parameters: {}, path: undefined, weight: 0, threshold: undefined };
    });
  const added = await toEvalMetrics(specs, NO_CODE);
  return [...kept, ...added.map((metric): EvalMetric => ({ ...metric, fromRatings: true }))];
}
