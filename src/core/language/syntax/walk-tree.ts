import type { Range } from '../../prompts/prompt.ts';
import type { Call, Expression, HashPair, PartialNode, Statement, SyntaxTree } from './tree.ts';

/** Also true for the offset directly after a range: the cursor is there after typing. */
export function contains({ start, end }: Range, offset: number): boolean {
  return offset >= start && offset <= end;
}

/** The lists of statements inside a statement: its body, then the content after `{{else}}`. */
export function bodiesOf(statement: Statement): Statement[][] {
  if (statement.kind === 'block')
    return statement.inverse ? [statement.body, statement.inverse.body] : [statement.body];
  return statement.kind === 'partial' && statement.body ? [statement.body] : [];
}

/** Every statement in the order of the file, including those inside blocks. */
export function* statementsOf(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    for (const body of bodiesOf(statement)) yield* statementsOf(body);
  }
}

export function partialsOf(tree: SyntaxTree): PartialNode[] {
  return [...statementsOf(tree.template.body)].filter((statement) => statement.kind === 'partial');
}

/** The statements around an offset, the outermost first. */
export function statementsAt(tree: SyntaxTree, offset: number): Statement[] {
  const found: Statement[] = [];
  let body: readonly Statement[] | undefined = tree.template.body;
  while (body) {
    const inner: Statement | undefined =
      body.find(({ range }) => offset >= range.start && offset < range.end) ??
      body.findLast(({ range }) => contains(range, offset));
    if (!inner) break;
    found.push(inner);
    body = bodiesOf(inner).find((statements) => statements.some(({ range }) => contains(range, offset)));
  }
  return found;
}

/** The name that a call starts with, if it is a plain name. */
export function callName({ path }: Call): string | undefined {
  if (path.kind !== 'path' || path.data || path.depth > 0 || path.segments.length !== 1) return undefined;
  return path.segments[0]?.text;
}

/** The call of a mustache or block and those in parentheses inside it; for a partial, those in its arguments. */
export function callsOf(statement: Statement): Call[] {
  if (statement.kind === 'mustache' || statement.kind === 'block') return [statement.call, ...callsIn(statement.call)];
  return statement.kind === 'partial' ? callsIn(statement) : [];
}

function callsIn({ params, hash }: { params: readonly Expression[]; hash: readonly HashPair[] }): Call[] {
  return [...params, ...hash.map(({ value }) => value)].flatMap((expression) =>
    expression.kind === 'call' ? [expression.call, ...callsIn(expression.call)] : [],
  );
}
