import type { CellScore, CellState, EvalMetric, StoredAnswer } from '../../store/evals/eval-record.ts';
import type { ItemScore } from './scoring.ts';

interface Scored {
  metrics: readonly EvalMetric[];
  answer: StoredAnswer;
}

/** The scores of an answer as its cell keeps them, with what they add up to. */
export function toCellScores(
  scores: readonly ItemScore[],
  { metrics, answer }: Scored,
): { state: CellState; scores: CellScore[]; score: number | undefined } {
  return {
    state: stateOf(scores, answer.error !== undefined),
    scores: scores.map(({ value, passed, reason }) => ({ value, passed, ...(reason !== undefined && { reason }) })),
    score: scoreOf(scores, metrics),
  };
}

/** A cell is an error if its answer or any metric is one, else failed if any metric failed. */
function stateOf(scores: readonly ItemScore[], hasError: boolean): CellState {
  if (hasError || scores.some(({ isError }) => isError)) return 'error';
  return scores.some(({ passed }) => passed === false) ? 'failed' : 'passed';
}

interface WeightedMetric {
  scale: string;
  direction: 'higher' | 'lower';
  weight: number;
}

/** The weighted mean of the metrics with a 0–1 scale, lower-is-better ones as 1 − value; undefined without any. */
function scoreOf(scores: readonly ItemScore[], metrics: readonly WeightedMetric[]): number | undefined {
  let sum = 0;
  let weights = 0;
  metrics.forEach(({ scale, direction, weight }, index) => {
    const value = scores[index]?.value ?? null;
    if (value === null || (scale !== 'yes-no' && scale !== '0-1')) return;
    sum += weight * (direction === 'lower' ? 1 - value : value);
    weights += weight;
  });
  return weights > 0 ? sum / weights : undefined;
}
