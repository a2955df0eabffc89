import { readString, skipBalanced } from './source-strings.ts';

/** A value of a Python or JavaScript program, as far as it is written down. */
export type SourceValue =
  | {
      kind: 'string';
      parts: string[];
      long: boolean /** `.format(…)` follows, or `template` reads it so. */;
      format: boolean;
      /** An f-string is a part of it: braces in its texts are literal. */
      fString: boolean;
      /** What `.format(…)` or `%` passes by name. */
      passed?: ReadonlyMap<string, SourceValue>;
    }
  | { kind: 'list'; items: SourceValue[] }
  | { kind: 'map'; entries: Map<string, SourceValue> }
  | { kind: 'literal'; value: number | boolean | null }
  /** A call with its arguments: `name(a, b=c)`. */
  | { kind: 'call'; name: string; items: SourceValue[]; entries: Map<string, SourceValue> }
  | { kind: 'name'; name: string }
  | { kind: 'code'; code: string };

export interface Reader {
  source: string;
  python: boolean;
  at: number;
}

/** Reads the value at `reader.at` and leaves it after the value; what is not understood becomes `code`. */
export function readValue(reader: Reader): SourceValue {
  let value = readTerm(reader);
  for (;;) {
    skipSpace(reader);
    // Python joins strings that stand beside each other; both languages join with `+`.
    const joins = reader.source[reader.at] === '+';
    if (value.kind !== 'string' && !(joins && (isText(value) || value.kind === 'list'))) break;
    const start = reader.at;
    if (joins) reader.at += 1;
    skipSpace(reader);
    const isString = readString(reader.source, reader.at, reader.python) !== undefined;
    if (!joins && !(reader.python && isString)) {
      reader.at = start;
      break;
    }
    value = joined(value, readTerm(reader));
  }
  return skipRest(reader, value);
}

function isText(value: SourceValue): boolean {
  return value.kind === 'name' || value.kind === 'code' || value.kind === 'call';
}

function joined(left: SourceValue, right: SourceValue): SourceValue {
  if (left.kind === 'list' || right.kind === 'list') {
    return { kind: 'list', items: [left, right].flatMap((value) => (value.kind === 'list' ? value.items : [value])) };
  }
  const a = partsOf(left);
  const b = partsOf(right);
  const parts = [...a.slice(0, -1), `${a.at(-1) ?? ''}${b[0] ?? ''}`, ...b.slice(1)];
  const long = [left, right].some((value) => value.kind === 'string' && value.long);
  return {
    kind: 'string',
    parts,
    long,
    format: [left, right].some((value) => value.kind === 'string' && value.format),
    fString: [left, right].some((value) => value.kind === 'string' && value.fString),
  };
}

function partsOf(value: SourceValue): string[] {
  if (value.kind === 'string') return value.parts;
  if (value.kind === 'name') return ['', value.name, ''];
  if (value.kind === 'literal') return [String(value.value)];
  return ['', value.kind === 'code' ? value.code : value.kind === 'call' ? `${value.name}()` : '…', ''];
}

/** The key under which a call's values of `.partial(…)` are kept among its arguments. */
const PARTIAL = 'partial_variables';

const WORD = /(?:new\s+|await\s+)?[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*/y;
const NUMBER = /-?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

function readTerm(reader: Reader): SourceValue {
  skipSpace(reader);
  const { source, python, at } = reader;
  const string = readString(source, at, python);
  if (string) {
    reader.at = string.end;
    const { parts, long } = string;
    return readSuffix(reader, { kind: 'string', parts, long, format: false, fString: parts.length > 1 });
  }
  const character = source[at] ?? '';
  if (character === '[') return { kind: 'list', items: readItems(reader, ']').items };
  if (character === '(') {
    const { items, commas } = readItems(reader, ')');
    const [only] = items;
    return items.length === 1 && commas === 0 && only ? readSuffix(reader, only) : { kind: 'list', items };
  }
  if (character === '{') return { kind: 'map', entries: readItems(reader, '}').entries };
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(source);
  if (number) {
    reader.at = NUMBER.lastIndex;
    return { kind: 'literal', value: Number(number[0].replaceAll('_', '')) };
  }
  WORD.lastIndex = at;
  const word = WORD.exec(source)?.[0];
  if (word === undefined) {
    reader.at = at + 1;
    return { kind: 'code', code: character };
  }
  reader.at = WORD.lastIndex;
  return readWord(reader, word.replace(/^(?:new|await)\s+/, ''));
}

const WORDS: Record<string, boolean | null> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
  undefined: null,
};

function readWord(reader: Reader, word: string): SourceValue {
  if (word in WORDS) return { kind: 'literal', value: WORDS[word] ?? null };
  skipSpace(reader);
  if (reader.source[reader.at] === '(') {
    const { items, entries } = readItems(reader, ')');
    return readSuffix(reader, { kind: 'call', name: word, items, entries });
  }
  if (reader.source[reader.at] === '[') {
    const end = skipBalanced(reader.source, reader.at);
    const code = word + reader.source.slice(reader.at, end);
    reader.at = end;
    return { kind: 'code', code };
  }
  return { kind: 'name', name: word };
}

/** `.format(…)`, `.strip()`, `.trim()` and the like after a string keep it a string. */
function readSuffix(reader: Reader, value: SourceValue): SourceValue {
  let current = value;
  for (;;) {
    if (
      current.kind === 'string' &&
      reader.python &&
      /^\s*%(?!=)/.test(reader.source.slice(reader.at, reader.at + 20))
    ) {
      current = { ...current, parts: current.parts.map(percentFields), format: true };
      skipRest(reader, current);
      return current;
    }
    const match = /^\s*\.(\w+)\s*\(/.exec(reader.source.slice(reader.at, reader.at + 200));
    if (!match) return current;
    const open = reader.at + match[0].length - 1;
    if (current.kind === 'call' && match[1] === 'partial') {
      reader.at = open;
      const { entries } = readItems(reader, ')');
      current = { ...current, entries: new Map([...current.entries, [PARTIAL, { kind: 'map', entries }]]) };
      continue;
    }
    if (current.kind === 'string' && match[1] === 'format') {
      reader.at = open;
      current = { ...current, format: true, passed: readItems(reader, ')').entries };
      continue;
    }
    reader.at = skipBalanced(reader.source, open);
    if (current.kind !== 'string') continue;
    if (/^(?:strip|trim|dedent)$/.test(match[1] ?? '')) {
      const parts = [...current.parts];
      parts[0] = (parts[0] ?? '').trimStart();
      parts[parts.length - 1] = (parts.at(-1) ?? '').trimEnd();
      current = { ...current, parts };
    }
  }
}

/** Python's older way, `%(name)s` and `%s`, as `str.format` would write it. */
function percentFields(text: string): string {
  return text
    .replaceAll('{', '{{')
    .replaceAll('}', '}}')
    .replace(
      /%(?:\((\w+)\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?([sdifrgexX%])/g,
      (whole, name: string | undefined, kind: string) =>
        kind === '%' && name === undefined ? (whole === '%%' ? '%' : whole) : `{${name ?? ''}}`,
    );
}

interface Items {
  items: SourceValue[];
  entries: Map<string, SourceValue>;
  commas: number;
}

/** What stands between brackets: `a, b`, `"k": v`, `k: v`, `k=v`, and JavaScript's `{ k }`. */
function readItems(reader: Reader, close: string): Items {
  const found: Items = { items: [], entries: new Map(), commas: 0 };
  reader.at += 1;
  while (reader.at < reader.source.length) {
    skipSpace(reader);
    const character = reader.source[reader.at] ?? '';
    if (character === close) {
      reader.at += 1;
      break;
    }
    if (character === ',') {
      found.commas += 1;
      reader.at += 1;
      continue;
    }
    const start = reader.at;
    readItem(reader, found, close);
    if (reader.at === start) reader.at += 1;
  }
  return found;
}

function readItem(reader: Reader, found: Items, close: string): void {
  const ahead = reader.source.slice(reader.at, reader.at + 120);
  const named = /^(?:(["'])([^"'\n]*)\1\s*:|([A-Za-z_$][\w$]*)\s*:(?!:)|([A-Za-z_]\w*)\s*=(?!=))/.exec(ahead);
  if (named && (close === '}' || named[4] !== undefined)) {
    reader.at += named[0].length;
    found.entries.set(named[2] ?? named[3] ?? named[4] ?? '', readValue(reader));
    return;
  }
  const spread = /^(?:\.\.\.|\*\*?)/.exec(ahead);
  if (spread) reader.at += spread[0].length;
  const value = readValue(reader);
  found.items.push(value);
  if (close === '}' && value.kind === 'name' && !spread) found.entries.set(value.name, value);
}

/** Whatever of an expression stands before the next comma, bracket or line's end belongs to code. */
function skipRest(reader: Reader, value: SourceValue): SourceValue {
  const start = reader.at;
  while (reader.at < reader.source.length) {
    const character = reader.source[reader.at] ?? '';
    if (/[,;)\]}\n]/.test(character)) break;
    if (/[([{]/.test(character)) reader.at = skipBalanced(reader.source, reader.at);
    else reader.at = readString(reader.source, reader.at, reader.python)?.end ?? reader.at + 1;
  }
  const rest = reader.source.slice(start, reader.at).trim();
  if (rest === '' || rest.startsWith('#') || rest.startsWith('//') || rest.startsWith('as ') || value.kind === 'string')
    return value;
  if (value.kind === 'literal' || value.kind === 'list' || value.kind === 'map' || value.kind === 'call') return value;
  return { kind: 'code', code: `${value.kind === 'name' ? value.name : value.code} ${rest}` };
}

/** Skips spaces, line ends and comments. */
export function skipSpace(reader: Reader): void {
  const pattern = reader.python ? /(?:[\s\\]|#[^\n]*)*/y : /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  pattern.lastIndex = reader.at;
  pattern.exec(reader.source);
  reader.at = Math.max(reader.at, pattern.lastIndex);
}
