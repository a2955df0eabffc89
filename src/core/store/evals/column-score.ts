import type { EvalListed } from './eval-record.ts';

/**
 * The score of a column: the weighted mean of its metrics with a 0–1 scale, as cells have it. Undefined if none of them
 * has a mean.
 */
export function columnScore(
  { metrics, summary }: Pick<EvalListed, 'metrics' | 'summary'>,
  column: number,
): number | undefined {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  let [sum, weights] = [0, 0];
  for (const { metric: name, column: of, mean } of summary?.metrics ?? []) {
    const metric = byName.get(name);
    const isShare = metric?.scale === 'yes-no' || metric?.scale === '0-1';
    if (of !== column || mean === undefined || !metric || !isShare) continue;
    sum += metric.weight * (metric.direction === 'higher' ? mean : 1 - mean);
    weights += metric.weight;
  }
  return weights > 0 ? sum / weights : undefined;
}
