import { serveWorker } from '../../base/worker-rpc.ts';
import { compareResults } from './compare-results.ts';
import { compareScores, type PairedScores } from './compare-scores.ts';
import type { Confidence } from './score-interval.ts';
import { type ResultData, type SummaryOptions, summarizeResult } from './summarize-result.ts';

interface Params {
  compare: { metrics: PairedScores[]; confidence: Confidence };
  summarize: { result: ResultData; options: SummaryOptions };
  compareResults: { a: ResultData; b: ResultData; options: { confidence: Confidence; metric: string | undefined } };
}

serveWorker((method, params, { signal }) => {
  switch (method as keyof Params) {
    case 'compare': {
      const { metrics, confidence } = params as Params['compare'];
      return compareScores(metrics, confidence, signal);
    }
    case 'summarize': {
      const { result, options } = params as Params['summarize'];
      return summarizeResult(result, { ...options, signal });
    }
    case 'compareResults': {
      const { a, b, options } = params as Params['compareResults'];
      return compareResults({ a, b }, { ...options, signal });
    }
  }
});
