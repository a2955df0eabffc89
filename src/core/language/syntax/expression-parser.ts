import type { Call, Expression, HashPair, PathExpression } from './tree.ts';

/** The position in one tag. A failure is recorded once; the callers then give up. */
export interface Cursor {
  source: string;
  at: number;
  end: number;
  depth: number;
  failure: { at: number; message: string } | undefined;
  /** The start of a text that continued over a line or a brace: a sign of an unclosed quote. */
  suspectQuote: number | undefined;
}

const MAX_DEPTH = 100;
/** A longer name in brackets is an unclosed one. */
const MAX_BRACKETS = 2_000;

const SPACE = /\s*/y;
const ID = /[^\s!"#%-,./;->@[-^`{-~]+(?=[=~}\s/.)|])/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?=[~}\s)\]])/y;
const WORD = /(?:true|false|undefined|null)(?=[~}\s)\]])/y;
const DOTS = /\.\.|\.(?=[=~}\s/.)|])/y;
const HASH_KEY = /[^\s!"#%-,./;->@[-^`{-~]+(?=\s*=)/y;
const BLOCK_PARAMS = /as\s+\|/y;
const WORDS: Record<string, boolean | null | undefined> = { true: true, false: false, null: null, undefined };

export function createCursor(source: string, at: number, end: number): Cursor {
  return { source, at, end, depth: 0, failure: undefined, suspectQuote: undefined };
}

/** Consumes the match of a sticky pattern here; undefined if it does not match. */
function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  if (found === undefined || cursor.at + found.length > cursor.end) return undefined;
  cursor.at += found.length;
  return found;
}

export function skipSpace(cursor: Cursor): void {
  take(cursor, SPACE);
}

export function fail(cursor: Cursor, message: string): undefined {
  cursor.failure ??= { at: cursor.at, message };
  return undefined;
}

/** `helper a b key=value`; the path is required. */
export function readCall(cursor: Cursor): Call | undefined {
  skipSpace(cursor);
  const start = cursor.at;
  const path = readOperand(cursor, false);
  if (!path) return fail(cursor, 'Expected a name.');
  const rest = readArguments(cursor);
  if (!rest) return undefined;
  return { range: { start, end: rest.end ?? path.range.end }, path, params: rest.params, hash: rest.hash };
}

interface Arguments {
  params: Expression[];
  hash: HashPair[];
  /** The end of the last one. */
  end: number | undefined;
}

export function readArguments(cursor: Cursor): Arguments | undefined {
  const params: Expression[] = [];
  const hash: HashPair[] = [];
  let end: number | undefined;
  for (;;) {
    skipSpace(cursor);
    if (atEnd(cursor)) break;
    const pair = readPair(cursor);
    if (pair) hash.push(pair);
    if (cursor.failure) return undefined;
    if (!pair) {
      const value = readOperand(cursor, true);
      if (!value) return fail(cursor, 'This is not valid in an expression.');
      if (hash.length > 0) {
        cursor.at = value.range.start;
        return fail(cursor, 'A positional argument cannot follow a named argument.');
      }
      params.push(value);
    }
    end = cursor.at;
  }
  return { params, hash, end };
}

function atEnd({ source, at, end }: Cursor): boolean {
  if (at >= end) return true;
  const next = source[at];
  return next === '}' || next === '~' || next === ')' || startsBlockParams(source, at);
}

function startsBlockParams(source: string, at: number): boolean {
  BLOCK_PARAMS.lastIndex = at;
  return BLOCK_PARAMS.test(source);
}

function readPair(cursor: Cursor): HashPair | undefined {
  const start = cursor.at;
  const key = take(cursor, HASH_KEY) ?? take(cursor, BRACKET_KEY)?.slice(1, -1);
  if (key === undefined) return undefined;
  const keyRange = { start, end: cursor.at };
  skipSpace(cursor);
  cursor.at += 1;
  skipSpace(cursor);
  const value = readOperand(cursor, true);
  if (!value) return fail(cursor, `The argument \`${key}=\` has no value.`);
  return { key, keyRange, value, range: { start, end: cursor.at } };
}

const BRACKET_KEY = /\[((?:\\\]|[^\]]){0,2000})\](?=\s*=)/y;

/** Block parameters after `as |`, the cursor after the closing `|`. */
export function readBlockParams(cursor: Cursor): { name: string; range: { start: number; end: number } }[] | undefined {
  if (take(cursor, BLOCK_PARAMS) === undefined) return [];
  const names: { name: string; range: { start: number; end: number } }[] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.source[cursor.at] === '|' && cursor.at < cursor.end) break;
    const start = cursor.at;
    const name = take(cursor, ID);
    if (name === undefined) return fail(cursor, 'The names after `as |` are not closed by `|`.');
    names.push({ name, range: { start, end: cursor.at } });
  }
  if (names.length === 0) return fail(cursor, 'Expected a name between `|` and `|`.');
  cursor.at += 1;
  skipSpace(cursor);
  return names;
}

/** A text, a number, a path, or, if allowed, a call in parentheses. */
export function readOperand(cursor: Cursor, mayCall: boolean): Expression | undefined {
  const { source, at: start } = cursor;
  const next = source[start];
  if (start >= cursor.end) return undefined;
  if (next === '(') return mayCall ? readNested(cursor) : undefined;
  if (next === '"' || next === "'") return readText(cursor);
  const number = take(cursor, NUMBER);
  if (number !== undefined) return literal(cursor, start, Number(number));
  const word = take(cursor, WORD);
  if (word !== undefined) return literal(cursor, start, WORDS[word]);
  return readPath(cursor);
}

function literal(cursor: Cursor, start: number, value: string | number | boolean | null | undefined): Expression {
  return { kind: 'literal', range: { start, end: cursor.at }, value };
}

function readText(cursor: Cursor): Expression | undefined {
  const start = cursor.at;
  const quote = cursor.source[start] ?? '"';
  const text = takeQuoted(cursor, quote);
  if (text === undefined) {
    cursor.suspectQuote ??= start;
    return fail(cursor, `This string is not closed by \`${quote}\`.`);
  }
  if (/[\r\n]|\{\{|\}\}/.test(text)) cursor.suspectQuote ??= start;
  return literal(cursor, start, text.slice(1, -1).replaceAll(`\\${quote}`, quote));
}

/** `\\"` does not end a text, unless nothing else does: as in Handlebars. */
function takeQuoted(cursor: Cursor, quote: string): string | undefined {
  const { source, at, end } = cursor;
  let close = -1;
  for (let next = source.indexOf(quote, at + 1); next >= 0 && next < end; next = source.indexOf(quote, next + 1)) {
    close = next;
    if (source[next - 1] !== '\\') break;
  }
  if (close < 0) return undefined;
  cursor.at = close + 1;
  return source.slice(at, close + 1);
}

function readNested(cursor: Cursor): Expression | undefined {
  const start = cursor.at;
  if (cursor.depth >= MAX_DEPTH) return fail(cursor, 'Parentheses are nested too deeply.');
  cursor.at += 1;
  cursor.depth += 1;
  const call = readCall(cursor);
  if (!call) return undefined;
  skipSpace(cursor);
  if (cursor.source[cursor.at] !== ')' || cursor.at >= cursor.end) {
    return fail(cursor, 'A parenthesis is not closed by `)`.');
  }
  cursor.at += 1;
  cursor.depth -= 1;
  return { kind: 'call', range: { start, end: cursor.at }, call };
}

function readPath(cursor: Cursor): PathExpression | undefined {
  const start = cursor.at;
  const path: PathExpression = { kind: 'path', range: { start, end: start }, data: false, depth: 0, segments: [] };
  if (cursor.source[start] === '@') {
    path.data = true;
    cursor.at += 1;
  }
  for (;;) {
    if (!readSegment(cursor, path)) {
      if (cursor.at === start) return undefined;
      return fail(cursor, 'Expected a name at the end of this path.');
    }
    const separator = cursor.source[cursor.at];
    if ((separator !== '.' && separator !== '/') || cursor.at >= cursor.end) break;
    cursor.at += 1;
  }
  path.range.end = cursor.at;
  return path;
}

/** `..`, `.` and `this` change the start of a path and are not segments of it. */
function readSegment(cursor: Cursor, path: PathExpression): boolean {
  const start = cursor.at;
  const dots = take(cursor, DOTS);
  if (dots === '..') {
    if (path.segments.length > 0) fail(cursor, '`..` is allowed only at the beginning of a path.');
    path.depth += 1;
    return true;
  }
  if (dots === '.') return true;
  const bracketed = cursor.source[start] === '[';
  const text = bracketed ? readBrackets(cursor) : take(cursor, ID);
  if (text === undefined) return false;
  const edge = bracketed ? 1 : 0;
  if (text === 'this' && !bracketed && path.segments.length === 0) return true;
  path.segments.push({ text, range: { start: start + edge, end: cursor.at - edge } });
  return true;
}

function readBrackets(cursor: Cursor): string | undefined {
  const { source, at } = cursor;
  const last = Math.min(cursor.end, at + MAX_BRACKETS);
  for (let end = at + 1; end < last; end++) {
    if (source[end] !== ']' || source[end - 1] === '\\') continue;
    cursor.at = end + 1;
    return source.slice(at + 1, end).replaceAll('\\]', ']');
  }
  return undefined;
}
