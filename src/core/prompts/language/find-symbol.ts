import type { Range } from '../prompt.ts';
import { declaredVariables, findEntry, scalars } from './schema-variables.ts';
import type { AnalyzedPrompt, SyntaxTree } from './tree.ts';
import { contains, partialsOf, statementsOf } from './walk-tree.ts';

/** What a person means by pointing at a place of a prompt. */
export type PromptSymbol =
  | { kind: 'variable'; name: string; range: Range }
  /** A name after `as |…|`, which lives inside its block. */
  | { kind: 'block-param'; name: string; range: Range; declaration: Range }
  | { kind: 'partial'; name: string; range: Range }
  /** `team` in `{{> tone team="…"}}`: a variable of the partial. */
  | { kind: 'argument'; partial: string; name: string; range: Range }
  /** A field of an element or a map. */
  | { kind: 'field'; name: string; range: Range };

/** A place where a symbol is written, and what it does there. */
export interface Occurrence {
  range: Range;
  role: 'declaration' | 'default' | 'read' | 'argument' | 'name' | 'data';
}

export function symbolAt(prompt: AnalyzedPrompt, offset: number): PromptSymbol | undefined {
  const { tree } = prompt;
  const declared = [...namesInFrontMatter(tree)].find(({ range }) => contains(range, offset));
  if (declared) return { kind: 'variable', name: declared.name, range: declared.range };
  for (const partial of partialsOf(tree)) {
    if (partial.name !== undefined && contains(partial.nameRange, offset)) {
      return { kind: 'partial', name: partial.name, range: partial.nameRange };
    }
    const pair = partial.hash.find(({ keyRange }) => contains(keyRange, offset));
    if (pair && partial.name !== undefined) {
      return { kind: 'argument', partial: partial.name, name: pair.key, range: pair.keyRange };
    }
  }
  return symbolInTemplate(prompt, offset);
}

function symbolInTemplate({ tree, references }: AnalyzedPrompt, offset: number): PromptSymbol | undefined {
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind !== 'block') continue;
    const param = statement.blockParams.find(({ range }) => contains(range, offset));
    if (param) return { kind: 'block-param', ...param, declaration: param.range };
  }
  const reference = references.find(({ range }) => contains(range, offset));
  if (!reference) return undefined;
  const { kind, name, range, declaration } = reference;
  if (kind === 'input') return { kind: 'variable', name, range };
  if (kind === 'block-param' && declaration) return { kind: 'block-param', name, range, declaration };
  return kind === 'element' ? { kind: 'field', name, range } : undefined;
}

/** Every place of the front matter that names a variable. */
export function* namesInFrontMatter(tree: SyntaxTree): Generator<Occurrence & { name: string }> {
  if (!tree.frontMatter) return;
  const { root } = tree.frontMatter;
  for (const { name, range, from } of declaredVariables(tree)) {
    yield { name, range, role: from === 'schema' ? 'declaration' : 'default' };
    const entry = findEntry(root, ['input', 'default', name]);
    if (entry && from === 'schema') yield { name, range: unquoted(tree, entry.keyRange), role: 'default' };
  }
  for (const { text, range } of scalars(findEntry(root, ['llmops.media'])?.value)) {
    yield { name: text, range: unquoted(tree, range), role: 'read' };
  }
}

/** A YAML text without its quotes. */
export function unquoted({ source }: SyntaxTree, range: Range): Range {
  const quote = source[range.start];
  if (quote !== '"' && quote !== "'") return range;
  return { start: range.start + 1, end: source[range.end - 1] === quote ? range.end - 1 : range.end };
}

/** Every place of one file that names one of its variables, in order. */
export function variableOccurrences(prompt: AnalyzedPrompt, name: string): Occurrence[] {
  const named = [...namesInFrontMatter(prompt.tree)].filter((found) => found.name === name);
  const reads = prompt.references
    .filter((reference) => reference.kind === 'input' && reference.name === name)
    .map(({ range }): Occurrence => ({ range, role: 'read' }));
  return [...named.map(({ range, role }) => ({ range, role })), ...reads].sort((a, b) => a.range.start - b.range.start);
}

/** The declaration of a block parameter and every use of it. */
export function blockParamOccurrences(prompt: AnalyzedPrompt, declaration: Range): Occurrence[] {
  const reads = prompt.references
    .filter(({ kind, declaration: of }) => kind === 'block-param' && of?.start === declaration.start)
    .map(({ range }): Occurrence => ({ range, role: 'read' }));
  return [{ range: declaration, role: 'declaration' }, ...reads];
}

/** What the editor marks when the cursor stands on a name. */
export function highlightsAt(prompt: AnalyzedPrompt, offset: number): Occurrence[] {
  const symbol = symbolAt(prompt, offset);
  switch (symbol?.kind) {
    case 'variable':
      return variableOccurrences(prompt, symbol.name);
    case 'block-param':
      return blockParamOccurrences(prompt, symbol.declaration);
    case 'partial':
      return partialsOf(prompt.tree)
        .filter(({ name }) => name === symbol.name)
        .map(({ nameRange }) => ({ range: nameRange, role: 'name' }));
    case 'argument':
    case 'field':
      return [{ range: symbol.range, role: 'read' }];
    case undefined:
      return blockNamesAt(prompt.tree, offset).map((range) => ({ range, role: 'name' }));
  }
}

/** The two names of a block, where the offset stands in one of them: they are edited together. */
export function blockNamesAt(tree: SyntaxTree, offset: number): Range[] {
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind !== 'block' && statement.kind !== 'partial') continue;
    const open = statement.kind === 'block' ? statement.call.path.range : undefined;
    const close = statement.kind === 'block' ? statement.close?.nameRange : undefined;
    if (!open || !close) continue;
    const same = tree.source.slice(open.start, open.end) === tree.source.slice(close.start, close.end);
    if (same && (contains(open, offset) || contains(close, offset))) return [open, close];
  }
  return [];
}
