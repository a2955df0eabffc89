import { isDeepStrictEqual } from 'node:util';
import { checkOutput } from '../../../prompts/schema/check-output.ts';

type AnswerJson = { value: unknown; note?: string | undefined } | { problem: string };

/** An answer as JSON, read as for the schema check of a run: all of it, or its first code fence. */
export async function readAnswerJson(output: string): Promise<AnswerJson> {
  const checked = await checkOutput({}, output);
  return checked.valid ? { value: checked.value, note: checked.note } : { problem: checked.problems.join(' ') };
}

/** Equal as JSON; text of a dataset also equals the value that it is written for, as a table has only text. */
export function isEqualJson(value: unknown, expected: unknown): boolean {
  if (isDeepStrictEqual(value, expected)) return true;
  if (typeof expected === 'string' && typeof value !== 'string') return isEqualJson(value, parsed(expected));
  return typeof value === 'string' && typeof expected !== 'string' && String(expected) === value;
}

/** What a text is written for; not a number, which equals nothing, if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Number.NaN;
  }
}
