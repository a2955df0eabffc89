import type { Call, Expression, HashPair, Statement } from './tree.ts';

/** Every statement in the order of the file, including those inside blocks and partials. */
export function* walkStatements(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    if (statement.kind === 'block') {
      yield* walkStatements(statement.body);
      if (statement.inverse) yield* walkStatements(statement.inverse.body);
    } else if (statement.kind === 'partial' && statement.body) yield* walkStatements(statement.body);
  }
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
