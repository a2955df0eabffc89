import type { Range } from '../../prompts/prompt.ts';
import {
  type Cursor,
  createCursor,
  fail,
  readArguments,
  readBlockParams,
  readCall,
  readOperand,
  skipSpace,
} from './expression-parser.ts';
import type { Statement } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

interface Scanner {
  source: string;
  end: number;
  nextOpen(from: number): number;
  nextClose(from: number): number;
  nextDashClose(from: number): number;
  nextTildeDashClose(from: number): number;
  nextRawClose(from: number): number;
  build: TreeBuilder;
  /** The number of characters that may still be read a second time after an error. */
  patience: number;
}

/** Parses a template, whatever it contains. Ranges are offsets into `source`; the statements cover all of `range`. */
export function parseTemplateTree(source: string, range: Range): Statement[] {
  const finder = (needle: string) => createFinder(source, needle, range.end);
  const scanner: Scanner = {
    source,
    end: range.end,
    nextOpen: finder('{{'),
    nextClose: finder('}}'),
    nextDashClose: finder('--}}'),
    nextTildeDashClose: finder('--~}}'),
    nextRawClose: finder('{{{{/'),
    build: new TreeBuilder(range.end),
    patience: 4 * (range.end - range.start) + 10_000,
  };
  let textFrom = range.start;
  let at = range.start;
  for (;;) {
    const open = scanner.nextOpen(at);
    if (open < 0) break;
    if (isEscaped(source, open, range.start)) {
      at = open + 2;
      continue;
    }
    scanner.build.text(textFrom, open);
    at = readTag(scanner, open);
    textFrom = at;
  }
  scanner.build.text(textFrom, range.end);
  return scanner.build.finish();
}

/** `\{{` is text; in `\\{{` the first backslash escapes the second. */
function isEscaped(source: string, open: number, start: number): boolean {
  return open > start && source[open - 1] === '\\' && !(open - 1 > start && source[open - 2] === '\\');
}

const OPENING = /\{\{\{\{(?!\/)|\{\{~?(?:!--|!|#>|#\*?|>|\/|\^\s*~?\}\}|\s*else\s*~?\}\}|\^|\s*else\b|\{|&|\*?)/y;

/** Parses a statement that starts with `{{` and returns its end. */
function readTag(scanner: Scanner, start: number): number {
  OPENING.lastIndex = start;
  const opening = OPENING.exec(scanner.source)?.[0] ?? '{{';
  const kind = opening.replace(/\{\{~?\s*/, '');
  const after = Math.min(start + opening.length, scanner.end);
  if (start + opening.length > scanner.end) return refuse(scanner, { start, at: after, message: NEVER_CLOSED });
  if (kind === '!--') return readLongComment(scanner, start, after);
  if (kind === '!') return readComment(scanner, start);
  if (kind.endsWith('}}')) return scanner.build.otherwise({ start, end: after }, undefined);
  if (kind === '{{') return readRawBlock(scanner, start, after);
  const cursor = createCursor(scanner.source, after, scanner.end);
  const end = readExpressionTag(scanner, { kind, start, cursor });
  if (end !== undefined) return end;
  return recover(scanner, start, cursor);
}

const NEVER_CLOSED = '`{{` is never closed by `}}`.';

function readComment(scanner: Scanner, start: number): number {
  const close = scanner.nextClose(start + 2);
  if (close < 0) return refuse(scanner, { start, at: start + 2, message: NEVER_CLOSED });
  scanner.build.comment({ start, end: close + 2 });
  return close + 2;
}

/** The dashes that open a comment may also close it: `{{!--}}`. */
function readLongComment(scanner: Scanner, start: number, after: number): number {
  const plain = scanner.nextDashClose(after - 2);
  const tilde = scanner.nextTildeDashClose(after - 2);
  const isPlain = plain >= 0 && (tilde < 0 || plain < tilde);
  const end = isPlain ? plain + 4 : tilde + 5;
  if (plain < 0 && tilde < 0) {
    const message = 'A comment that begins with `{{!--` is never closed by `--}}`.';
    return refuse(scanner, { start, at: after, message });
  }
  scanner.build.comment({ start, end });
  return end;
}

interface Tag {
  kind: string;
  start: number;
  cursor: Cursor;
}

/** Undefined if the tag cannot be parsed: the cursor then has the reason. */
function readExpressionTag(scanner: Scanner, tag: Tag): number | undefined {
  switch (tag.kind) {
    case '>':
    case '#>':
      return readPartial(scanner, tag);
    case '/':
      return readCloseTag(scanner, tag);
    case '#':
    case '#*':
    case '^':
    case 'else':
      return readOpenTag(scanner, tag);
    default:
      return readMustache(scanner, tag);
  }
}

function readMustache(scanner: Scanner, { kind, start, cursor }: Tag): number | undefined {
  const call = readCall(cursor);
  const end = call && takeClose(cursor, kind === '{' ? /\}~?\}\}/y : CLOSE);
  if (!call || end === undefined) return undefined;
  scanner.build.add({ kind: 'mustache', range: { start, end }, call });
  return end;
}

function readPartial(scanner: Scanner, { kind, start, cursor }: Tag): number | undefined {
  skipSpace(cursor);
  const name = readOperand(cursor, true);
  if (!name) return fail(cursor, 'Expected the name of a partial.');
  const rest = readArguments(cursor);
  const end = rest && takeClose(cursor);
  if (!rest || end === undefined) return undefined;
  const { params, hash } = rest;
  const written = name.kind === 'literal' ? String(name.value) : cursor.source.slice(name.range.start, name.range.end);
  const isOwn = name.kind !== 'call' && !(name.kind === 'path' && name.data);
  const edge = name.kind === 'literal' && typeof name.value === 'string' ? 1 : 0;
  const nameRange = { start: name.range.start + edge, end: name.range.end - edge };
  const shared = { name: isOwn ? written : undefined, nameRange, params, hash };
  if (kind === '#>') scanner.build.openPartial({ start, end }, shared, written);
  else scanner.build.add({ kind: 'partial', range: { start, end }, ...shared, body: undefined });
  return end;
}

function readOpenTag(scanner: Scanner, { kind, start, cursor }: Tag): number | undefined {
  const call = readCall(cursor);
  const blockParams = call && readBlockParams(cursor);
  const end = blockParams && takeClose(cursor);
  if (!call || !blockParams || end === undefined) return undefined;
  const openRange = { start, end };
  if (kind === 'else') return scanner.build.otherwise(openRange, { call, blockParams });
  const name = cursor.source.slice(call.path.range.start, call.path.range.end);
  scanner.build.openBlock({ openRange, call, blockParams, inverted: kind === '^' }, name);
  return end;
}

function readCloseTag(scanner: Scanner, { start, cursor }: Tag): number | undefined {
  skipSpace(cursor);
  const name = readOperand(cursor, false);
  if (!name) return fail(cursor, 'Expected the name of the block to close.');
  const end = takeClose(cursor);
  if (end === undefined) return undefined;
  const text = cursor.source.slice(name.range.start, name.range.end);
  scanner.build.close({ range: { start, end }, nameRange: name.range, name: text });
  return end;
}

/** `{{{{name}}}}…{{{{/name}}}}`: the content is text. */
function readRawBlock(scanner: Scanner, start: number, after: number): number {
  const cursor = createCursor(scanner.source, after, scanner.end);
  const call = readCall(cursor);
  const bodyStart = call && takeClose(cursor, /\}\}\}\}/y);
  if (!call || bodyStart === undefined) return recover(scanner, start, cursor);
  const close = scanner.nextRawClose(bodyStart);
  const closing =
    close < 0
      ? undefined
      : /^\{\{\{\{\/([^\s!"#%-,./;->@[-^`{-~]+)\}\}\}\}/.exec(scanner.source.slice(close, close + 500));
  if (!closing) return refuse(scanner, { start, at: bodyStart, message: 'This raw block is never closed.' });
  const [tag, name = ''] = closing;
  const open = scanner.source.slice(call.path.range.start, call.path.range.end);
  scanner.build.openBlock({ openRange: { start, end: bodyStart }, call, blockParams: [], inverted: false }, open);
  scanner.build.text(bodyStart, close);
  const range = { start: close, end: Math.min(scanner.end, close + tag.length) };
  scanner.build.close({ range, nameRange: { start: close + 5, end: close + 5 + name.length }, name });
  return range.end;
}

/** After `~}}` another brace is text; after `}}` it would be the third one of `{{{`. */
const CLOSE = /~\}\}|\}\}(?!\})/y;

function takeClose(cursor: Cursor, pattern = CLOSE): number | undefined {
  skipSpace(cursor);
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  if (found !== undefined && cursor.at + found.length <= cursor.end) {
    cursor.at += found.length;
    return cursor.at;
  }
  const { source, at } = cursor;
  if (source.startsWith('}}', at) || source.startsWith('~}}', at)) {
    return fail(cursor, 'The braces do not match: `{{` is closed by `}}`, and `{{{` by `}}}`.');
  }
  return fail(cursor, at >= cursor.end || source.startsWith('{{', at) ? NEVER_CLOSED : 'Unexpected end of expression.');
}

/**
 * Turns a tag that cannot be parsed into an error and continues after it. A quoted text that continued over a brace is
 * treated as unclosed, so that the following lines are still parsed.
 */
function recover(scanner: Scanner, start: number, cursor: Cursor): number {
  const failure = cursor.failure ?? { at: cursor.at, message: NEVER_CLOSED };
  let from = Math.min(failure.at, scanner.end);
  const { suspectQuote } = cursor;
  if (suspectQuote !== undefined && suspectQuote < from) {
    scanner.patience -= from - suspectQuote;
    if (scanner.patience > 0) from = suspectQuote;
  }
  return refuse(scanner, { start, at: Math.max(from, start + 2), message: failure.message });
}

/** The error extends to its `}}`, or if there is none before the next tag, to the end of its line. */
function refuse(scanner: Scanner, { start, at, message }: { start: number; at: number; message: string }): number {
  const { source } = scanner;
  const close = scanner.nextClose(at);
  const open = scanner.nextOpen(at);
  let end = at;
  if (close >= 0 && (open < 0 || close < open)) {
    end = close + 2;
    while (source[end] === '}' && end < scanner.end) end += 1;
  } else {
    const line = source.slice(at, open < 0 ? scanner.end : open).search(/[\r\n]/);
    end = line >= 0 ? at + line : open < 0 ? scanner.end : open;
  }
  scanner.build.error({ start, end }, message);
  return end;
}

/** Finds and remembers the next position of a text: with increasing offsets, a file costs one pass. -1 if none. */
function createFinder(source: string, needle: string, end: number): (from: number) => number {
  let askedFrom = Number.POSITIVE_INFINITY;
  let found = -1;
  return (from) => {
    if (from < askedFrom || (found >= 0 && found < from)) {
      found = source.indexOf(needle, from);
      if (found + needle.length > end) found = -1;
      askedFrom = from;
    }
    return found;
  };
}
