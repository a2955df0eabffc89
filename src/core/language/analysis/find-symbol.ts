import type { Range } from '../../prompts/prompt.ts';
import type { AnalyzedPrompt, SyntaxTree, YamlValue } from '../syntax/tree.ts';
import { unquoted } from '../syntax/unquoted.ts';
import { contains, partialsOf, statementsOf } from '../syntax/walk-tree.ts';
import { findEntry } from './declarations.ts';
import type { DeclaredVariable } from './declared-variable.ts';
import { type NamePath, nameUses } from './name-uses.ts';
import { schemaNamesIn } from './schema-names.ts';
import { declaredVariables, scalars } from './schema-variables.ts';

/** The symbol at a position in a prompt. */
export type PromptSymbol =
  | { kind: 'variable'; name: string; range: Range; names: NamePath }
  /** A name after `as |…|`, whose scope is its block. */
  | { kind: 'block-param'; name: string; range: Range; declaration: Range }
  | { kind: 'partial'; name: string; range: Range }
  /** `team` in `{{> tone team="…"}}`: a variable of the partial. */
  | { kind: 'argument'; partial: string; name: string; range: Range }
  /** A field of an element or a map; without `names` if its parent is unknown. */
  | { kind: 'field'; name: string; range: Range; names: NamePath | undefined }
  /** A type that refers to a file in a `schemas` folder. */
  | { kind: 'schema'; name: string; range: Range };

/** An occurrence of a symbol, and its role there. */
export interface Occurrence {
  range: Range;
  role: 'declaration' | 'default' | 'read' | 'argument' | 'name' | 'data';
}

export function symbolAt(prompt: AnalyzedPrompt, offset: number): PromptSymbol | undefined {
  const { tree } = prompt;
  if (tree.frontMatter && contains(tree.frontMatter.range, offset)) {
    for (const { names, range } of namesInFrontMatter(tree)) {
      if (contains(range, offset)) return namedSymbol(names, range);
    }
    const schema = schemaNamesIn(tree).find(({ range }) => contains(range, offset));
    return schema && { kind: 'schema', ...schema };
  }
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

function namedSymbol(names: NamePath, range: Range): PromptSymbol {
  const name = names.at(-1) ?? '';
  return { kind: names.length === 1 ? 'variable' : 'field', name, range, names };
}

function symbolInTemplate(prompt: AnalyzedPrompt, offset: number): PromptSymbol | undefined {
  const { tree, references } = prompt;
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind !== 'block') continue;
    const param = statement.blockParams.find(({ range }) => contains(range, offset));
    if (param) return { kind: 'block-param', ...param, declaration: param.range };
  }
  const use = nameUses(prompt).uses.find(({ range }) => contains(range, offset));
  if (use) return namedSymbol(use.names, use.range);
  const reference = references.find(({ range }) => contains(range, offset));
  if (!reference) return undefined;
  const { kind, name, range, declaration } = reference;
  if (kind === 'block-param' && declaration) return { kind: 'block-param', name, range, declaration };
  return kind === 'element' ? { kind: 'field', name, range, names: undefined } : undefined;
}

/** Every place in the front matter that names a variable or a field of one. */
export function* namesInFrontMatter(tree: SyntaxTree): Generator<Occurrence & { names: NamePath }> {
  if (!tree.frontMatter) return;
  const { root } = tree.frontMatter;
  yield* namesInSchema(tree, declaredVariables(tree), []);
  yield* namesInDefaults(tree, findEntry(root, ['input', 'default'])?.value, []);
  for (const { text, range } of scalars(findEntry(root, ['llmops.media'])?.value)) {
    yield { names: [text], range: unquoted(tree, range), role: 'read' };
  }
}

function* namesInSchema(
  tree: SyntaxTree,
  variables: readonly DeclaredVariable[],
  outer: NamePath,
): Generator<Occurrence & { names: NamePath }> {
  for (const { name, range, from, fields, requiredRange } of variables) {
    if (from !== 'schema') continue;
    const names = [...outer, name];
    yield { names, range, role: 'declaration' };
    if (requiredRange) yield { names, range: unquoted(tree, requiredRange), role: 'read' };
    yield* namesInSchema(tree, fields, names);
  }
}

/** Below a list its elements' keys, as in the schema. */
function* namesInDefaults(
  tree: SyntaxTree,
  value: YamlValue | undefined,
  outer: NamePath,
): Generator<Occurrence & { names: NamePath }> {
  if (value?.kind === 'seq') for (const item of value.items) yield* namesInDefaults(tree, item, outer);
  if (value?.kind !== 'map') return;
  for (const entry of value.entries) {
    const names = [...outer, entry.key];
    yield { names, range: unquoted(tree, entry.keyRange), role: 'default' };
    yield* namesInDefaults(tree, entry.value, names);
  }
}

/** Every place in one file that names one of its variables, or a field of one, in order. */
export function nameOccurrences(prompt: AnalyzedPrompt, names: NamePath): Occurrence[] {
  const written = [...namesInFrontMatter(prompt.tree)].filter((found) => isSamePath(found.names, names));
  const reads = nameUses(prompt)
    .uses.filter((use) => isSamePath(use.names, names))
    .map(({ range }): Occurrence => ({ range, role: 'read' }));
  return [...written.map(({ range, role }) => ({ range, role })), ...reads].sort(
    (a, b) => a.range.start - b.range.start,
  );
}

export function isSamePath(a: NamePath, b: NamePath): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

/** The declaration of a block parameter and every use of it. */
export function blockParamOccurrences(prompt: AnalyzedPrompt, declaration: Range): Occurrence[] {
  const reads = prompt.references
    .filter(({ kind, declaration: of }) => kind === 'block-param' && of?.start === declaration.start)
    .map(({ range }): Occurrence => ({ range, role: 'read' }));
  return [{ range: declaration, role: 'declaration' }, ...reads];
}

/** The occurrences that the editor highlights when the cursor is on a name. */
export function highlightsAt(prompt: AnalyzedPrompt, offset: number): Occurrence[] {
  const symbol = symbolAt(prompt, offset);
  switch (symbol?.kind) {
    case 'variable':
      return nameOccurrences(prompt, symbol.names);
    case 'field':
      return symbol.names ? nameOccurrences(prompt, symbol.names) : [{ range: symbol.range, role: 'read' }];
    case 'schema':
      return schemaNamesIn(prompt.tree)
        .filter(({ name }) => name === symbol.name)
        .map(({ range }) => ({ range, role: 'name' }));
    case 'block-param':
      return blockParamOccurrences(prompt, symbol.declaration);
    case 'partial':
      return partialsOf(prompt.tree)
        .filter(({ name }) => name === symbol.name)
        .map(({ nameRange }) => ({ range: nameRange, role: 'name' }));
    case 'argument':
      return [{ range: symbol.range, role: 'read' }];
    case undefined:
      return blockNamesAt(prompt.tree, offset).map((range) => ({ range, role: 'name' }));
  }
}

/** The two names of a block, if the offset is in one of them: they are edited together. */
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
