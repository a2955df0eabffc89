import { connectWorker } from '../../base/worker-rpc.ts';
import type { ResultComparison } from './compare-results.ts';
import type { Confidence } from './score-interval.ts';
import type { ResultData, ResultSummary, SummaryOptions } from './summarize-result.ts';

/** `summarizeResult` in a thread of its own, which ends with it. */
export function summarizeInWorker(result: ResultData, { signal, ...options }: SummaryOptions): Promise<ResultSummary> {
  return callOnce('summarize', { result, options }, signal) as Promise<ResultSummary>;
}

/** `compareResults` in a thread of its own, which ends with it. */
export function compareResultsInWorker(
  results: { a: ResultData; b: ResultData },
  { signal, ...options }: { confidence: Confidence; metric: string | undefined; signal?: AbortSignal | undefined },
): Promise<ResultComparison> {
  return callOnce('compareResults', { ...results, options }, signal) as Promise<ResultComparison>;
}

async function callOnce(method: string, params: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const url = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './aggregate-worker.js', import.meta.url);
  const worker = connectWorker({ url, data: undefined, name: 'The statistics thread', code: 'internal' });
  try {
    return await worker.call(method, params, { signal });
  } finally {
    await worker.stop();
  }
}
