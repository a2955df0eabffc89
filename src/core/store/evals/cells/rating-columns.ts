import { fromJson, toJson } from '../../database/json.ts';
import type { AnswerRating } from '../eval-record.ts';
import { numberOf, type SqlValue, textOf } from '../eval-rows.ts';

export function decodeRating(row: Record<string, unknown>): AnswerRating {
  return {
    rating: textOf(row.rating) as AnswerRating['rating'],
    csat: numberOf(row.csat),
    completed: booleanOf(row.completed),
    escalated: booleanOf(row.escalated),
    comment: fromJson<string | undefined>(row.comment, undefined),
  };
}

/** The columns of `eval_cells` that these fields set: an undefined field empties its column, a missing one does not. */
export function encodeRating(given: Partial<AnswerRating>): Record<string, SqlValue> {
  const values: Record<string, SqlValue> = {};
  if ('rating' in given) values.rating = given.rating ?? null;
  if ('csat' in given) values.csat = given.csat ?? null;
  for (const name of ['completed', 'escalated'] as const) {
    if (name in given) values[name] = given[name] === undefined ? null : Number(given[name]);
  }
  if ('comment' in given) values.comment = toJson(given.comment) ?? null;
  return values;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'number' ? value === 1 : undefined;
}
