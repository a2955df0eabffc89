/** Part of a text; the end is exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/** A text with its escapes decoded, and the original position of each character. */
interface Decoded {
  text: string;
  /** The original position of a character of the decoded text. */
  origin(index: number): number;
}

/** A key in a URL in a JSON text in a JSON text: nothing repeats a key by accident at a deeper level. */
const MOST_LEVELS = 4;
/** How URLs, JSON, HTML and programming languages escape an ASCII character. */
const ESCAPE =
  /%[0-9a-f]{2}|\\(?:u(?:\{0*[0-9a-f]{2}\}|(?:0000)?00[0-9a-f]{2})|x[0-9a-f]{2}|["'/\\])|&(?:#0*\d{2,3}(?!\d);?|#x0*[0-9a-f]{2}(?![0-9a-f]);?|[a-z]{2,8};)/gi;
/** The end of a text that could become an escape with more characters. */
const BROKEN_ESCAPE =
  /(?:%[0-9a-f]?|\\(?:u(?:\{[0-9a-f]{0,8}|0{0,6}[0-9a-f]?)?|x[0-9a-f]?)?|&(?:#(?:x[0-9a-f]{0,8}|\d{0,8})|[a-z]{0,8})?)$/i;
/** HTML's names for the characters of a key other than letters and digits. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", plus: '+', sol: '/', bsol: '\\', equals: '=', lowbar: '_' },
  ...{ underbar: '_', period: '.', colon: ':', semi: ';', comma: ',', num: '#', excl: '!', quest: '?', dollar: '$' },
  ...{ percnt: '%', commat: '@', ast: '*', midast: '*', hat: '^', grave: '`', verbar: '|', vert: '|', lpar: '(' },
  ...{ rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']', lcub: '{', lbrace: '{', rcub: '}', rbrace: '}' },
};

/**
 * Where a text contains one of the needles: literally, or with any of its characters percent-encoded (in either case,
 * once or several times) or escaped as in JSON, HTML or a program. Overlapping ranges are merged.
 */
export function findSecrets(text: string, needles: readonly string[]): TextRange[] {
  const found: TextRange[] = [];
  for (const { text: read, origin } of readings(text)) {
    for (const needle of needles) {
      for (let at = read.indexOf(needle); at >= 0; at = read.indexOf(needle, at + needle.length)) {
        found.push({ start: origin(at), end: origin(at + needle.length) });
      }
    }
  }
  return merge(found);
}

/** Where the end of a text may be the beginning of a needle, in any of these forms; its length if nowhere. */
export function findOpenEnd(text: string, needles: readonly string[]): number {
  let start = text.length;
  for (const { text: read, origin } of readings(text, true)) {
    const whole = read.slice(0, BROKEN_ESCAPE.exec(read)?.index ?? read.length);
    for (const needle of needles) start = Math.min(start, origin(beginningOf(needle, whole)));
  }
  return start;
}

/** The text with its escapes decoded once, twice and so on. */
export function decodings(text: string): string[] {
  return [...readings(text)].slice(1).map((reading) => reading.text);
}

/** The first position from which the text is a beginning of the needle. */
function beginningOf(needle: string, text: string): number {
  const first = needle.charAt(0);
  let at = text.indexOf(first, Math.max(0, text.length - needle.length + 1));
  while (at >= 0 && !needle.startsWith(text.slice(at))) at = text.indexOf(first, at + 1);
  return at < 0 ? text.length : at;
}

/**
 * The text as it is, and decoded once, twice and so on, as long as that changes it. If more may follow, an incomplete
 * escape at the end (`&#10` of `&#103;`) is left as it is.
 */
function* readings(text: string, goesOn = false): Generator<Decoded> {
  let reading: Decoded = { text, origin: (index) => index };
  yield reading;
  for (let level = 1; level <= MOST_LEVELS; level++) {
    const next = decode(reading.text, goesOn);
    if (next === undefined) return;
    const { origin } = reading;
    reading = { text: next.text, origin: (index) => origin(next.origin(index)) };
    yield reading;
  }
}

function decode(text: string, goesOn: boolean): Decoded | undefined {
  if (!/[%\\&]/.test(text)) return undefined;
  const openFrom = (goesOn ? BROKEN_ESCAPE.exec(text)?.index : undefined) ?? text.length;
  /** Index of each decoded character, and how much shorter the text has become there. */
  const places: number[] = [];
  const removed: number[] = [];
  let shorter = 0;
  const decoded = text.replace(ESCAPE, (written: string, offset: number) => {
    const plain = offset < openFrom ? meaningOf(written) : undefined;
    if (plain === undefined) return written;
    places.push(offset - shorter);
    shorter += written.length - 1;
    removed.push(shorter);
    return plain;
  });
  if (places.length === 0) return undefined;
  return { text: decoded, origin: (index) => index + (removed[lastBelow(places, index)] ?? 0) };
}

/** The character of an escape; undefined if it is not one. */
function meaningOf(written: string): string | undefined {
  const [first, second = ''] = written;
  if (first === '%') return fromHex(written.slice(1));
  if (first === '\\') return written.length === 2 ? second : fromHex(written.replace('}', '').slice(-2));
  const body = written.endsWith(';') ? written.slice(1, -1) : written.slice(1);
  if (second !== '#') return Object.hasOwn(NAMED, body.toLowerCase()) ? NAMED[body.toLowerCase()] : undefined;
  if (/^#x/i.test(body)) return fromHex(body.slice(2));
  return Number(body.slice(1)) < 256 ? String.fromCharCode(Number(body.slice(1))) : undefined;
}

function fromHex(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** Index of the last number below a limit in a sorted list; -1 if there is none. */
function lastBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function merge(ranges: TextRange[]): TextRange[] {
  const merged: TextRange[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}
