import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/schema-variables.ts';
import type { SyntaxTree } from '../syntax/tree.ts';

/** How far the writing of a file has come, as the editor sees it. */
export interface Typing {
  /** Where a key was typed a moment ago and the cursor still is; undefined after a pause or once it is elsewhere. */
  offset?: number | undefined;
  /** The file is being written: changed by hand, and neither saved by hand nor left since. */
  unsaved: boolean;
}

/**
 * The diagnostics without what only says that a line of front matter is half typed. Nothing is held back for good: after a
 * pause all of it is shown, and the run and the command line never ask here.
 */
export function withoutHalfTyped(found: readonly Diagnostic[], tree: SyntaxTree, typing: Typing): Diagnostic[] {
  const { offset, unsaved } = typing;
  const line = offset === undefined ? undefined : unfinishedLines(tree, offset);
  const declares = offset !== undefined && isInInputSchema(tree, offset);
  return found.flatMap((one): Diagnostic[] => {
    if (one.code === 'front-matter-unclosed' && unsaved) return line ? [] : [softened(one)];
    if (declares && one.code === 'undefined-variable') return [];
    return line && touches(one.range, line) ? [] : [one];
  });
}

function softened(one: Diagnostic): Diagnostic {
  if (one.severity !== 'error') return one;
  return { ...one, severity: 'info', message: 'The front matter is not closed yet. End it with a `---` line.' };
}

/** The line of front matter around an offset, with the key above it that has no value yet. */
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

/** While the inputs are being declared, those that are not declared yet are no mistakes. */
export function isInInputSchema({ source, frontMatter }: SyntaxTree, offset: number): boolean {
  if (!frontMatter || offset < frontMatter.range.start || offset > frontMatter.range.end) return false;
  const input = frontMatter.root.entries.find(({ key }) => key === 'input');
  const schema = findEntry(frontMatter.root, ['input', 'schema']);
  if (!input || !schema) return false;
  const next = frontMatter.root.entries.find(({ keyRange }) => keyRange.start > input.keyRange.start);
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return offset > schema.keyRange.end && offset <= (next?.keyRange.start ?? source.length) && /^(?:\s|$)/.test(line);
}

function touches(range: Range, line: Range): boolean {
  return range.start <= line.end && range.end >= line.start;
}
