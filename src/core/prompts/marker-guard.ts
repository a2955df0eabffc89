import { randomBytes } from 'node:crypto';
import { UserError } from '../base/errors.ts';
import { childScope, helperName, isHelper } from './template-checks.ts';

/** A text that stands behind a token while dotprompt splits the rendered prompt at its markers. */
interface Kept {
  text: string;
  /** False where the text came from a value; true where the template's author wrote it. */
  literal: boolean;
}

export interface MarkerGuard {
  /** Rewrites a parsed template in place, so that whatever an expression puts out passes through this guard. */
  rewrite(ast: hbs.AST.Program): hbs.AST.Program;
  /** The helpers that rewritten templates call. */
  helpers: Record<string, (...args: unknown[]) => unknown>;
  /** Puts the kept texts back; what is put back is never read again. */
  restore(text: string): string;
  /** The argument of a helper such as `media`: its text, and whether the author wrote it. */
  argument(token: string): Kept;
}

const VALUE = 'llmops:value';
const ARGUMENT = 'llmops:argument';
const URL_ARGUMENT = 'llmops:url';
const ROLE = 'llmops:role';
const ROLES_BY_VALUE: readonly unknown[] = ['user', 'model', 'assistant'];

/**
 * dotprompt renders a template to one string and then looks for markers such as `<<<dotprompt:role:system>>>` in it, so
 * a value could bring its own. Here no value ever reaches that string: each stands there as a token with a random part
 * that nobody can guess, and is put back after the split. A token holds U+2028, which no marker pattern of dotprompt
 * crosses, so that a marker cannot be put together around one either.
 */
export function createMarkerGuard(): MarkerGuard {
  const kept: Kept[] = [];
  const nonce = `llmops${randomBytes(16).toString('hex')}`;
  const blankNonce = toBlank(randomBytes(16));
  const keep = (text: string, literal: boolean) => kept.push({ text, literal }) - 1;
  // dotprompt drops pieces of blank text: the token of a blank value has to be blank as well.
  const blankToken = (index: number) =>
    blankNonce + toBlank(Uint8Array.of(index >> 24, index >> 16, index >> 8, index));
  const valueToken = (text: string) => {
    const index = keep(text, false);
    return text.trim() === '' ? blankToken(index) : `${nonce}v\u2028${index};`;
  };
  const pattern = new RegExp(`${nonce}[v\\u2028a]+(\\d+);|${blankNonce}([\\u2028\\u2029]{32})`, 'g');
  const argumentPattern = new RegExp(`^${nonce}a(\\d+);$`);
  const textAt = (index: string) => kept[Number(index)]?.text ?? '';
  const restore = (text: string) =>
    text.replace(pattern, (_, index?: string, blank?: string) => textAt(index ?? String(fromBlank(blank ?? ''))));
  return {
    rewrite: (ast) => rewriteProgram(ast, { blockParams: new Set(), breakMarker: valueToken }),
    helpers: {
      [VALUE]: (value) => valueToken(toText(value)),
      [ARGUMENT](value, literal) {
        if (value === undefined || value === null || value === '') return undefined;
        return `${nonce}a${keep(toText(value), literal === true)};`;
      },
      [URL_ARGUMENT](value, literal, shown) {
        if (value === undefined || value === null || toText(value).trim() === '') throw emptyMedia(String(shown));
        return `${nonce}a${keep(toText(value).trim(), literal === true)};`;
      },
      [ROLE](value) {
        if (ROLES_BY_VALUE.includes(value)) return value;
        throw new UserError(`A value names the role \`${toText(value).slice(0, 40)}\`.`, {
          code: 'invalid-input',
          hint: 'A value may name user or model; other roles must be written in the template, as {{role "system"}}.',
        });
      },
    },
    restore,
    argument(token) {
      const index = argumentPattern.exec(token)?.[1];
      const found = index === undefined ? undefined : kept[Number(index)];
      return found ?? { text: restore(token), literal: true };
    },
  };
}

function emptyMedia(shown: string): UserError {
  return new UserError(`The template sends media from \`${shown}\`, and that is empty.`, {
    code: 'invalid-input',
    hint: `Give it a URL, or put the helper between {{#if ${shown}}} and {{/if}}.`,
  });
}

/** What Handlebars itself would append for a value. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function toBlank(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replaceAll('0', '\u2028').replaceAll('1', '\u2029');
}

function fromBlank(blank: string): number {
  return Number.parseInt(blank.replaceAll('\u2028', '0').replaceAll('\u2029', '1'), 2);
}

interface Scope {
  blockParams: ReadonlySet<string>;
  /** Makes a token of text that only looks like the beginning of a marker. */
  breakMarker(text: string): string;
}

/** dotprompt takes any text that begins so for a marker, also where the rest of the marker is missing. */
const INCOMPLETE_MARKER = /<<<dotprompt:(?!(?:role:[a-z]+|history)>>>|(?:media:url|section).*?>>>)/g;

function rewriteProgram(program: hbs.AST.Program, outer: Scope): hbs.AST.Program {
  const scope = { ...outer, blockParams: childScope(program, outer.blockParams) };
  for (const statement of program.body) rewriteStatement(statement, scope);
  return program;
}

function rewriteStatement(statement: hbs.AST.Statement, scope: Scope): void {
  if (statement.type === 'ContentStatement') {
    const content = statement as hbs.AST.ContentStatement;
    content.value = content.value.replace(INCOMPLETE_MARKER, scope.breakMarker);
  } else if (statement.type === 'MustacheStatement') {
    rewriteMustache(statement as hbs.AST.MustacheStatement, scope.blockParams);
  } else if (statement.type === 'BlockStatement') {
    const block = statement as hbs.AST.BlockStatement;
    if (block.program) rewriteProgram(block.program, scope);
    if (block.inverse) rewriteProgram(block.inverse, scope);
  } else if (statement.type === 'PartialBlockStatement' || statement.type === 'DecoratorBlock') {
    rewriteProgram((statement as hbs.AST.PartialBlockStatement).program, scope);
  }
}

function rewriteMustache(mustache: hbs.AST.MustacheStatement, blockParams: ReadonlySet<string>): void {
  const { loc } = mustache;
  const name = helperName(mustache, blockParams);
  const first = mustache.params[0];
  if (name === 'history') return;
  if (name === 'role' || name === 'section') {
    if (first && first.type !== 'StringLiteral')
      mustache.params = [call(loc, name === 'role' ? ROLE : ARGUMENT, [first])];
    return;
  }
  if (name === 'media') {
    for (const pair of mustache.hash?.pairs ?? []) {
      const { value } = pair;
      const facts = [boolean(loc, value.type === 'StringLiteral'), string(loc, expressionText(value))];
      pair.value = call(loc, pair.key === 'url' ? URL_ARGUMENT : ARGUMENT, [value, ...facts]);
    }
    return;
  }
  const { params, hash } = mustache;
  const output =
    isHelper(name) || params.length > 0 || hash
      ? ({ type: 'SubExpression', path: mustache.path, params, hash, loc } as hbs.AST.SubExpression)
      : toPath(mustache.path);
  mustache.path = path(loc, VALUE);
  mustache.params = [output];
  Reflect.deleteProperty(mustache, 'hash');
}

/** `{{"a name"}}` and `{{5}}` look up a field of that name, as Handlebars has it. */
function toPath(expression: hbs.AST.PathExpression | hbs.AST.Literal): hbs.AST.Expression {
  if (expression.type === 'PathExpression') return expression;
  return path(expression.loc, String((expression as hbs.AST.StringLiteral).original));
}

function path(loc: hbs.AST.SourceLocation, name: string): hbs.AST.PathExpression {
  return {
    type: 'PathExpression',
    data: false,
    depth: 0,
    parts: [name],
    original: name,
    loc,
  } as hbs.AST.PathExpression;
}

function call(loc: hbs.AST.SourceLocation, helper: string, params: hbs.AST.Expression[]): hbs.AST.SubExpression {
  return { type: 'SubExpression', path: path(loc, helper), params, loc } as hbs.AST.SubExpression;
}

function boolean(loc: hbs.AST.SourceLocation, value: boolean): hbs.AST.BooleanLiteral {
  return { type: 'BooleanLiteral', value, original: value, loc };
}

function string(loc: hbs.AST.SourceLocation, value: string): hbs.AST.StringLiteral {
  return { type: 'StringLiteral', value, original: value, loc };
}

function expressionText(expression: hbs.AST.Expression): string {
  if (expression.type === 'SubExpression') return 'an expression';
  return String((expression as hbs.AST.PathExpression).original);
}
