/** A string of a program: its text, and where code stands in it (an f-string, a template literal). */
export interface SourceString {
  /** Text and code in turn: the even ones are text. */
  parts: string[];
  /** Where reading goes on. */
  end: number;
  /** Python's three quotes and JavaScript's backticks: a text of several lines. */
  long: boolean;
}

const PYTHON = /([rRbBfFuUtT]{0,2})("""|'''|"|')/y;

/** The string literal at an offset, in Python or JavaScript; undefined where none begins there. */
export function readString(source: string, at: number, python: boolean): SourceString | undefined {
  if (!python) {
    const quote = source[at];
    if (quote === '`') return readBody(source, at + 1, { quote, fields: '${', raw: false });
    return quote === '"' || quote === "'"
      ? readBody(source, at + 1, { quote, fields: undefined, raw: false })
      : undefined;
  }
  PYTHON.lastIndex = at;
  const match = PYTHON.exec(source);
  if (!match) return undefined;
  const prefix = (match[1] ?? '').toLowerCase();
  return readBody(source, PYTHON.lastIndex, {
    quote: match[2] ?? '"',
    fields: /[ft]/.test(prefix) ? '{' : undefined,
    raw: prefix.includes('r'),
  });
}

interface Manner {
  quote: string;
  /** What opens code inside of the string. */
  fields: '{' | '${' | undefined;
  raw: boolean;
}

function readBody(source: string, from: number, { quote, fields, raw }: Manner): SourceString | undefined {
  const parts: string[] = [''];
  const add = (text: string) => {
    parts[parts.length - 1] += text;
  };
  for (let at = from; at < source.length; ) {
    if (source.startsWith(quote, at))
      return { parts, end: at + quote.length, long: quote.length === 3 || quote === '`' };
    const character = source[at] ?? '';
    if (character === '\n' && quote.length === 1 && quote !== '`') return undefined;
    if (character === '\\') {
      const read = readEscape(source, at, raw);
      add(read.text);
      at = read.end;
    } else if (fields === '{' && (source.startsWith('{{', at) || source.startsWith('}}', at))) {
      add(character);
      at += 2;
    } else if (fields !== undefined && source.startsWith(fields, at)) {
      const end = skipBalanced(source, at + fields.length - 1);
      parts.push(source.slice(at + fields.length, end - 1), '');
      at = end;
    } else {
      add(character);
      at += 1;
    }
  }
  return undefined;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f', v: '\v', '\n': '' };

function readEscape(source: string, at: number, raw: boolean): { text: string; end: number } {
  const next = source[at + 1] ?? '';
  if (raw) return { text: `\\${next}`, end: at + 2 };
  const code = /^(?:x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(
    source.slice(at + 1, at + 11),
  );
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4] ?? '0', 16);
    return { text: value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd', end: at + 1 + code[0].length };
  }
  if (next === '\r' && source[at + 2] === '\n') return { text: '', end: at + 3 };
  const known = ESCAPES[next];
  // Python keeps a backslash that escapes nothing; so do the quotes and the backslash lose theirs.
  return { text: known ?? (/[\\'"`${]/.test(next) ? next : `\\${next}`), end: at + 2 };
}

const CLOSERS: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** The offset after the bracket that closes the one at `at`; strings inside are skipped whole. */
export function skipBalanced(source: string, at: number): number {
  const open: string[] = [];
  for (let index = at; index < source.length; index += 1) {
    const character = source[index] ?? '';
    if (character === '"' || character === "'" || character === '`') {
      const string = readString(source, index, character !== '`');
      if (string) index = string.end - 1;
    } else if (CLOSERS[character]) open.push(CLOSERS[character]);
    else if (character === open.at(-1)) {
      open.pop();
      if (open.length === 0) return index + 1;
    }
  }
  return source.length;
}
