import type { HashedMatrix } from '../cells/cell-chunk.ts';
import type { CaseFilterState } from '../eval-record.ts';

/** What is true of a case in one column, as bits. */
export const MARKS: Readonly<Record<CaseFilterState, number>> = {
  failed: 1,
  errors: 2,
  regressed: 4,
  improved: 8,
  changed: 16,
  flaky: 32,
};

/** Scores are stored with 24 bits. */
const ROUNDING = 1e-6;

/** The column of a result with which a column is compared. */
export interface BaselineColumn {
  matrix: HashedMatrix;
  column: number;
  /** The place of each case there, −1 if it has none or has changed; undefined if the places are the same. */
  places: Int32Array | undefined;
}

/** A case in one column, its repeats averaged. */
interface AveragedCell {
  n: number;
  /** Of the repeats, how many passed. */
  passedShare: number;
  score: number;
  marks: number;
}

/** The marks of all cases in a column, and the change of each against the baseline. */
export function markColumn(
  matrix: HashedMatrix,
  column: number,
  baseline: BaselineColumn | undefined,
): { marks: Uint8Array; changes: Float64Array } {
  const marks = new Uint8Array(matrix.cases);
  const changes = new Float64Array(matrix.cases).fill(Number.NaN);
  for (let place = 0; place < matrix.cases; place += 1) {
    const own = averageCell(matrix, firstCell(matrix, place, column));
    marks[place] = own.marks;
    const inBaseline = baseline === undefined ? -1 : (baseline.places?.[place] ?? place);
    if (own.n === 0 || baseline === undefined || inBaseline < 0) continue;
    const other = firstCell(baseline.matrix, inBaseline, baseline.column);
    const before = averageCell(baseline.matrix, other);
    if (before.n === 0) continue;
    const isChanged = hasOtherText(matrix, firstCell(matrix, place, column), { matrix: baseline.matrix, cell: other });
    marks[place] = own.marks | compareCells(own, before) | (isChanged ? MARKS.changed : 0);
    const change = own.score - before.score;
    changes[place] = Number.isNaN(change) ? own.passedShare - before.passedShare : change;
  }
  return { marks, changes };
}

export function firstCell({ columns, repeats }: HashedMatrix, place: number, column: number): number {
  return (place * columns + column) * repeats;
}

function averageCell({ states, scores, repeats }: HashedMatrix, first: number): AveragedCell {
  let [n, passed, seen] = [0, 0, 0];
  let [sum, known] = [0, 0];
  for (let cell = first; cell < first + repeats; cell += 1) {
    const state = states[cell]!;
    if (state === 0) continue;
    n += 1;
    seen |= 1 << state;
    if (state === 1) passed += 1;
    const score = scores[cell]!;
    if (Number.isNaN(score)) continue;
    sum += score;
    known += 1;
  }
  let marks = 0;
  if (seen & 4) marks |= MARKS.failed;
  if (seen & 8) marks |= MARKS.errors;
  if (seen & (seen - 1)) marks |= MARKS.flaky;
  return { n, passedShare: passed / n, score: known === 0 ? Number.NaN : sum / known, marks };
}

/** By how often it passes; if that is equal, by its score. */
function compareCells(own: AveragedCell, before: AveragedCell): number {
  const difference =
    Math.abs(own.passedShare - before.passedShare) > ROUNDING
      ? own.passedShare - before.passedShare
      : own.score - before.score;
  if (difference < -ROUNDING) return MARKS.regressed;
  return difference > ROUNDING ? MARKS.improved : 0;
}

function hasOtherText(matrix: HashedMatrix, first: number, other: { matrix: HashedMatrix; cell: number }): boolean {
  const repeats = Math.min(matrix.repeats, other.matrix.repeats);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const [a, b] = [first + repeat, other.cell + repeat];
    if (matrix.states[a] === 0 || other.matrix.states[b] === 0) continue;
    if (matrix.hashes[2 * a] !== other.matrix.hashes[2 * b]) return true;
    if (matrix.hashes[2 * a + 1] !== other.matrix.hashes[2 * b + 1]) return true;
  }
  return false;
}

/** The mean of the repeats that have a figure; NaN if none has. */
export function averageFigure(figures: Float32Array | Float64Array, first: number, repeats: number): number {
  if (repeats === 1) return figures[first]!;
  let [sum, known] = [0, 0];
  for (let cell = first; cell < first + repeats; cell += 1) {
    const figure = figures[cell]!;
    if (Number.isNaN(figure)) continue;
    sum += figure;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}
