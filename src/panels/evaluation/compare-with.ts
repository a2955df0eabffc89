import { toBaseline } from '../../core/evals/aggregate/summarize-result.ts';
import type { Evals } from '../../core/evals/evals.ts';
import type { EvalRecord, EvalSummary, MetricResult } from '../../core/store/evals/eval-record.ts';

/** The summary of a result as it compares with another stored one. Gates are those of the result itself. */
export async function compareWith(
  evals: Pick<Evals, 'compare'>,
  against: { record: EvalRecord },
  result: EvalRecord,
): Promise<EvalSummary> {
  const { metrics, onlyInA, onlyInB, changed } = await evals.compare(against.record.id, result.id);
  return {
    metrics: metrics.flatMap(({ metric, columns, comparison }): MetricResult[] => {
      const before = result.summary?.metrics.find((own) => own.metric === metric && own.column === columns.b);
      if (!comparison) return before ? [{ ...before, baseline: undefined }] : [];
      const { b, n, groups } = comparison;
      const own = { metric, column: columns.b, mean: b.mean, interval: b.interval, n, groups, missing: b.missing };
      return [
        {
          ...(before ?? own),
          baseline: toBaseline(comparison),
        },
      ];
    }),
    gates: result.summary?.gates ?? [],
    unmatched: { added: onlyInB, removed: onlyInA, changed },
  };
}
