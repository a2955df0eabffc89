import { pairColumns } from '../../store/evals/compare/pair-columns.ts';
import { type Comparison, compareScores } from './compare-scores.ts';
import type { Confidence } from './score-interval.ts';
import { joinResults, pairStored, type ResultData } from './summarize-result.ts';

/** A metric of two results, over the cases that both have unchanged. */
interface ComparedMetric {
  metric: string;
  /** The indexes of the columns that are compared. */
  columns: { a: number; b: number };
  /** Undefined if no case has a score in both. */
  comparison: Comparison | undefined;
}

/** B against A. */
export interface ResultComparison {
  /** Cases that both have, unchanged. */
  common: number;
  onlyInA: number;
  onlyInB: number;
  changed: number;
  /** Of each column of B that A has too; each metric is tested on its own. */
  metrics: ComparedMetric[];
}

interface CompareOptions {
  confidence: Confidence;
  /** Only this one. */
  metric: string | undefined;
  signal?: AbortSignal | undefined;
}

export async function compareResults(
  { a, b }: { a: ResultData; b: ResultData },
  { confidence, metric, signal }: CompareOptions,
): Promise<ResultComparison> {
  const joined = joinResults(a, b);
  const metrics: ComparedMetric[] = [];
  for (const [column, other] of pairColumns(b.columns, a.columns).entries()) {
    if (other === undefined) continue;
    for (const pair of pairStored(b, { baseline: a, joined, column, other })) {
      if (metric !== undefined && pair.metric !== metric) continue;
      const [comparison] = await compareScores([pair], confidence, signal);
      metrics.push({ metric: pair.metric, columns: { a: other, b: column }, comparison });
    }
  }
  const { common, onlyInA, onlyInB, changed } = joined;
  return {
    common: common.b.length,
    onlyInA: onlyInA.length,
    onlyInB: onlyInB.length,
    changed: changed.b.length,
    metrics,
  };
}
