/** The score of a case: the mean of its repeats that have one; NaN if none has. */
export function averageRepeats(scores: readonly (number | null | undefined)[]): number {
  const known = scores.filter((score) => score !== null && score !== undefined);
  return known.length === 0 ? Number.NaN : known.reduce((sum, score) => sum + score, 0) / known.length;
}

/** Of `n` answers to a case, those that passed. */
interface PassedRepeats {
  n: number;
  passed: number;
}

/**
 * pass@k: the probability that at least one of k answers passes, without bias from the n that there are:
 * 1 − C(n − c, k) / C(n, k). M. Chen et al., "Evaluating Large Language Models Trained on Code", arXiv:2107.03374, 2021.
 * Undefined for fewer than k answers.
 */
export function passAtK({ n, passed }: PassedRepeats, k: number): number | undefined {
  const none = drawAll(n - passed, n, k);
  return none === undefined ? undefined : 1 - none;
}

/**
 * pass^k: the probability that all of k answers pass: C(c, k) / C(n, k). S. Yao et al., "τ-bench", arXiv:2406.12045, 2024.
 * Undefined for fewer than k answers.
 */
export function passHatK({ n, passed }: PassedRepeats, k: number): number | undefined {
  return drawAll(passed, n, k);
}

/** C(some, k) / C(n, k), the probability that k of n draws are all among `some`, as a product that does not overflow. */
function drawAll(some: number, n: number, k: number): number | undefined {
  if (n < k) return undefined;
  let share = 1;
  for (let drawn = 0; drawn < k && share > 0; drawn += 1) share *= Math.max(0, some - drawn) / (n - drawn);
  return share;
}
