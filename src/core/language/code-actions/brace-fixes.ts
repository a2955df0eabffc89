import { braceMismatch } from '../../prompts/template/brace-mismatch.ts';
import { openBracesBefore } from '../diagnostics/stray-braces.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { SyntaxTree } from '../syntax/tree.ts';

/** Fixes for tags with unbalanced braces; surplus braces may belong to the surrounding text, as in `{"a":{{b}}}`. */
export function braceFixes(tree: SyntaxTree, closeAt: number): { title: string; edit: TextEdit; preferred: boolean }[] {
  const found = braceMismatch(tree.source, closeAt);
  if (!found) return [];
  const { open, start, close } = found;
  const surplus = close.end - close.start - open.length;
  if (surplus < 0) {
    const text = '}'.repeat(-surplus);
    const edit = { range: { start: close.end, end: close.end }, text };
    return [{ title: `Close the tag with ${'}'.repeat(open.length)}`, edit, preferred: true }];
  }
  const tagEnd = close.start + open.length;
  const isText = openBracesBefore(tree, start) >= surplus;
  const remove = { range: { start: tagEnd, end: close.end }, text: '' };
  const separate = { range: { start: tagEnd, end: tagEnd }, text: ' ' };
  const braces = '}'.repeat(surplus);
  return [
    { title: `Remove the extra ${braces}`, edit: remove, preferred: !isText },
    ...(isText ? [{ title: `Insert a space before the literal ${braces}`, edit: separate, preferred: true }] : []),
  ];
}
