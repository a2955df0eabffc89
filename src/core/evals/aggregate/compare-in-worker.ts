import { connectWorker } from '../../base/worker-rpc.ts';
import type { Comparison, PairedScores } from './compare-scores.ts';
import type { Confidence } from './score-interval.ts';

/** `compareScores` in a thread of its own, which ends with the comparison. */
export async function compareInWorker(
  params: { metrics: readonly PairedScores[]; confidence: Confidence },
  { url, signal }: { url: URL; signal?: AbortSignal | undefined },
): Promise<(Comparison | undefined)[]> {
  const worker = connectWorker({ url, data: undefined, name: 'The statistics thread', code: 'internal' });
  try {
    return (await worker.call('compare', params, { signal })) as (Comparison | undefined)[];
  } finally {
    await worker.stop();
  }
}
