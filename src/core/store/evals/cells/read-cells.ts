import { fromJson } from '../../database/json.ts';
import type { Database } from '../../database/sqlite.ts';
import { CASE_COLUMNS, decodeCase } from '../case-rows.ts';
import type { CellScore, CellState, CellWithAnswer, StoredAnswer, StoredCase } from '../eval-record.ts';
import { type EvalLayout, numberOf } from '../eval-rows.ts';
import { ANSWER_COLUMNS, decodeAnswer } from './answer-rows.ts';
import { decodeRating } from './rating-columns.ts';
import { createMetricSets } from './read-matrix.ts';

/** Of `eval_cells` joined with `eval_answers`. */
export const CELL_COLUMNS = `cell, answer, metric_set, state, cached, score, rating, csat, completed,
  escalated, scores, comment, ${ANSWER_COLUMNS}`;

/** In the order of the places; undefined for a case that is not stored. */
export function readCases(db: Database, { seq }: EvalLayout, places: readonly number[]): (StoredCase | undefined)[] {
  const rows = db
    .prepare(
      `SELECT ${CASE_COLUMNS} FROM eval_cases WHERE evaluation = ? AND place IN (SELECT value FROM json_each(?))`,
    )
    .all(seq, JSON.stringify(places));
  const cases = new Map(rows.map((row) => [Number(row.place), decodeCase(row)]));
  return places.map((place) => cases.get(place));
}

/** The number of the newest answer to a request. */
export function findAnswer(db: Database, cacheKey: string): number | undefined {
  const row = db
    .prepare('SELECT max(id) AS id FROM eval_answers WHERE substr(cache_key, -8) = substr(?1, -8) AND cache_key = ?1')
    .get(cacheKey);
  return (row?.id as number | null) ?? undefined;
}

/** In this order; undefined for one that was deleted. */
export function readAnswers(db: Database, ids: readonly number[]): (StoredAnswer | undefined)[] {
  const read = db.prepare(`SELECT ${ANSWER_COLUMNS} FROM eval_answers WHERE id = ?`);
  return ids.map((id) => {
    const row = read.get(id);
    return row && decodeAnswer(row);
  });
}

/** The finished cells of these cases, in the order of the places, then by column and repeat. */
export function readCells(db: Database, layout: EvalLayout, places: readonly number[]): CellWithAnswer[] {
  const perCase = layout.columns * layout.repeats;
  // CROSS JOIN keeps this order: SQLite would otherwise look through the list of places for each cell of the result
  const rows = db
    .prepare(
      `SELECT ${CELL_COLUMNS} FROM json_each(?2) AS places
      CROSS JOIN eval_cells ON evaluation = ?1 AND cell >= places.value * ?3 AND cell < (places.value + 1) * ?3
      CROSS JOIN eval_answers ON eval_answers.id = answer ORDER BY places.key, cell`,
    )
    .all(layout.seq, JSON.stringify(places), perCase);
  const decode = createCellDecoder(db, layout);
  return rows.map(decode);
}

export function createCellDecoder(db: Database, layout: EvalLayout): (row: Record<string, unknown>) => CellWithAnswer {
  const metricSets = createMetricSets(db, layout);
  const scoresOf = (row: Record<string, unknown>): CellScore[] => {
    const stored = decodeScores(row.scores);
    if (row.metric_set === layout.metricSet) return stored;
    const { from, isFromRatings } = metricSets(Number(row.metric_set));
    return from.map((metric, current) => stored[metric] ?? (isFromRatings[current] ? NOT_RATED : NOT_SCORED));
  };
  return (row) => {
    const number = Number(row.cell);
    return {
      case: Math.floor(number / (layout.columns * layout.repeats)),
      column: Math.floor(number / layout.repeats) % layout.columns,
      repeat: (number % layout.repeats) + 1,
      state: row.state as CellState,
      cached: row.cached === 1,
      scores: scoresOf(row),
      score: numberOf(row.score),
      ...decodeRating(row),
      answerId: Number(row.answer),
      answer: decodeAnswer(row),
    };
  };
}

const NOT_RATED: CellScore = { value: null, passed: null, reason: 'Not rated.' };
const NOT_SCORED: CellScore = { value: null, passed: null, reason: 'Not scored with this metric yet.' };

type ScoreRow = [value: number | null, passed: boolean | null, reason?: string];

function decodeScores(text: unknown): CellScore[] {
  return fromJson<ScoreRow[]>(text, []).map(([value, passed, reason]) =>
    reason === undefined ? { value, passed } : { value, passed, reason },
  );
}
