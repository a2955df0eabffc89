import type { Diagnostic, Range } from '../prompt.ts';
import { braceMismatch, explainMismatch } from './brace-mismatch.ts';

export interface SyntaxErrorDetails {
  error: unknown;
  /** The parser's name for the token, for a violation of the grammar itself. */
  token: string | undefined;
  /** The position of the lexer. */
  location: { first_line: number; first_column: number; last_line: number; last_column: number };
}

type OffsetAt = (line: number, column: number) => number;
type Explanation = Pick<Diagnostic, 'message' | 'range' | 'data'>;

/** Explains what is wrong with a template and where, instead of Handlebars' ASCII drawing. */
export function explainSyntaxError(text: string, details: SyntaxErrorDetails, offset: OffsetAt): Explanation {
  const { error, token, location } = details;
  if (error instanceof RangeError)
    return { message: 'Blocks are nested too deeply.', range: { start: 0, end: text.length } };
  if (token === undefined) return explainException(text, error, offset) ?? unreadable(text, location, offset);
  const range = {
    start: offset(location.first_line, location.first_column),
    end: offset(location.last_line, location.last_column),
  };
  return explainToken(text, token, widen(text, range));
}

function explainToken(text: string, token: string, range: Range): Explanation {
  const found = text.slice(range.start, range.end).trim();
  const open = unclosedExpression(text, range.start);
  if (open && (token.startsWith('OPEN') || !text.includes('}}', open.end))) return neverClosed(text, open);
  const mismatch = braceMismatch(text, range.start);
  if (mismatch) return { message: explainMismatch(mismatch), range };
  switch (token) {
    case 'EOF':
      return unclosedBlock(text, range);
    case 'OPEN_ENDBLOCK':
      return { message: `\`${tagAt(text, range.start)}\` closes a block that is not open.`, range };
    case 'INVERSE':
    case 'OPEN_INVERSE_CHAIN':
      return { message: '`{{else}}` is outside any block.', range };
    case 'CLOSE':
    case 'CLOSE_UNESCAPED':
      return { message: `Unexpected end of expression before \`${found}\`.`, range };
    default:
      return { message: `\`${found}\` is not valid here in an expression.`, range };
  }
}

/** Handlebars' own checks (mismatched blocks, invalid paths) have a line and column. */
function explainException(text: string, error: unknown, offset: OffsetAt): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  const { lineNumber, column, endLineNumber, endColumn } = error as Error & Partial<Record<string, number>>;
  if (lineNumber === undefined || column === undefined) return undefined;
  const start = offset(lineNumber, column);
  const end = endLineNumber === undefined || endColumn === undefined ? start : offset(endLineNumber, endColumn);
  const range = widen(text, { start, end });
  const reason = error.message.replace(/ - \d+:\d+$/, '');
  const mismatch = /^(.+) doesn't match (.+)$/.exec(reason);
  if (mismatch) {
    const closing = `{{/${mismatch[2]}}}`;
    return { message: `\`{{#${mismatch[1]}}}\` is closed by \`${closing}\`.`, range, data: { owner: closing } };
  }
  return { message: `${reason}.`, range };
}

function unreadable(text: string, location: SyntaxErrorDetails['location'], offset: OffsetAt) {
  const start = offset(location.last_line, location.last_column);
  const control = text.indexOf('\0', 0);
  if (control >= 0) {
    return { message: 'A template cannot contain the character U+0000.', range: { start: control, end: control + 1 } };
  }
  return { message: 'The template cannot be parsed here.', range: widen(text, { start, end: start }) };
}

function neverClosed(text: string, open: Range): Explanation {
  const lineEnd = /[\r\n]/.exec(text.slice(open.start))?.index ?? text.length - open.start;
  const range = { start: open.start, end: Math.min(text.length, open.start + Math.max(2, lineEnd)) };
  return { message: '`{{` is never closed by `}}`.', range };
}

/** The last `{{` before an offset without a `}}` after it. */
function unclosedExpression(text: string, before: number): Range | undefined {
  const start = before < 1 ? -1 : text.lastIndexOf('{{', before - 1);
  if (start < 0) return undefined;
  const close = text.indexOf('}}', start);
  return close < 0 || close >= before ? { start, end: start + 2 } : undefined;
}

function unclosedBlock(text: string, fallback: Range): Explanation {
  const open: { name: string; range: Range }[] = [];
  for (const match of text.matchAll(
    /\{\{!--[\s\S]*?--~?\}\}|\{\{![\s\S]*?\}\}|\{\{~?(#[>*]?|\^|\/)\s*([^\s}~]+)[^}]*\}\}/g,
  )) {
    const [tag, kind, name] = match;
    if (!kind || !name) continue;
    const range = { start: match.index, end: match.index + tag.length };
    if (kind === '/') open.pop();
    else open.push({ name, range });
  }
  const last = open.at(-1);
  if (!last) return { message: 'Unexpected end of template.', range: fallback };
  return { message: `\`{{#${last.name}}}\` is never closed by \`{{/${last.name}}}\`.`, range: last.range };
}

function tagAt(text: string, start: number): string {
  const close = text.indexOf('}}', start);
  return text.slice(start, close < 0 ? Math.min(text.length, start + 20) : close + 2);
}

/** An editor shows nothing for an empty range, so it includes one character. */
function widen(text: string, { start, end }: Range): Range {
  if (end > start) return { start, end };
  return start < text.length ? { start, end: start + 1 } : { start: Math.max(0, start - 1), end: start };
}
