import type { EvalMatrix } from '../../store/evals/eval-record.ts';
import { passAtK, passHatK } from './average-repeats.ts';

interface PassRates {
  /** pass@k: the share of cases in which at least one of k answers passes. */
  passAtK: number;
  /** pass^k: the share of cases in which all of k answers pass. */
  passHatK: number;
  /** Cases with at least k answers that pass or fail. */
  n: number;
}

/** How reliably a metric passes over the repeats of a case; undefined if no case has k answers that pass or fail. */
export function passRates(
  { cases, columns, repeats, passed: marks }: EvalMatrix,
  { metric, column, k }: { metric: number; column: number; k: number },
): PassRates | undefined {
  const sums: PassRates = { passAtK: 0, passHatK: 0, n: 0 };
  for (let place = 0; place < cases; place += 1) {
    const from = (place * columns + column) * repeats;
    const decided = marks[metric]?.subarray(from, from + repeats).filter((mark) => mark !== UNDECIDED) ?? [];
    const answers = { n: decided.length, passed: decided.filter((mark) => mark === PASSED).length };
    const [some, all] = [passAtK(answers, k), passHatK(answers, k)];
    if (some === undefined || all === undefined) continue;
    sums.passAtK += some;
    sums.passHatK += all;
    sums.n += 1;
  }
  const { n } = sums;
  return n > 0 ? { passAtK: sums.passAtK / n, passHatK: sums.passHatK / n, n } : undefined;
}

/** As the matrix has them; the metric is only reported, or undefined for the answer. */
const UNDECIDED = 0;
const PASSED = 1;
