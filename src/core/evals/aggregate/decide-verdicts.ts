export type Verdict = 'better' | 'worse' | 'no-change-shown' | 'too-few-cases';

/** What a test found about one metric. */
export interface TestOutcome {
  p: number;
  /** The smallest p that this test could give to any outcome of so many cases. */
  smallestP: number;
  /** B − A. */
  difference: number;
  lowerIsBetter: boolean;
}

/**
 * The verdict on each metric of a family, such as those of a gate: the chance that any of them is wrongly called better or
 * worse is at most alpha. A single metric is a family of its own.
 */
export function decideVerdicts(outcomes: readonly TestOutcome[], alpha: number): Verdict[] {
  const adjusted = adjustByHolm(outcomes.map(({ p }) => p));
  // adjusting never changes the order, so this is what the best outcome of every metric would be adjusted to
  const smallest = adjustByHolm(outcomes.map(({ smallestP }) => smallestP));
  return outcomes.map(({ difference, lowerIsBetter }, index) => {
    if (smallest[index]! > alpha) return 'too-few-cases';
    if (adjusted[index]! > alpha) return 'no-change-shown';
    return difference > 0 === lowerIsBetter ? 'worse' : 'better';
  });
}

/**
 * p values adjusted for their number: at most alpha where the step-down procedure rejects. S. Holm, "A Simple Sequentially
 * Rejective Multiple Test Procedure", Scandinavian J. Statistics 6, 1979.
 */
export function adjustByHolm(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * values[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
