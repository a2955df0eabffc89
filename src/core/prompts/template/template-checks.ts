import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { DiagnosticData, Range } from '../prompt.ts';

/** An error in a template; the range is relative to the template's own start. */
export interface TemplateProblem {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  range: Range;
  data?: DiagnosticData;
}

/** Helpers that write a marker; used as blocks, dotprompt would send nothing at all. */
export const MARKER_HELPERS: readonly string[] = ['role', 'history', 'section', 'media'];
const INLINE_HELPERS: readonly string[] = [...MARKER_HELPERS, 'json', 'lookup', 'log'];
const BLOCK_HELPERS: readonly string[] = ['if', 'unless', 'each', 'with', 'ifEquals', 'unlessEquals'];
const ROLES: readonly string[] = ['system', 'user', 'model', 'assistant', 'tool'];
/** The number of positional arguments of a helper, if it is fixed. */
const ARGUMENTS: Record<string, number> = {
  role: 1,
  section: 1,
  json: 1,
  if: 1,
  unless: 1,
  each: 1,
  with: 1,
  ifEquals: 2,
  unlessEquals: 2,
  lookup: 2,
  history: 0,
};
/** The named arguments of each helper. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  media: ['url', 'contentType'],
  json: ['indent'],
  log: ['level'],
  if: ['includeZero'],
  unless: ['includeZero'],
};

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;
type RangeOf = (node: { loc: hbs.AST.SourceLocation }) => Range;

interface Checker {
  problems: TemplateProblem[];
  rangeOf: RangeOf;
  /** Inside `each` or `with`, where a plain name is that of an element's field, unless a helper has it. */
  inElement: boolean;
}

/** Finds errors that the syntax allows but rendering does not: misused or unknown helpers and roles. */
export function checkTemplate(ast: hbs.AST.Program, rangeOf: RangeOf): TemplateProblem[] {
  const checker: Checker = { problems: [], rangeOf, inElement: false };
  checkProgram(ast, new Set(), checker);
  return checker.problems;
}

/** The name by which a call reaches a helper; undefined for a path, a literal, or a block parameter of that name. */
export function helperName(call: { path: hbs.AST.Node }, blockParams: ReadonlySet<string>): string | undefined {
  if (call.path.type !== 'PathExpression') return undefined;
  const path = call.path as hbs.AST.PathExpression;
  const name = path.parts[0];
  const isSimple = path.parts.length === 1 && !path.data && path.depth === 0 && !/^\.|this\b/.test(path.original);
  return isSimple && typeof name === 'string' && !blockParams.has(name) ? name : undefined;
}

export function isHelper(name: string | undefined): boolean {
  return name !== undefined && (INLINE_HELPERS.includes(name) || BLOCK_HELPERS.includes(name));
}

export function childScope(program: hbs.AST.Program, outer: ReadonlySet<string>): ReadonlySet<string> {
  return program.blockParams?.length ? new Set([...outer, ...program.blockParams]) : outer;
}

function checkProgram(program: hbs.AST.Program, outer: ReadonlySet<string>, checker: Checker): void {
  const scope = childScope(program, outer);
  for (const statement of program.body) checkStatement(statement, scope, checker);
}

function checkStatement(statement: hbs.AST.Statement, scope: ReadonlySet<string>, checker: Checker): void {
  switch (statement.type) {
    case 'MustacheStatement':
      checkCall(statement as hbs.AST.MustacheStatement, scope, checker);
      break;
    case 'BlockStatement': {
      const block = statement as hbs.AST.BlockStatement;
      checkCall(block, scope, checker);
      const helper = helperName(block, scope);
      const inElement = checker.inElement || helper === 'each' || helper === 'with';
      if (block.program) checkProgram(block.program, scope, { ...checker, inElement });
      if (block.inverse) checkProgram(block.inverse, scope, checker);
      break;
    }
    case 'PartialStatement':
      checkArguments(statement as hbs.AST.PartialStatement, scope, checker);
      break;
    case 'PartialBlockStatement':
      checkArguments(statement as hbs.AST.PartialBlockStatement, scope, checker);
      checkProgram((statement as hbs.AST.PartialBlockStatement).program, scope, checker);
      break;
    case 'DecoratorBlock':
      checkProgram((statement as hbs.AST.DecoratorBlock).program, scope, checker);
      break;
    case 'Decorator':
      report(checker, statement, { code: 'template-unknown-helper', message: 'Decorators are not supported.' });
  }
}

function checkArguments(call: Pick<Call, 'params' | 'hash'>, scope: ReadonlySet<string>, checker: Checker): void {
  for (const value of [...call.params, ...(call.hash?.pairs ?? []).map((pair) => pair.value)]) {
    if (value.type === 'SubExpression') checkCall(value as hbs.AST.SubExpression, scope, checker);
  }
}

function checkCall(call: Call, scope: ReadonlySet<string>, checker: Checker): void {
  checkArguments(call, scope, checker);
  const name = helperName(call, scope);
  const isBlock = call.type === 'BlockStatement';
  const hasArguments = call.params.length > 0 || (call.hash?.pairs.length ?? 0) > 0;
  if (!isHelper(name)) {
    if (!hasArguments && call.type !== 'SubExpression') return;
    const shown = call.path.type === 'PathExpression' ? (call.path as hbs.AST.PathExpression).original : 'This';
    const near = nearestNames(shown, isBlock ? BLOCK_HELPERS : INLINE_HELPERS, 1);
    const message = `Unknown helper \`${shown}\`.${withSpace(didYouMean(near))}`;
    report(checker, call.path, { code: 'template-unknown-helper', message, ...suggest(near) });
    return;
  }
  const helper = name ?? '';
  if (isBlock && INLINE_HELPERS.includes(helper)) {
    reportBlock(checker, call, helper);
  } else if (!isBlock && BLOCK_HELPERS.includes(helper)) {
    const message = `\`${helper}\` is a block: write \`{{#${helper} …}}…{{/${helper}}}\`.`;
    report(checker, call, { code: 'template-block', message });
  } else {
    checkHelperArguments(call, helper, checker);
  }
}

function reportBlock(checker: Checker, call: Call, helper: string): void {
  const form = helper === 'history' ? '{{history}}' : helper === 'media' ? '{{media url=…}}' : `{{${helper} …}}`;
  const message = `\`${helper}\` is not a block: write \`${form}\` without a closing tag.`;
  const { start } = checker.rangeOf(call);
  const { end } = checker.rangeOf(call.hash ?? call.params.at(-1) ?? call.path);
  checker.problems.push({ code: 'template-block', severity: 'error', message, range: { start, end } });
}

function checkHelperArguments(call: Call, helper: string, checker: Checker): void {
  const expected = ARGUMENTS[helper];
  const code = 'template-arguments';
  const isBare = call.type === 'MustacheStatement' && call.params.length === 0 && !call.hash?.pairs.length;
  if (isBare && checker.inElement && (expected ?? 0) + (helper === 'media' ? 1 : 0) > 0) {
    const message = `\`${helper}\` is a helper here, not a field of the element. Did you mean \`this.${helper}\`?`;
    report(checker, call.path, { code, message, ...suggest([`this.${helper}`]) });
    return;
  }
  if (expected !== undefined && call.params.length !== expected) {
    const count = expected === 0 ? 'no arguments' : expected === 1 ? 'one argument' : `${expected} arguments`;
    report(checker, call.path, { code, message: `\`${helper}\` expects ${count}, but got ${call.params.length}.` });
    return;
  }
  if (helper === 'media' && (call.params.length > 0 || !call.hash?.pairs.some((pair) => pair.key === 'url'))) {
    report(checker, call, { code, message: '`media` needs a named argument: write `{{media url=…}}`.' });
  }
  for (const pair of call.hash?.pairs ?? []) checkNamed(pair, helper, checker);
  const role = call.params[0];
  if (helper === 'role' && role?.type === 'StringLiteral') checkRole(role as hbs.AST.StringLiteral, checker);
}

/** Rendering ignores it, so it is not an error, but it has no effect. */
function checkNamed(pair: hbs.AST.HashPair, helper: string, checker: Checker): void {
  const known = Object.hasOwn(NAMED, helper) ? (NAMED[helper] ?? []) : [];
  if (known.includes(pair.key)) return;
  const near = nearestNames(pair.key, known, 1);
  const message = `\`${helper}\` has no argument named \`${pair.key}\`.${withSpace(didYouMean(near))}`;
  const { start } = checker.rangeOf(pair);
  const range = { start, end: start + pair.key.length };
  checker.problems.push({ code: 'template-arguments', severity: 'warning', message, range, ...suggest(near) });
}

function checkRole(literal: hbs.AST.StringLiteral, checker: Checker): void {
  if (ROLES.includes(literal.value)) return;
  const near = nearestNames(literal.value, ROLES, 1);
  const message = `Unknown role \`${literal.value}\`. ${didYouMean(near) ?? 'Use system, user, model or tool.'}`;
  report(checker, literal, { code: 'template-role', message, ...suggest(near) });
}

const withSpace = (text: string | undefined) => (text === undefined ? '' : ` ${text}`);

const suggest = ([suggestion]: readonly string[]): Pick<TemplateProblem, 'data'> =>
  suggestion === undefined ? {} : { data: { suggestion } };

function report(
  checker: Checker,
  node: hbs.AST.Node,
  problem: Pick<TemplateProblem, 'code' | 'message' | 'data'>,
): void {
  checker.problems.push({ ...problem, severity: 'error', range: checker.rangeOf(node) });
}
