import { createScorer, type MetricScorer, type Score } from '../metrics/create-scorer.ts';
import type { MetricUse, ScorerContext } from '../metrics/metric.ts';
import type { ItemScore, ScoredItem } from './scoring.ts';
import { toSample } from './to-sample.ts';

interface ItemScorer {
  score(item: ScoredItem): Promise<ItemScore[]> | ItemScore[];
  close(): Promise<void>;
}

/** Loads the metrics once; each answer is then scored in this thread. */
export async function createItemScorer(uses: readonly MetricUse[], context: ScorerContext): Promise<ItemScorer> {
  const scorers = await Promise.all(uses.map((use) => createScorer(use, context)));
  const score: ItemScorer['score'] = (item) => {
    const sample = toSample(item);
    const scores = scorers.map((scorer) => {
      const isOfAnswer = !isOfFigures(scorer);
      return isOfAnswer && item.answer.error ? NO_ANSWER : scorer.score(sample);
    });
    // most metrics are not asynchronous, and waiting for each would take longer than the metric
    if (!scores.some((score) => score instanceof Promise))
      return scores.map((score, at) => toItem(score as Score, scorers[at]!));
    return Promise.all(scores).then((all) => all.map((score, at) => toItem(score, scorers[at]!)));
  };
  return {
    score,
    async close() {
      await Promise.all(scorers.map((scorer) => scorer.close()));
    },
  };
}

const NO_ANSWER: Score = { value: null, passed: null, reason: 'There is no answer.' };

/** Figures and ratings may be unknown; any other metric without a value lacks what it needs, or failed. */
function isOfFigures({ metric: { needs } }: MetricScorer): boolean {
  return needs.includes('figures') || needs.includes('feedback');
}

function toItem({ value, passed, reason, warning }: Score, scorer: MetricScorer): ItemScore {
  return {
    value,
    passed,
    ...(reason !== undefined && { reason }),
    ...(warning !== undefined && { warning }),
    ...(value === null && !isOfFigures(scorer) && { isError: true as const }),
  };
}
