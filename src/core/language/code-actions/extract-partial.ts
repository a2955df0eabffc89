import path from 'node:path';
import type { Range } from '../../prompts/prompt.ts';
import { applyEdits } from '../formatting/format-prompt.ts';
import { parseTree } from '../syntax/parse-tree.ts';
import type { AnalyzedPrompt, PartialNode, SyntaxTree } from '../syntax/tree.ts';
import { partialsOf, statementsOf } from '../syntax/walk-tree.ts';
import { keepsShape } from './inline-partial.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';

/** Moves a selection to a partial next to the file, if the rendered prompt stays the same. */
export function extractPartial({ analyzed, path: file, exists }: ActionRequest, selection: Range): PromptAction[] {
  const { source, template } = analyzed.tree;
  if (file === undefined) return [];
  // A call alone on its line removes the whole line, so the partial has to contain the text around it.
  const margin = /(?:^|\n)([ \t]*)$/.exec(source.slice(template.range.start, selection.start))?.[1];
  const rest = /^([ \t]*)(\r?\n|$)/.exec(source.slice(selection.end, template.range.end));
  const alone = margin !== undefined && rest !== null;
  const start = selection.start - (alone ? margin.length : 0);
  const end = selection.end + (alone ? (rest[1]?.length ?? 0) : 0);
  if (!canMove(analyzed, { start, end })) return [];
  let name = 'extracted';
  const target = () => path.join(path.dirname(file), `_${name}.prompt`);
  for (let count = 2; exists?.(target()); count += 1) name = `extracted-${count}`;
  const text = source.slice(start, end) + (alone && rest[2] ? '\n' : '');
  const edit = { range: { start, end }, text: `{{> ${name}}}` };
  const from = template.range.start;
  const after = source.slice(from, template.range.end);
  const local = { ...edit, range: { start: start - from, end: end - from } };
  if (!keepsShape({ before: applyEdits(after, [local]), after, text, at: start - from })) return [];
  const title = `Extract to partial _${name}.prompt`;
  return [{ title, kind: 'refactor.extract', edits: [edit], create: { path: target(), text }, asksName: true }];
}

/** The name in the partial call that most of a selection is in: after an extraction, in the call that it inserted. */
export function nameOfCall({ tree }: AnalyzedPrompt, selection: Range): Range | undefined {
  const shared = ({ range }: PartialNode) =>
    Math.min(range.end, selection.end) - Math.max(range.start, selection.start);
  const touched = partialsOf(tree).filter((call) => shared(call) >= 0);
  return touched.sort((a, b) => shared(b) - shared(a))[0]?.nameRange;
}

/** Only whole statements can move, and none that uses names from outside the selection. */
function canMove({ tree, references }: AnalyzedPrompt, { start, end }: Range): boolean {
  const fits = [...statementsOf(tree.template.body)].every(
    ({ kind, range }) =>
      kind === 'text' ||
      range.end <= start ||
      range.start >= end ||
      isInside(range, { start, end }) ||
      (kind === 'block' && isInBody(range, { start, end }, tree)),
  );
  const inner = parseTree(`---\n---\n${tree.source.slice(start, end)}`).template.body;
  const isWhole = [...statementsOf(inner)].every(
    (statement) => statement.kind !== 'error' && (statement.kind !== 'block' || statement.close),
  );
  const reaches = references.some(({ kind, pathRange, declaration }) => {
    if (!isInside(pathRange, { start, end })) return false;
    const outside = kind === 'block-param' && !(declaration && isInside(declaration, { start, end }));
    return outside || kind === 'loop-data' || tree.source.startsWith('../', pathRange.start);
  });
  return fits && isWhole && !reaches;
}

export function isInside(range: Range, outer: Range): boolean {
  return range.start >= outer.start && range.end <= outer.end;
}

/** True if a selection is within a block and touches none of its tags. */
function isInBody(block: Range, selection: Range, tree: SyntaxTree): boolean {
  const node = [...statementsOf(tree.template.body)].find(
    ({ kind, range }) => kind === 'block' && range.start === block.start,
  );
  if (node?.kind !== 'block') return false;
  const tags = [
    node.openRange,
    ...(node.inverse ? [node.inverse.tagRange] : []),
    ...(node.close ? [node.close.range] : []),
  ];
  return isInside(selection, block) && tags.every((tag) => tag.end <= selection.start || tag.start >= selection.end);
}
