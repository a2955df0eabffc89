import { columnScore } from '../../store/evals/column-score.ts';
import type { EvalColumn, EvalListed, EvalSummary, MetricResult, Verdict } from '../../store/evals/eval-record.ts';

type Result = Pick<EvalListed, 'columns' | 'metrics' | 'summary'>;

/** The lowest and the highest score of the columns that are not the baseline; undefined if none has a score. */
export function scoreRange(result: Result): { low: number; high: number } | undefined {
  const scores = comparedColumns(result).flatMap((column) => columnScore(result, column) ?? []);
  return scores.length > 0 ? { low: Math.min(...scores), high: Math.max(...scores) } : undefined;
}

/** The columns that are not the baseline, or all if every one is. */
export function comparedColumns({ columns }: { columns: readonly EvalColumn[] }): number[] {
  const all = columns.map((_, index) => index);
  const others = all.filter((index) => !columns[index]?.isBaseline);
  return others.length > 0 ? others : all;
}

/** How many metrics have each verdict against the baseline. Undefined if nothing was compared. */
export function countVerdicts(summary: EvalSummary | undefined): Record<Verdict, number> | undefined {
  const compared = (summary?.metrics ?? []).flatMap(({ baseline }) => baseline ?? []);
  if (compared.length === 0) return undefined;
  const counts: Record<Verdict, number> = { better: 0, worse: 0, 'no-change-shown': 0, 'too-few-cases': 0 };
  for (const { verdict } of compared) counts[verdict] += 1;
  return counts;
}

/** What is worth reading first: one worse metric matters more than others that are better. */
export function overallVerdict(summary: EvalSummary | undefined): Verdict | 'mixed' | undefined {
  const counts = countVerdicts(summary);
  if (!counts) return undefined;
  if (counts.worse > 0) return counts.better > 0 ? 'mixed' : 'worse';
  if (counts.better > 0) return 'better';
  return counts['no-change-shown'] > 0 ? 'no-change-shown' : 'too-few-cases';
}

/** The gates that do not hold. */
export function failedGates(summary: EvalSummary | undefined): EvalSummary['gates'] {
  return (summary?.gates ?? []).filter(({ passed }) => passed === false);
}

/** The metrics of a column, in the order of the evaluation. */
export function metricsOfColumn({ summary }: Pick<Result, 'summary'>, column: number): MetricResult[] {
  return (summary?.metrics ?? []).filter((metric) => metric.column === column);
}
