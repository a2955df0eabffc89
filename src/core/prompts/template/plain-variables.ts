import { helperName } from './template-checks.ts';

/** What a use reveals about a value: a text is printed or tested as a whole, anything else has parts. */
type Use = 'printed' | 'tested' | 'parts';

/** Helpers that only test a value. */
const TESTS = new Set(['if', 'unless', 'ifEquals', 'unlessEquals']);

/** The variables that a template only prints or tests as a whole: any text will do; a list or a map must be JSON. */
export function plainVariables(ast: hbs.AST.Program): Set<string> {
  const uses = new Map<string, Set<Use>>();
  visitProgram(ast, uses);
  return new Set([...uses].flatMap(([name, found]) => (found.has('parts') ? [] : [name])));
}

type Uses = Map<string, Set<Use>>;

function visitProgram(program: hbs.AST.Program | undefined, uses: Uses): void {
  for (const name of program?.blockParams ?? []) note(name, 'parts', uses);
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') visitCall(statement as hbs.AST.MustacheStatement, 'printed', uses);
    else if (statement.type === 'BlockStatement') {
      const block = statement as hbs.AST.BlockStatement;
      visitCall(block, 'parts', uses);
      visitProgram(block.program, uses);
      visitProgram(block.inverse, uses);
    } else if (/Partial|Decorator/.test(statement.type)) {
      const { params, hash, program: inner } = statement as hbs.AST.PartialBlockStatement;
      visitAll([...params, ...(hash?.pairs ?? []).map(({ value }) => value)], 'parts', uses);
      visitProgram(inner, uses);
    }
  }
}

type Call = Pick<hbs.AST.MustacheStatement, 'path' | 'params' | 'hash'>;

function visitCall(call: Call, own: Use, uses: Uses): void {
  const values = [...call.params, ...(call.hash?.pairs ?? []).map(({ value }) => value)];
  if (values.length === 0) {
    visit(call.path, own, uses);
    return;
  }
  const name = helperName(call as hbs.AST.MustacheStatement, new Set());
  visitAll(values, name === 'media' ? 'printed' : TESTS.has(name ?? '') ? 'tested' : 'parts', uses);
}

function visitAll(expressions: readonly hbs.AST.Expression[], use: Use, uses: Uses): void {
  for (const expression of expressions) visit(expression, use, uses);
}

function visit(expression: hbs.AST.Expression, use: Use, uses: Uses): void {
  if (expression.type === 'SubExpression') {
    const { params, hash } = expression as hbs.AST.SubExpression;
    visitAll([...params, ...(hash?.pairs ?? []).map(({ value }) => value)], 'parts', uses);
    return;
  }
  if (expression.type !== 'PathExpression') return;
  const { parts, data } = expression as hbs.AST.PathExpression;
  const [name, ...rest] = data ? parts.slice(parts[0] === 'root' ? 1 : parts.length) : parts;
  if (typeof name === 'string') note(name, rest.length > 0 ? 'parts' : use, uses);
}

function note(name: string, use: Use, uses: Uses): void {
  const found = uses.get(name);
  if (found) found.add(use);
  else uses.set(name, new Set([use]));
}
