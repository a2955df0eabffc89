import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import type { SyntaxTree } from '../syntax/tree.ts';

/** The editing state of a file. */
export interface Typing {
  /** The cursor position while the user is typing; undefined after a pause or once the cursor is elsewhere. */
  offset?: number | undefined;
  /** The file is being written: changed by hand, and neither saved by hand nor left since. */
  unsaved: boolean;
}

/**
 * The diagnostics without those caused only by an incomplete line of front matter. Nothing is hidden for good: after a
 * pause all of it is shown, and the run and the command line never use this filter.
 */
export function withoutIncompleteLines(found: readonly Diagnostic[], tree: SyntaxTree, typing: Typing): Diagnostic[] {
  const { offset, unsaved } = typing;
  const line = offset === undefined ? undefined : unfinishedLines(tree, offset);
  const declares = offset !== undefined && isInInputSchema(tree, offset);
  return found.flatMap((one): Diagnostic[] => {
    if (one.code === 'front-matter-unclosed' && unsaved) return line ? [] : [softened(one)];
    if (declares && one.code === 'undefined-variable') return [];
    return line && one.range.start <= line.end && one.range.end >= line.start ? [] : [one];
  });
}

function softened(one: Diagnostic): Diagnostic {
  if (one.severity !== 'error') return one;
  return { ...one, severity: 'info', message: 'The front matter is not closed yet. End it with a `---` line.' };
}

/** The line of front matter at an offset, with the key above it that has no value yet. */
function unfinishedLines({ source, frontMatter }: SyntaxTree, offset: number): Range | undefined {
  if (!frontMatter) return undefined;
  const { range } = frontMatter;
  if (offset < range.start || offset > range.end) return undefined;
  let start = source.lastIndexOf('\n', offset - 1) + 1;
  const above = source.slice(range.start, start).trimEnd();
  if (/:(?:[^\S\r\n]*(?:#[^\r\n]*)?)$/.test(above)) start = range.start + above.lastIndexOf('\n') + 1;
  const end = source.indexOf('\n', offset);
  return { start: Math.max(start, range.start), end: end < 0 ? source.length : end };
}

/** While the inputs are being declared, undeclared ones are not errors. */
export function isInInputSchema({ source, frontMatter }: SyntaxTree, offset: number): boolean {
  if (!frontMatter || offset < frontMatter.range.start || offset > frontMatter.range.end) return false;
  const input = frontMatter.root.entries.find(({ key }) => key === 'input');
  const schema = findEntry(frontMatter.root, ['input', 'schema']);
  if (!input || !schema) return false;
  const next = frontMatter.root.entries.find(({ keyRange }) => keyRange.start > input.keyRange.start);
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return offset > schema.keyRange.end && offset <= (next?.keyRange.start ?? source.length) && /^(?:\s|$)/.test(line);
}
