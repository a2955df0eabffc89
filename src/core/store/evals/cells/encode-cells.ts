import { toJson } from '../../database/json.ts';
import type { CellScore, CellState, EvalCell, NewCell, StoredAnswer } from '../eval-record.ts';
import { type EncodedAnswers, encodeAnswers } from './answer-rows.ts';

/** The states of a cell as numbers, in matrix and chunks; 0 is no cell yet. */
const STATES = { passed: 1, failed: 2, error: 3 } as const;
/** Of a metric, where it is neither reported only nor undefined. */
const PASSED = 1;
const FAILED = 2;

/** The numbers of a cell: these, then the value of each metric, then for each metric whether it passed. */
const FIELDS = { case: 0, column: 1, repeat: 2, state: 3, cached: 4, score: 5 } as const;
const FIELD_COUNT = 6;

/**
 * Cells on their way to the store's thread: the numbers of all in one array, and texts as they are stored. To copy a
 * thousand cells as objects from thread to thread would take longer than to store them.
 */
export interface ScoredCells {
  metrics: number;
  figures: Float64Array<ArrayBuffer>;
  /** The scores of each cell with their reasons, JSON. */
  scores: string[];
}

export interface AnsweredCells extends ScoredCells {
  /** Those that are not stored yet. */
  answers: EncodedAnswers;
  /** For each cell the index of its answer, or else the negative number of a stored one. */
  answerOf: Float64Array<ArrayBuffer>;
}

/** The same answer in several cells is encoded once. */
export function encodeCells(cells: readonly NewCell[]): AnsweredCells {
  const indexes = new Map<StoredAnswer, number>();
  const answerOf = Float64Array.from(cells, ({ answer }) => {
    if (typeof answer === 'number') return -answer;
    const index = indexes.get(answer) ?? indexes.size;
    if (index === indexes.size) indexes.set(answer, index);
    return index;
  });
  return { ...encodeScoredCells(cells), answers: encodeAnswers([...indexes.keys()]), answerOf };
}

type ScoredCell = Pick<EvalCell, 'case' | 'column' | 'repeat' | 'state' | 'scores' | 'score'> & { cached?: boolean };

export function encodeScoredCells(cells: readonly ScoredCell[]): ScoredCells {
  const metrics = cells.reduce((most, { scores }) => Math.max(most, scores.length), 0);
  const width = FIELD_COUNT + 2 * metrics;
  const figures = new Float64Array(width * cells.length);
  cells.forEach((cell, number) => {
    const at = number * width;
    figures[at + FIELDS.case] = cell.case;
    figures[at + FIELDS.column] = cell.column;
    figures[at + FIELDS.repeat] = cell.repeat;
    figures[at + FIELDS.state] = STATES[cell.state];
    figures[at + FIELDS.cached] = cell.cached ? 1 : 0;
    figures[at + FIELDS.score] = cell.score ?? Number.NaN;
    for (let metric = 0; metric < metrics; metric += 1) {
      const score = cell.scores[metric];
      figures[at + FIELD_COUNT + metric] = score?.value ?? Number.NaN;
      figures[at + FIELD_COUNT + metrics + metric] = passedMark(score?.passed);
    }
  });
  return { metrics, figures, scores: cells.map(({ scores }) => encodeScores(scores)) };
}

function passedMark(passed: boolean | null | undefined): number {
  if (passed === null || passed === undefined) return 0;
  return passed ? PASSED : FAILED;
}

/** Reasons are left out where there are none. */
function encodeScores(scores: readonly CellScore[]): string {
  const rows = scores.map(({ value, passed, reason }) =>
    reason === undefined ? [value, passed] : [value, passed, reason],
  );
  return toJson(rows) ?? '[]';
}

/** One of the encoded cells. */
export interface CellFigures {
  case: number;
  column: number;
  repeat: number;
  state: number;
  cached: boolean;
  /** NaN is undefined. */
  score: number;
  scores: string;
  values: Float64Array;
  passed: Float64Array;
}

export function decodeCell({ metrics, figures, scores }: ScoredCells, number: number): CellFigures {
  const width = FIELD_COUNT + 2 * metrics;
  const at = number * width;
  const values = at + FIELD_COUNT;
  return {
    case: figures[at + FIELDS.case]!,
    column: figures[at + FIELDS.column]!,
    repeat: figures[at + FIELDS.repeat]!,
    state: figures[at + FIELDS.state]!,
    cached: figures[at + FIELDS.cached] === 1,
    score: figures[at + FIELDS.score]!,
    scores: scores[number] ?? '[]',
    values: figures.subarray(values, values + metrics),
    passed: figures.subarray(values + metrics, at + width),
  };
}

/** The state of a number; undefined for 0. */
export function stateOf(number: number): CellState | undefined {
  return ([undefined, 'passed', 'failed', 'error'] as const)[number];
}
