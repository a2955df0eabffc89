import type { Range } from '../../prompts/prompt.ts';
import type { SyntaxTree } from './tree.ts';

/** A YAML text without its quotes. */
export function unquoted({ source }: SyntaxTree, range: Range): Range {
  const quote = source[range.start];
  if (quote !== '"' && quote !== "'") return range;
  return { start: range.start + 1, end: source[range.end - 1] === quote ? range.end - 1 : range.end };
}
