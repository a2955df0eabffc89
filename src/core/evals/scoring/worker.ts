import { workerData } from 'node:worker_threads';
import { lazy } from '../../base/lazy.ts';
import { serveWorker } from '../../base/worker-rpc.ts';
import type { MetricUse, ScorerContext } from '../metrics/metric.ts';
import { scoreInThread } from './score-in-thread.ts';
import type { ScoredItem } from './scoring.ts';

const { uses, context } = workerData as { uses: MetricUse[]; context: ScorerContext };
const scoring = lazy(() => scoreInThread(uses, context));

serveWorker(async (method, params) => {
  // an answer means that the thread is not stuck in a metric
  if (method === 'ping') return true;
  const { score, close } = await scoring();
  return method === 'close' ? close() : score(params as ScoredItem[]);
});
