import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';
import type { Range } from '../../prompts/prompt.ts';
import { parseTrimmedTemplate } from '../../prompts/template/template.ts';
import { analyzePartial } from '../analysis/analyze.ts';
import { scopeAt, type TemplateScope } from '../analysis/template-scope.ts';
import { applyEdits, type TextEdit } from '../formatting/format-prompt.ts';
import { isBare } from '../syntax/paths.ts';
import { shapeOfProgram } from '../syntax/template-shape.ts';
import type { AnalyzedPrompt, HashPair, PartialNode, Reference, SyntaxTree } from '../syntax/tree.ts';
import { partialsOf, statementsOf } from '../syntax/walk-tree.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';

/** Replaces a call with the partial's text, and the names in it with the call's named arguments. */
export function inlinePartial({ analyzed, selection, workspace, path: file }: ActionRequest): PromptAction[] {
  const { tree } = analyzed;
  const node = [...statementsOf(tree.template.body)].find(
    (statement): statement is PartialNode =>
      statement.kind === 'partial' && statement.range.start <= selection.start && selection.end <= statement.range.end,
  );
  if (!node?.name || node.params.length > 0 || node.body) return [];
  const partial = workspace?.partial(node.name, file);
  if (!partial || partial.path === file) return [];
  const read = analyzePartial(partial.source);
  if (looksAbove(read) || meetsParam(read, node, scopeAt(analyzed, node.range.start))) return [];
  const text = withGiven(tree.source, partial.source, node.hash);
  if (text === undefined) return [];
  const edit = placeOf(tree, node, text);
  const { start, end } = tree.template.range;
  // lines that a block writes are indented by the call when it renders, which inlined text cannot do
  const isIndented = edit.range.start < node.range.start;
  if (isIndented && (/~\}\}|\{\{~/.test(text) || read.tree.template.body.some(({ kind }) => kind === 'block')))
    return [];
  const local = { ...edit, range: shift(edit.range, -start) };
  const before = tree.source.slice(start, end);
  const after = applyEdits(before, [local]);
  // with front matter, whitespace around the template is dropped, including the partial's
  if (tree.frontMatter && after.trim() !== after) return [];
  const isSame = keepsShape({ before, after, text: edit.text, at: node.range.start - start });
  return isSame ? [{ title: `Inline partial ${node.name}`, kind: 'refactor.inline', edits: [edit] }] : [];
}

/** A call alone on its line drops the line ending and indents every line of the partial. */
function placeOf({ source, template }: SyntaxTree, { range }: PartialNode, text: string): TextEdit {
  const before = /(?:^|\n)([ \t]*)$/.exec(source.slice(template.range.start, range.start));
  const after = /^[ \t]*(?:\r?\n|$)/.exec(source.slice(range.end, template.range.end));
  if (!before || !after) return { range, text };
  const margin = before[1] ?? '';
  const end = range.end + after[0].length;
  return { range: { start: range.start - margin.length, end }, text: text.replace(/^(?=[^\n])/gm, margin) };
}

/** A tag at the partial's edge may be alone on a line there, and not where the partial is inserted. */
export function keepsShape({
  before,
  after,
  text,
  at,
}: {
  before: string;
  after: string;
  text: string;
  at: number;
}): boolean {
  const [caller, inlined, partial] = [
    parseTrimmedTemplate(before),
    parseTrimmedTemplate(after),
    parseTrimmedTemplate(text),
  ];
  if (!caller.ast || !inlined.ast || !partial.ast) return false;
  let body: hbs.AST.Statement[] | undefined = partial.ast.body;
  const expected = shapeOfProgram(caller.ast, (statement) => {
    if (!body || statement.type !== 'PartialStatement' || caller.rangeOf(statement).start !== at) return undefined;
    const put = body;
    // a call inside the partial may be at the same position of its own file
    body = undefined;
    return put;
  });
  return expected === shapeOfProgram(inlined.ast);
}

/** The partial's text with the arguments inserted; undefined if that would change the rendered prompt. */
function withGiven(caller: string, source: string, hash: readonly HashPair[]): string | undefined {
  const { template } = splitFrontMatter(source);
  if (hash.length === 0) return source.slice(template.start, template.end);
  const partial = analyzePartial(source);
  const given = new Map(hash.map((pair) => [pair.key, pair]));
  // a nested partial sees the arguments too
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

/** True if a `../` leads out of the partial: there it finds nothing, and in its caller's text it would. */
function looksAbove(partial: AnalyzedPrompt): boolean {
  return partial.references.some(({ pathRange }) => {
    const written = partial.tree.source.slice(pathRange.start, pathRange.end);
    const ups = written.split('/').filter((step) => step === '..').length;
    return ups > 0 && ups >= scopeAt(partial, pathRange.start).contexts.length;
  });
}

/** True if a name of the partial would refer to a block around the call, which a partial does not see. */
function meetsParam({ references }: AnalyzedPrompt, { hash }: PartialNode, { blockParams }: TemplateScope): boolean {
  const params = new Set(blockParams.map(({ name }) => name));
  for (const { key } of hash) params.delete(key);
  return references.some(({ kind, name }) => (kind === 'input' || kind === 'element') && params.has(name));
}

function shift({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** Only a plain name outside blocks that change the context refers to an argument. */
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
  // a literal in braces would be looked up as a name, so its text is inserted instead
  const text = String(value.value ?? '');
  const isPlain = !/[{\\]|<<</.test(text) && !partial.tree.source.slice(tag.range.start, tag.range.end).includes('~');
  return isPlain ? { range: tag.range, text } : undefined;
}
