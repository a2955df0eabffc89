/** A text or a number, whichever comes first. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs;
/** Without such a place no number can be inexact; this skips most texts quickly. */
const SUSPECT = /\d{16}|\d[eE][+]?\d{3}/;

/** The first number that JSON.parse would change: an integer that a double cannot represent, or a number too large. */
export function findInexactNumber(json: string): { text: string; start: number } | undefined {
  if (!SUSPECT.test(json)) return undefined;
  for (const { 0: text, index: start } of json.matchAll(TOKEN)) {
    if (text[0] !== '"' && isInexact(text)) return { text, start };
  }
  return undefined;
}

/** True for digits that would not be the same after parsing and printing. */
export function isInexact(number: string): boolean {
  const value = Number(number);
  if (Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) return true;
  const digits = /^[-+]?0*(\d+)$/.exec(number.trim())?.[1];
  return digits !== undefined && String(Math.abs(value)) !== digits;
}

/** Describes such a number; the predicate of a sentence that begins with the number. */
export const INEXACT = 'cannot be represented exactly as a number and would be changed: write it as text in quotes';
