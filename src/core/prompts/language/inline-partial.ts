import { splitFrontMatter } from '../front-matter.ts';
import type { Range } from '../prompt.ts';
import { analyzePartial } from './analyze-partial.ts';
import type { ActionRequest, PromptAction } from './code-actions.ts';
import { applyEdits, type TextEdit } from './format-prompt.ts';
import { isBare } from './paths.ts';
import type { AnalyzedPrompt, HashPair, PartialNode, Reference } from './tree.ts';
import { partialsOf, statementsOf } from './walk-tree.ts';

/** Puts a partial's text in the place of its call, and what the call gives by name in the place of those names. */
export function inlinePartial({ analyzed: { tree }, selection, workspace, path: file }: ActionRequest): PromptAction[] {
  const node = [...statementsOf(tree.template.body)].find(
    (statement): statement is PartialNode =>
      statement.kind === 'partial' && statement.range.start <= selection.start && selection.end <= statement.range.end,
  );
  if (!node?.name || node.params.length > 0 || node.body) return [];
  const partial = workspace?.partial(node.name, file);
  if (!partial || partial.path === file) return [];
  const text = withGiven(tree.source, partial.source, node.hash);
  if (text === undefined) return [];
  const title = `Inline partial ${node.name}`;
  const before = /(?:^|\n)([ \t]*)$/.exec(tree.source.slice(tree.template.range.start, node.range.start));
  const after = /^[ \t]*(?:\r?\n|$)/.exec(tree.source.slice(node.range.end));
  if (!before || !after) return [{ title, kind: 'refactor.inline', edits: [{ range: node.range, text }] }];
  // Alone on its line a call drops the line's end and indents every line of the partial.
  const indented = text.replace(/^(?=[^\n])/gm, before[1] ?? '');
  const range = { start: node.range.start - (before[1]?.length ?? 0), end: node.range.end + after[0].length };
  return [{ title, kind: 'refactor.inline', edits: [{ range, text: indented }] }];
}

/** The partial's text with what is given put in; undefined where that cannot be done without changing what is sent. */
function withGiven(caller: string, source: string, hash: readonly HashPair[]): string | undefined {
  const { template } = splitFrontMatter(source);
  if (hash.length === 0) return source.slice(template.start, template.end);
  const partial = analyzePartial(source);
  const given = new Map(hash.map((pair) => [pair.key, pair]));
  // a partial inside sees what is given too
  if (partialsOf(partial.tree).length > 0) return undefined;
  const edits: TextEdit[] = [];
  for (const reference of partial.references) {
    const pair = reference.kind === 'helper' ? undefined : given.get(reference.name);
    if (!pair || reference.kind === 'block-param' || reference.kind === 'loop-data') continue;
    const edit = givenEdit(caller, pair, { partial, reference });
    if (!edit) return undefined;
    edits.push(edit);
  }
  const moved = edits.map(({ range, text }) => ({ range: shift(range, -template.start), text }));
  return applyEdits(source.slice(template.start, template.end), moved);
}

function shift({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** Only a plain name outside of the blocks that look names up elsewhere means what was given. */
function givenEdit(
  caller: string,
  { value }: HashPair,
  { partial, reference }: { partial: AnalyzedPrompt; reference: Reference },
): TextEdit | undefined {
  const { kind, range, pathRange, rest } = reference;
  if (kind !== 'input' || value.kind === 'call' || range.start !== pathRange.start) return undefined;
  const written = caller.slice(value.range.start, value.range.end);
  if (value.kind === 'path') return isBare(value) || value.data ? { range, text: written } : undefined;
  if (rest.length > 0) return undefined;
  const tag = [...statementsOf(partial.tree.template.body)].find(
    (statement) => statement.kind === 'mustache' && statement.call.path.range.start === range.start,
  );
  if (!tag) return { range, text: written };
  // a literal between braces would be looked up as a name, so its text stands there itself
  const text = String(value.value ?? '');
  const isPlain = !/[{\\]|<<</.test(text) && !partial.tree.source.slice(tag.range.start, tag.range.end).includes('~');
  return isPlain ? { range: tag.range, text } : undefined;
}
