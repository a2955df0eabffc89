import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBoundedRegExp } from '../../../base/bounded-regexp.ts';
import { UserError } from '../../../base/errors.ts';
import type { RoomContext } from '../../room.ts';
import { decodeCase } from '../case-rows.ts';
import { decodeText } from '../cells/exact-text.ts';
import type { StoredCase } from '../eval-record.ts';
import type { ComparedResult } from './compared-result.ts';

/** Read and searched in one turn of this thread, so that other requests wait for a moment only. */
const CASES_A_TURN = 500;
/** A pattern that takes longer on the texts of one turn, usually some milliseconds, would never end in a useful time. */
const LONGEST_TURN_MS = 500;
const LONGEST_MS = 10_000;

interface TextSearch {
  /** Only these cases are searched. */
  places: Int32Array;
  text: string;
  isRegex: boolean;
  /** Only the answers of this column are searched. */
  column: number | undefined;
}

/** The cases with the text in their inputs, expected values or answers. */
export async function searchCases(
  { signal, report }: RoomContext,
  result: ComparedResult,
  { places, text, isRegex, column }: TextSearch,
): Promise<Int32Array> {
  const testEach = compile(text, isRegex);
  const until = performance.now() + LONGEST_MS;
  const found: number[] = [];
  for (let from = 0; from < places.length; from += CASES_A_TURN) {
    const some = places.subarray(from, from + CASES_A_TURN);
    const { texts, owners } = readTexts(result, some, column);
    const matches = testEach(texts);
    if (matches === undefined || (isRegex && performance.now() > until)) throw tooSlow(text);
    const matching = new Set(owners.filter((_, index) => matches[index]));
    for (const place of some) if (matching.has(place)) found.push(place);
    report({ done: from + some.length, total: places.length });
    await nextTurn();
    if (signal.aborted) break;
  }
  return Int32Array.from(found);
}

/** Which of some texts match, whatever the case of their letters; undefined if that takes too long. */
type TestEach = (texts: readonly string[]) => boolean[] | undefined;

function compile(text: string, isRegex: boolean): TestEach {
  if (!isRegex) {
    // a plain text cannot take long
    const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu');
    return (texts) => texts.map((searched) => pattern.test(searched));
  }
  try {
    const pattern = createBoundedRegExp(text, 'iu');
    return (texts) => pattern.testEach(texts, LONGEST_TURN_MS);
  } catch (error) {
    throw new UserError(
      `This is not a valid regular expression: ${error instanceof Error ? error.message : String(error)}.`,
      { code: 'usage', hint: 'Correct it, or search for plain text.' },
    );
  }
}

function tooSlow(text: string): UserError {
  return new UserError(`The search for /${text.slice(0, 100)}/ took too long and was stopped.`, {
    code: 'usage',
    hint: 'Rewrite the pattern without nested repetition such as `(a+)+`, or filter the cases by state first.',
  });
}

/** All texts of these cases, each with the place of its case. */
function readTexts(
  { db, layout, matrix }: ComparedResult,
  places: Int32Array,
  column: number | undefined,
): { texts: string[]; owners: number[] } {
  const texts: string[] = [];
  const owners: number[] = [];
  const perCase = matrix.columns * matrix.repeats;
  const list = JSON.stringify([...places]);
  const cases = db
    .prepare(
      'SELECT place, id, content_hash, body FROM eval_cases WHERE evaluation = ? AND place IN (SELECT value FROM json_each(?))',
    )
    .all(layout.seq, list);
  for (const row of cases) {
    texts.push(textsOf(decodeCase(row)));
    owners.push(Number(row.place));
  }
  const answers = db
    // CROSS JOIN keeps this order, see `readCells`
    .prepare(
      `SELECT cell, output FROM json_each(?2) AS places
      CROSS JOIN eval_cells ON evaluation = ?1 AND cell >= places.value * ?3 AND cell < (places.value + 1) * ?3
      CROSS JOIN eval_answers ON eval_answers.id = answer`,
    )
    .all(layout.seq, list, perCase);
  for (const { cell, output } of answers) {
    if (column !== undefined && Math.floor(Number(cell) / matrix.repeats) % matrix.columns !== column) continue;
    texts.push(decodeText(output));
    owners.push(Math.floor(Number(cell) / perCase));
  }
  return { texts, owners };
}

function textsOf({ inputs, expected, messages = [] }: StoredCase): string {
  const values = [...Object.values(inputs), ...expected];
  for (const { parts } of messages) for (const part of parts) if (part.type === 'text') values.push(part.text);
  return values.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))).join('\n');
}
