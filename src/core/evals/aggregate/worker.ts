import { serveWorker } from '../../base/worker-rpc.ts';
import { compareScores, type PairedScores } from './compare-scores.ts';
import type { IntervalOptions } from './score-interval.ts';

serveWorker((_method, params, { signal }) => {
  const { metrics, options } = params as { metrics: PairedScores[]; options: IntervalOptions };
  return compareScores(metrics, options, signal);
});
