import type { HashedMatrix } from '../cells/cell-chunk.ts';
import type { CaseSort } from '../eval-record.ts';
import { readIdentities } from '../read-identities.ts';
import { averageFigure, firstCell } from './case-figures.ts';
import { type ComparedResult, metricNumber } from './compared-result.ts';

/** Cases without the figure come last in both directions, equal ones in the order of the dataset. */
export function sortCases(result: ComparedResult, places: Int32Array, sort: CaseSort): Int32Array {
  if (sort.by === 'number') return sort.descending ? places.toReversed() : places.slice();
  if (sort.by === 'id') return sortByKey(places, rankIds(result), sort.descending);
  return sortByKey(places, worstOfColumns(result, sort), sort.descending);
}

/** Keys are by place; NaN is unknown. */
function sortByKey(places: Int32Array, keys: Float64Array, descending: boolean): Int32Array {
  const known = places.filter((place) => !Number.isNaN(keys[place]!));
  const unknown = places.filter((place) => Number.isNaN(keys[place]!));
  const sign = descending ? -1 : 1;
  known.sort((a, b) => sign * (keys[a]! - keys[b]!) || a - b);
  const sorted = new Int32Array(places.length);
  sorted.set(known);
  sorted.set(unknown, known.length);
  return sorted;
}

/** The rank of each id: numbers in ids are compared as numbers, as a person would sort them. */
function rankIds({ db, layout }: ComparedResult): Float64Array {
  const { ids } = readIdentities(db, layout);
  const keys = ids.map((id) => {
    const [, start = '', digits] = /^(.*?)(\d{1,15})?$/s.exec(id) ?? [];
    return { start, number: digits === undefined ? -1 : Number(digits) };
  });
  const order = Int32Array.from(ids.keys()).sort((a, b) => {
    const [one, other] = [keys[a]!, keys[b]!];
    if (one.start !== other.start) return one.start < other.start ? -1 : 1;
    return one.number - other.number;
  });
  const ranks = new Float64Array(layout.cases).fill(Number.NaN);
  for (const [rank, place] of order.entries()) ranks[place] = rank;
  return ranks;
}

/** The figure of each case in the column that is sorted by, or in the column where it is worst. */
function worstOfColumns(result: ComparedResult, sort: CaseSort): Float64Array {
  const { matrix, columns } = result;
  const decisive = columns.filter(({ column }) => sort.column === undefined || column === sort.column);
  const { figure, isLowerWorse } = figureOf(result, sort);
  const keys = new Float64Array(matrix.cases).fill(Number.NaN);
  for (const column of decisive) {
    for (let place = 0; place < matrix.cases; place += 1) {
      const value = figure(column, place);
      if (Number.isNaN(value)) continue;
      const worst = keys[place]!;
      if (Number.isNaN(worst) || (isLowerWorse ? value < worst : value > worst)) keys[place] = value;
    }
  }
  return keys;
}

type Column = ComparedResult['columns'][number];

interface Figure {
  figure(column: Column, place: number): number;
  isLowerWorse: boolean;
}

function figureOf({ record, matrix }: ComparedResult, { by, metric: name }: CaseSort): Figure {
  const of =
    (figures: Float32Array | Float64Array): Figure['figure'] =>
    ({ column }, place) =>
      averageFigure(figures, firstCell(matrix, place, column), matrix.repeats);
  if (by === 'cost') return { figure: of(matrix.costUsd), isLowerWorse: false };
  if (by === 'latency') return { figure: of(matrix.latencyMs), isLowerWorse: false };
  if (by === 'state') return { figure: ({ column }, place) => worstState(matrix, place, column), isLowerWorse: true };
  if (name === undefined) {
    return by === 'change'
      ? { figure: ({ changes }, place) => changes[place]!, isLowerWorse: true }
      : { figure: of(matrix.scores), isLowerWorse: true };
  }
  const number = metricNumber(record, name);
  const isHigherBetter = record.metrics[number]?.direction !== 'lower';
  if (by !== 'change') return { figure: of(matrix.values[number]!), isLowerWorse: isHigherBetter };
  return { figure: metricChange(matrix, number, isHigherBetter ? 1 : -1), isLowerWorse: true };
}

/** Positive is better, whatever the metric's direction. */
function metricChange(matrix: HashedMatrix, metric: number, sign: number): Figure['figure'] {
  return ({ column, baseline }, place) => {
    const inBaseline = baseline === undefined ? -1 : (baseline.places?.[place] ?? place);
    const before = baseline?.matrix.values[metric];
    if (baseline === undefined || before === undefined || inBaseline < 0) return Number.NaN;
    const own = averageFigure(matrix.values[metric]!, firstCell(matrix, place, column), matrix.repeats);
    const first = firstCell(baseline.matrix, inBaseline, baseline.column);
    return sign * (own - averageFigure(before, first, baseline.matrix.repeats));
  };
}

/** Errors before failures before passed ones. */
function worstState({ states, repeats, columns }: HashedMatrix, place: number, column: number): number {
  const first = (place * columns + column) * repeats;
  let worst = 0;
  for (let cell = first; cell < first + repeats; cell += 1) worst = Math.max(worst, states[cell]!);
  return worst === 0 ? Number.NaN : 3 - worst;
}
