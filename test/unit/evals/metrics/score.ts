import { createScorer, type Score } from '../../../../src/core/evals/metrics/create-scorer.ts';
import type { Sample } from '../../../../src/core/evals/metrics/metric.ts';
import { readMetric } from '../../../../src/core/evals/metrics/read-metric.ts';

/** The score of one sample by a metric as it is written on the command line. */
export async function score(metric: string, sample: Sample): Promise<Score> {
  const scorer = await createScorer(await readMetric(metric));
  return scorer.score(sample);
}
