import { isRecord } from '../../../../shared/is-record.ts';
import { decodeText, SEPARATOR } from '../cells/exact-text.ts';
import type { StoredCase } from '../eval-record.ts';
import type { ComparedResult } from './compared-result.ts';

/** Texts of cases, each with the place of its case. */
export interface CaseTexts {
  texts: string[];
  places: number[];
}

/**
 * All texts of a few cases. Each kind comes as one text from SQLite: reading every one as a row would take three times as
 * long.
 */
export function readTexts(result: ComparedResult, places: Int32Array, column: number | undefined): CaseTexts {
  const found: CaseTexts = { texts: [], places: [] };
  addCases(found, result, places);
  addAnswers(found, result, { places, column });
  return found;
}

type Body = Pick<StoredCase, 'inputs' | 'expected' | 'messages'>;

function addCases(found: CaseTexts, { db, layout }: ComparedResult, places: Int32Array): void {
  const { where, values } = between('place', places, 1);
  const row = db
    .prepare(
      `SELECT group_concat(place) AS places, group_concat(body) AS bodies FROM eval_cases
      WHERE evaluation = ?1 AND ${where}`,
    )
    .get(layout.seq, ...values);
  if (typeof row?.places !== 'string') return;
  const bodies = JSON.parse(`[${String(row.bodies)}]`) as Body[];
  row.places.split(',').forEach((place, index) => {
    found.places.push(Number(place));
    found.texts.push(textOf(bodies[index]));
  });
}

function textOf({ inputs, expected, messages = [] }: Partial<Body> = {}): string {
  let text = '';
  for (const name in inputs) text += `${textOfValue(inputs[name])}\n`;
  for (const value of expected ?? []) text += `${textOfValue(value)}\n`;
  for (const { parts } of messages) for (const part of parts) if (part.type === 'text') text += `${part.text}\n`;
  return text;
}

function textOfValue(value: unknown): string {
  return typeof value === 'string'
    ? value
    : isRecord(value) || Array.isArray(value)
      ? JSON.stringify(value)
      : String(value);
}

function addAnswers(
  found: CaseTexts,
  { db, layout, matrix }: ComparedResult,
  { places, column }: { places: Int32Array; column: number | undefined },
): void {
  const perCase = matrix.columns * matrix.repeats;
  const { where, values } = between('cell', places, perCase);
  const source = `eval_cells CROSS JOIN eval_answers ON eval_answers.id = answer WHERE evaluation = ?1 AND ${where}`;
  const add = (cell: number, text: string) => {
    if (column !== undefined && Math.floor(cell / matrix.repeats) % matrix.columns !== column) return;
    found.places.push(Math.floor(cell / perCase));
    found.texts.push(text);
  };
  const isText = `FILTER (WHERE typeof(output) = 'text')`;
  const row = db
    .prepare(
      `SELECT group_concat(cell) ${isText} AS cells, group_concat(output, '${SEPARATOR}') ${isText} AS outputs,
      count(*) FILTER (WHERE typeof(output) <> 'text') AS others FROM ${source}`,
    )
    .get(layout.seq, ...values);
  if (typeof row?.cells === 'string') {
    const outputs = String(row.outputs).split(SEPARATOR);
    row.cells.split(',').forEach((cell, index) => {
      add(Number(cell), outputs[index] ?? '');
    });
  }
  if (Number(row?.others) === 0) return;
  const others = db.prepare(`SELECT cell, output FROM ${source} AND typeof(output) <> 'text'`);
  for (const { cell, output } of others.iterate(layout.seq, ...values)) add(Number(cell), decodeText(output));
}

/** The condition that a column is a number of these places, each of which has a range of numbers in it. */
function between(column: string, places: Int32Array, range: number): { where: string; values: (number | string)[] } {
  const first = places.at(0) ?? 0;
  const last = places.at(-1) ?? -1;
  if (last - first + 1 === places.length) {
    return { where: `${column} BETWEEN ?2 AND ?3`, values: [first * range, (last + 1) * range - 1] };
  }
  const numbers = Array.from(places, (place) => Array.from({ length: range }, (_, index) => place * range + index));
  return { where: `${column} IN (SELECT value FROM json_each(?2))`, values: [JSON.stringify(numbers.flat())] };
}
