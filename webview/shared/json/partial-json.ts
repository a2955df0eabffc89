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
  const closed = new JsonCloser(body).close();
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

/** Not recursive, because an answer may be nested without limit. */
class JsonCloser {
  private readonly text: string;
  private readonly open: ('}' | ']')[] = [];
  private expected: Expected = 'value';
  private at = 0;
  /** The text up to here is JSON if open brackets are closed: nothing was opened or closed since. */
  private end = 0;

  constructor(text: string) {
    this.text = text;
  }

  /**
   * The longest prefix that can be completed, completed: `{"a": [1, 2` becomes `{"a": [1, 2]}`. Empty if nothing can be
   * read yet, undefined if the text is not JSON.
   */
  close(): string | undefined {
    for (;;) {
      this.at += this.match(BLANKS).length;
      if (this.at >= this.text.length) return this.closedAt(this.end);
      const char = this.text[this.at] ?? '';
      if (this.open.length === 0 && this.expected === 'next') return undefined;
      if (this.takeSign(char)) continue;
      const isString = char === '"' && (this.isValue() || this.expected === 'key' || this.expected === 'first key');
      if (!isString && !this.isValue()) return undefined;
      const taken = isString ? this.takeString() : this.takeWord();
      if (taken !== true) return taken;
    }
  }

  /** Takes a bracket, comma or colon where one may be. */
  private takeSign(char: string): boolean {
    if ((char === '{' || char === '[') && this.isValue()) {
      this.open.push(char === '{' ? '}' : ']');
      this.expected = char === '{' ? 'first key' : 'first value';
      this.end = ++this.at;
    } else if (char === this.open.at(-1) && (this.expected === 'next' || this.expected.startsWith('first'))) {
      this.open.pop();
      this.expected = 'next';
      this.end = ++this.at;
    } else if (char === ',' && this.expected === 'next') {
      this.expected = this.open.at(-1) === '}' ? 'key' : 'value';
      this.at++;
    } else if (char === ':' && this.expected === 'colon') {
      this.expected = 'value';
      this.at++;
    } else return false;
    return true;
  }

  /** True if the string is complete; or else the result of the whole text. */
  private takeString(): true | string | undefined {
    const { text } = this;
    const isKey = !this.isValue();
    const stop = this.at + this.match(STRING).length;
    if (text[stop] !== '"') {
      if (stop < text.length && !BEGUN_ESCAPE.test(text.slice(stop))) return undefined;
      return isKey ? this.closedAt(this.end) : this.closedAt(stop, '"');
    }
    this.at = stop + 1;
    this.expected = isKey ? 'colon' : 'next';
    if (!isKey) this.end = this.at;
    return true;
  }

  /** True if the number or literal is complete; or else the result of the whole text. */
  private takeWord(): true | string | undefined {
    const { text, at } = this;
    const word = LITERALS.find((literal) => text.startsWith(literal, at)) ?? this.match(NUMBER);
    if (isBegun(text.slice(at, at + 40), word)) return this.closedAt(this.end);
    if (word === '') return undefined;
    this.at += word.length;
    this.end = this.at;
    this.expected = 'next';
    return true;
  }

  private isValue(): boolean {
    return this.expected === 'value' || this.expected === 'first value';
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  private closedAt(until: number, tail = ''): string {
    return this.text.slice(0, until) + tail + [...this.open].reverse().join('');
  }
}

/** An incomplete number or literal at the end of the text: `-`, `1.`, `tru`. */
function isBegun(rest: string, word: string): boolean {
  if (word === rest) return false;
  return BEGUN_NUMBER.test(rest) || LITERALS.some((literal) => literal.startsWith(rest));
}
