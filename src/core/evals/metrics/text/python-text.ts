/**
 * Texts as Python sees them, whose packages define the metrics: a character is a code point, and white space is what
 * `str.isspace` accepts, which is not what `\s` matches in JavaScript.
 */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SPACES = new RegExp(`${SPACE.source}+`);
const SPACES_AT_END = new RegExp(`${SPACE.source}+$`);
const SPACES_AT_START = new RegExp(`^${SPACE.source}+`);

/** `str.split()` */
export function splitWords(text: string): string[] {
  const words = text.split(SPACES);
  if (words.at(-1) === '') words.pop();
  if (words[0] === '') words.shift();
  return words;
}

/** `str.rstrip()` */
export function trimEnd(text: string): string {
  return isSpace(text.charCodeAt(text.length - 1)) ? text.replace(SPACES_AT_END, '') : text;
}

/** `str.strip()` */
export function trim(text: string): string {
  return trimEnd(text).replace(SPACES_AT_START, '');
}

export function isSpace(code: number): boolean {
  if (code <= 32) return (code >= 9 && code <= 13) || code >= 28;
  return code >= 0x85 && code <= 0x3000 && SPACE.test(String.fromCharCode(code));
}

/** The code points of the text that is read; a list that grows would be copied several times. */
const scratch: number[] = [];
const LONGEST_SCRATCH = 10_000;

/** The code points of a text; a half of a pair that has no other half is one. */
export function codePoints(text: string, withSpaces: boolean): number[] {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) {
      code = text.codePointAt(at) ?? code;
      if (code > 0xffff) at += 1;
    }
    if (!withSpaces && isSpace(code)) continue;
    scratch[count] = code;
    count += 1;
  }
  const points = scratch.slice(0, count);
  if (scratch.length > LONGEST_SCRATCH) scratch.length = 0;
  return points;
}
