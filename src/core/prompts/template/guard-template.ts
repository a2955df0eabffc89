import { childScope, helperName, isHelper } from './template-checks.ts';

/** The helpers in a rewritten template; no name of an input can hide them. */
export const VALUE = 'llmops:value';
export const ARGUMENT = 'llmops:argument';
export const URL_ARGUMENT = 'llmops:url';
export const ROLE = 'llmops:role';

interface Scope {
  blockParams: ReadonlySet<string>;
  /** Turns text that only looks like the start of a marker into a token. */
  breakMarker(text: string): string;
}

/** dotprompt treats any text with this prefix as a marker, even if the rest of the marker is missing. */
const INCOMPLETE_MARKER = /<<<dotprompt:(?!(?:role:[a-z]+|history)>>>|(?:media:url|section).*?>>>)/g;

/** Rewrites a parsed template in place, so that the output of its expressions passes through the guard's helpers. */
export function guardTemplate(ast: hbs.AST.Program, breakMarker: Scope['breakMarker']): hbs.AST.Program {
  return rewriteProgram(ast, { blockParams: new Set(), breakMarker });
}

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
      const origin = [boolean(loc, value.type === 'StringLiteral'), string(loc, expressionText(value))];
      pair.value = call(loc, pair.key === 'url' ? URL_ARGUMENT : ARGUMENT, [value, ...origin]);
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

/** `{{"a name"}}` and `{{5}}` look up a field of that name, as in Handlebars. */
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
