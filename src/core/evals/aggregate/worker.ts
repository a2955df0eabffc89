import { serveWorker } from '../../base/worker-rpc.ts';
import { compareScores, type PairedScores } from './compare-scores.ts';
import type { Confidence } from './score-interval.ts';

serveWorker((_method, params, { signal }) => {
  const { metrics, confidence } = params as { metrics: PairedScores[]; confidence: Confidence };
  return compareScores(metrics, confidence, signal);
});
