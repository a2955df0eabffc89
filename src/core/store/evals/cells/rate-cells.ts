import type { Database } from '../../database/sqlite.ts';
import type { AnswerRating, CellPlace, RatedAnswers, RatedMetric } from '../eval-record.ts';
import { type EvalLayout, layoutOf } from '../eval-rows.ts';
import { RATED_CELLS } from '../evals-tables.ts';
import { encodeRating } from './rating-columns.ts';
import { cellNumber } from './write-cells.ts';

/** Fields that are missing stay as they are. */
export function rateCell(
  db: Database,
  id: string,
  { place, rating }: { place: CellPlace; rating: Partial<AnswerRating> },
): void {
  const layout = layoutOf(db, id);
  const values = encodeRating(rating);
  const names = Object.keys(values);
  if (names.length === 0) return;
  db.prepare(
    `UPDATE eval_cells SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE evaluation = ? AND cell = ?`,
  ).run(...Object.values(values), layout.seq, cellNumber(layout, place));
}

export function readRated(db: Database, { seq, columns, repeats }: EvalLayout): RatedAnswers {
  const rows = db.prepare(`SELECT cell, rating, csat, completed, escalated FROM ${RATED_CELLS} ORDER BY cell`).all(seq);
  const isRated = (name: string) => rows.some((row) => row[name] !== null);
  const metrics: [RatedMetric, string][] = [
    ['thumbs', 'rating'],
    ['csat', 'csat'],
    ['completed', 'completed'],
    ['escalated', 'escalated'],
  ];
  return {
    places: [...new Set(rows.map(({ cell }) => Math.floor(Number(cell) / (columns * repeats))))],
    metrics: metrics.filter(([, name]) => isRated(name)).map(([metric]) => metric),
  };
}

/** The cases whose row has one of these columns, by their places. */
export function placesWith(db: Database, { seq }: EvalLayout, names: readonly string[]): number[] {
  const rows = db
    .prepare(
      `SELECT place FROM eval_cases WHERE evaluation = ?1 AND EXISTS (
        SELECT 1 FROM json_each(?2) AS name WHERE json_type(body, '$.others.' || name.value) IS NOT NULL
        OR json_type(body, '$.inputs.' || name.value) IS NOT NULL) ORDER BY place`,
    )
    .all(seq, JSON.stringify(names));
  return rows.map(({ place }) => Number(place));
}
