import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBoundedRegExp } from '../../../base/bounded-regexp.ts';
import { UserError } from '../../../base/errors.ts';
import type { RoomContext } from '../../room.ts';
import type { ComparedResult } from './compared-result.ts';
import { type CaseTexts, readTexts } from './read-texts.ts';

/** Read and searched in one turn of this thread, so that other requests wait for a moment only. */
const CASES_A_TURN = 500;
const BYTES_A_TURN = 4_000_000;
/** A pattern that takes longer on the texts of one turn, usually some milliseconds, would never end in a useful time. */
const LONGEST_TURN_MS = 200;
const LONGEST_MS = 5000;

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
  const step = casesATurn(result);
  for (let from = 0; from < places.length; from += step) {
    const some = places.subarray(from, from + step);
    const matching = matchingPlaces(readTexts(result, some, column), testEach);
    if (matching === undefined || (isRegex && performance.now() > until)) throw tooSlow(text);
    for (const place of some) if (matching.has(place)) found.push(place);
    report({ done: from + some.length, total: places.length });
    await nextTurn();
    if (signal.aborted) break;
  }
  return Int32Array.from(found);
}

/** Fewer where the answers are long. */
function casesATurn({ record, matrix }: ComparedResult): number {
  const bytesPerCase = record.bytes / Math.max(1, matrix.cases);
  return Math.max(1, Math.min(CASES_A_TURN, Math.floor(BYTES_A_TURN / Math.max(1, bytesPerCase))));
}

function matchingPlaces({ texts, places }: CaseTexts, testEach: TestEach): Set<number> | undefined {
  const matches = testEach(texts);
  return matches && new Set(places.filter((_, index) => matches[index]));
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
