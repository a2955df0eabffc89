import type { Statement, SyntaxTree } from '../../../src/core/language/syntax/tree.ts';
import type { Range } from '../../../src/core/prompts/prompt.ts';

/** Prints a file from its tree. Text around the template, including its front matter, is printed unchanged. */
export function printTree({ source, template }: SyntaxTree): string {
  const before = source.slice(0, template.range.start);
  return before + printStatements(source, template.body) + source.slice(template.range.end);
}

/** Prints statements: a tag as written, a block from its own parts. */
function printStatements(source: string, statements: readonly Statement[]): string {
  return statements.map((statement) => printStatement(source, statement)).join('');
}

function printStatement(source: string, statement: Statement): string {
  const slice = ({ start, end }: Range) => source.slice(start, end);
  if (statement.kind === 'block') {
    const { openRange, body, inverse, close } = statement;
    // the tag of a chained `{{else if x}}` is the opening tag of the block in it
    const isChained = inverse !== undefined && inverse.range.start === inverse.tagRange.start;
    const tag = inverse && !isChained ? slice(inverse.tagRange) : '';
    const rest = inverse ? tag + printStatements(source, inverse.body) : '';
    return slice(openRange) + printStatements(source, body) + rest + (close ? slice(close.range) : '');
  }
  if (statement.kind === 'partial' && statement.body) {
    const first = statement.body[0];
    const last = statement.body.at(-1);
    if (!first || !last) return slice(statement.range);
    const open = source.slice(statement.range.start, first.range.start);
    return open + printStatements(source, statement.body) + source.slice(last.range.end, statement.range.end);
  }
  return slice(statement.range);
}
