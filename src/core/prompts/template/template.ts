import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import { memoizeRecent } from '../../base/memoize-recent.ts';
import { lineStarts } from '../position.ts';
import type { Range } from '../prompt.ts';
import { checkTemplate, type TemplateProblem } from './template-checks.ts';
import { explainSyntaxError, type SyntaxErrorDetails } from './template-errors.ts';
import { exceedsLimits } from './template-limits.ts';

interface Template {
  /** Undefined if the syntax is broken. */
  ast: hbs.AST.Program | undefined;
  problems: TemplateProblem[];
  /** The position of a node of the tree in the template's text. */
  rangeOf(node: { loc: hbs.AST.SourceLocation }): Range;
}

/** The parts of Handlebars' generated parser that its published types lack. */
interface JisonParser {
  parseError(message: string, details: { token?: string | number | null; expected?: string[] }): never;
  lexer: { yylloc: { first_line: number; first_column: number; last_line: number; last_column: number } };
}

/** The templates of a few open editors with their partials, and the one that is being edited. */
const KEPT = 8;

const readTemplate = memoizeRecent(KEPT, (text) => parse(text, Handlebars.parseWithoutProcessing));

/** Parses a template and finds all that would fail when it renders. Never throws. Do not change the shared tree. */
export function parseTemplate(text: string): Template {
  return readTemplate(text);
}

/** As it renders: blank lines are removed around blocks, which takes a fifth of the time. */
export function parseTrimmedTemplate(text: string): Template {
  return parse(text, Handlebars.parse);
}

function parse(text: string, read: (text: string) => hbs.AST.Program): Template {
  const starts = lineStarts(text);
  const offset = (line: number, column: number) => Math.min(text.length, (starts[line - 1] ?? text.length) + column);
  const rangeOf: Template['rangeOf'] = ({ loc }) => ({
    start: offset(loc.start.line, loc.start.column),
    end: offset(loc.end.line, loc.end.column),
  });
  const broken = (problem: TemplateProblem): Template => ({ ast: undefined, problems: [problem], rangeOf });
  const tooLarge = exceedsLimits(text);
  if (tooLarge) {
    const range = { start: 0, end: text.length };
    return broken({ code: 'template-too-large', severity: 'error', message: tooLarge, range });
  }
  const parsed = parseHandlebars(text, read);
  if ('details' in parsed) {
    return broken({ code: 'template-syntax', severity: 'error', ...explainSyntaxError(text, parsed.details, offset) });
  }
  try {
    return { ast: parsed.ast, problems: checkTemplate(parsed.ast, rangeOf), rangeOf };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'Blocks are nested too deeply.';
    return broken({ code: 'template-syntax', severity: 'error', message, range: { start: 0, end: text.length } });
  }
}

function parseHandlebars(
  text: string,
  read: (text: string) => hbs.AST.Program,
): { ast: hbs.AST.Program } | { details: SyntaxErrorDetails } {
  const parser = Reflect.get(Handlebars, 'Parser') as JisonParser;
  const { parseError } = parser;
  let token: string | undefined;
  // The parser reports details only to this hook; the error that Handlebars throws contains a drawing instead.
  parser.parseError = (message, details) => {
    // a raw block's end has no name in its grammar, only a number
    token = details.token === undefined || details.token === null ? undefined : String(details.token);
    throw new Error(message);
  };
  try {
    // `.` in the lexer's line counting stops at these two, which would shift every later column.
    const plain = text.replace(/[\u2028\u2029]/g, ' ');
    return { ast: read(plain) };
  } catch (error) {
    return { details: { error, token, location: parser.lexer.yylloc } };
  } finally {
    parser.parseError = parseError;
  }
}
