import type { MetricUse, ScorerContext } from '../metrics/metric.ts';
import { createItemScorer } from './create-item-scorer.ts';
import type { Scoring } from './scoring.ts';

/** Scores in this thread, for a command line that has nothing else to do. */
export async function scoreInThread(uses: readonly MetricUse[], context: ScorerContext): Promise<Scoring> {
  const { score, close } = await createItemScorer(uses, context);
  return {
    async score(items) {
      const scored = [];
      for (const item of items) {
        const scores = score(item);
        scored.push(scores instanceof Promise ? await scores : scores);
      }
      return scored;
    },
    close,
  };
}
