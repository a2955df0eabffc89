import type { EvalMatrix, EvalMetric } from '../../store/evals/eval-record.ts';

/**
 * The scores of a metric in a column, case by case, with repeats averaged; NaN where a case has none. Without a metric, the
 * scores of the cells.
 */
export function caseScores(
  matrix: EvalMatrix,
  { metric, column }: { metric: number | undefined; column: number },
): Float64Array {
  return averageCases(matrix, metric === undefined ? matrix.scores : matrix.values[metric], column);
}

/**
 * The scores to compare with those of another column. A reused answer cost nothing, which says nothing about a prompt or a
 * model: costs are compared by what each answer cost when it was made.
 */
export function comparedScores(
  { matrix, metrics }: { matrix: EvalMatrix; metrics: readonly EvalMetric[] },
  { metric, column }: { metric: number; column: number },
): Float64Array {
  const isCost = metrics[metric]?.id === 'costUsd';
  return isCost ? averageCases(matrix, matrix.answerCostUsd, column) : caseScores(matrix, { metric, column });
}

function averageCases(
  { cases, columns, repeats }: EvalMatrix,
  values: Float32Array | Float64Array | undefined,
  column: number,
): Float64Array {
  const scores = new Float64Array(cases).fill(Number.NaN);
  if (!values) return scores;
  for (let place = 0; place < cases; place += 1) {
    const from = (place * columns + column) * repeats;
    let sum = 0;
    let known = 0;
    for (let index = from; index < from + repeats; index += 1) {
      const value = values[index] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known += 1;
    }
    if (known > 0) scores[place] = sum / known;
  }
  return scores;
}

/** The number of each case's group; undefined if no case has one. A case without a group is one of its own. */
export function groupNumbers(groups: readonly (string | undefined)[]): Int32Array | undefined {
  if (groups.every((group) => group === undefined)) return undefined;
  const numbers = new Map<string, number>();
  let next = 0;
  return Int32Array.from(groups, (group) => {
    const known = group === undefined ? undefined : numbers.get(group);
    if (known !== undefined) return known;
    if (group !== undefined) numbers.set(group, next);
    next += 1;
    return next - 1;
  });
}
