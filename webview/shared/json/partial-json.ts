/** The result of parsing the start of an answer, before it is complete. */
type PartialJson = { kind: 'value'; value: unknown } | { kind: 'undecided' } | { kind: 'other' };

/** A tree shows a few hundred rows. Text after this length is only read at the end. */
const MAX_READ = 64_000;
const FENCE = /^\s*(?:```|~~~)\w*[ \t]*\r?\n/;
/** An incomplete fence, or whitespace before one. */
const BEGUN_FENCE = /^\s*(?:`{0,3}|~{0,3}|(?:```|~~~)\w*[ \t]*)\r?$/;

/** The value so far, bare or in a code block. `other`: the text cannot become JSON. */
export function readPartialJson(text: string): PartialJson {
  const read = text.slice(0, MAX_READ);
  if (BEGUN_FENCE.test(read)) return { kind: 'undecided' };
  const fence = FENCE.exec(read)?.[0];
  const body = fence === undefined ? read : read.slice(fence.length).replace(/\n?(?:`{1,3}|~{1,3})\s*$/, '');
  const closed = closeJson(body);
  if (closed === undefined) return { kind: 'other' };
  if (closed === '') return { kind: 'undecided' };
  try {
    return { kind: 'value', value: JSON.parse(closed) };
  } catch {
    return { kind: 'other' };
  }
}

const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const BEGUN_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BEGUN_NUMBER = /^(?:-|-?\d+\.|-?\d+(?:\.\d+)?[eE][+-]?)$/;
const LITERALS = ['true', 'false', 'null'];

type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next';

/**
 * The longest prefix that can be completed, completed: `{"a": [1, 2` becomes `{"a": [1, 2]}`. Empty if nothing can be
 * read yet, undefined if the text is not JSON. Not recursive, because an answer may be nested without limit.
 */
function closeJson(text: string): string | undefined {
  const open: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  /** The text up to here is JSON if open brackets are closed: nothing was opened or closed since. */
  let end = 0;
  const close = (until: number, tail = '') => text.slice(0, until) + tail + [...open].reverse().join('');
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const isValue = () => expected === 'value' || expected === 'first value';

  for (;;) {
    at += match(BLANKS).length;
    if (at >= text.length) return close(end);
    const char = text[at] ?? '';
    if (open.length === 0 && expected === 'next') return undefined;
    if ((char === '{' || char === '[') && isValue()) {
      open.push(char === '{' ? '}' : ']');
      expected = char === '{' ? 'first key' : 'first value';
      end = ++at;
    } else if (char === open.at(-1) && (expected === 'next' || expected.startsWith('first'))) {
      open.pop();
      expected = 'next';
      end = ++at;
    } else if (char === ',' && expected === 'next') {
      expected = open.at(-1) === '}' ? 'key' : 'value';
      at++;
    } else if (char === ':' && expected === 'colon') {
      expected = 'value';
      at++;
    } else if (char === '"' && (isValue() || expected === 'key' || expected === 'first key')) {
      const isKey = !isValue();
      const stop = at + match(STRING).length;
      if (text[stop] === '"') {
        at = stop + 1;
        expected = isKey ? 'colon' : 'next';
        if (!isKey) end = at;
      } else {
        if (stop < text.length && !BEGUN_ESCAPE.test(text.slice(stop))) return undefined;
        return isKey ? close(end) : close(stop, '"');
      }
    } else if (isValue()) {
      const word = LITERALS.find((literal) => text.startsWith(literal, at)) ?? match(NUMBER);
      if (isBegun(text.slice(at, at + 40), word)) return close(end);
      if (word === '') return undefined;
      at += word.length;
      end = at;
      expected = 'next';
    } else return undefined;
  }
}

/** An incomplete number or literal at the end of the text: `-`, `1.`, `tru`. */
function isBegun(rest: string, word: string): boolean {
  if (word === rest) return false;
  return BEGUN_NUMBER.test(rest) || LITERALS.some((literal) => literal.startsWith(rest));
}
