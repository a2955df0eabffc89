import type { Range } from '../../prompts/prompt.ts';
import type { FindSchema } from '../analysis/file-variables.ts';
import { namesInFrontMatter } from '../analysis/find-symbol.ts';
import { declaredVariables } from '../analysis/schema-variables.ts';
import { isClosedSchema, unknownFields } from '../diagnostics/unknown-names.ts';
import type { AnalyzedPrompt, Reference, SyntaxTree } from '../syntax/tree.ts';
import { callName, callsOf, statementsOf } from '../syntax/walk-tree.ts';

export const TOKEN_TYPES = [
  'variable',
  'parameter',
  'property',
  'function',
  'namespace',
  'enumMember',
  'comment',
] as const;
export const TOKEN_MODIFIERS = ['declaration', 'readonly', 'defaultLibrary', 'undeclared'] as const;
type TokenType = (typeof TOKEN_TYPES)[number];
type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

interface SemanticToken {
  range: Range;
  type: TokenType;
  modifiers: readonly TokenModifier[];
}

/** What the grammar cannot see: which names are helpers, inputs, elements, and which are declared nowhere. */
export function semanticTokens(prompt: AnalyzedPrompt, findSchema: FindSchema = () => undefined): SemanticToken[] {
  const { tree } = prompt;
  const tokens: SemanticToken[] = [];
  const add = (range: Range, type: TokenType, modifiers: readonly TokenModifier[] = []) =>
    tokens.push({ range, type, modifiers });
  for (const { range, role, names } of namesInFrontMatter(tree)) {
    add(range, names.length === 1 ? 'variable' : 'property', role === 'read' ? [] : ['declaration']);
  }
  for (const range of commentLines(tree)) add(range, 'comment');
  // A file without a schema does not define its inputs, and neither does a partial; there no name is wrong.
  const isClosed = isClosedSchema(tree, findSchema);
  const declared = new Set(declaredVariables(tree, findSchema).map(({ name }) => name));
  for (const { range } of unknownFields(prompt, findSchema)) add(range, 'variable', ['undeclared']);
  const blocks = new Set(
    statementsOf(tree.template.body).flatMap((one) => (one.kind === 'block' ? [one.call.path.range.start] : [])),
  );
  for (const reference of prompt.references) {
    // The grammar gives `#if`, `else` and `/if` one color; a helper's would tear them apart.
    if (reference.kind === 'helper' && blocks.has(reference.range.start)) continue;
    const [type, ...modifiers] = lookOf(reference, isClosed && !declared.has(reference.name));
    add(reference.range, type, modifiers);
  }
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind === 'partial' && statement.name !== undefined) {
      add(statement.nameRange, 'namespace');
    }
    if (statement.kind === 'block')
      for (const { range } of statement.blockParams) add(range, 'parameter', ['declaration']);
    const hash = statement.kind === 'partial' ? statement.hash : [];
    for (const { keyRange } of [...hash, ...callsOf(statement).flatMap((call) => call.hash)]) add(keyRange, 'property');
    if (statement.kind !== 'mustache' || callName(statement.call) !== 'role') continue;
    const [role] = statement.call.params;
    if (role?.kind === 'literal') add(role.range, 'enumMember');
  }
  return inOrder(tokens);
}

/** The grammar treats a comment before front matter as a heading: it cannot see whether front matter follows. */
function commentLines({ source, frontMatter }: SyntaxTree): Range[] {
  const header = frontMatter?.header;
  if (!header) return [];
  return [...source.slice(header.start, header.end).matchAll(/^#[^\r\n]*/gm)].map(({ 0: line, index }) => {
    const start = header.start + index;
    return { start, end: start + line.length };
  });
}

function lookOf({ kind }: Reference, isUndeclared: boolean): [TokenType, ...TokenModifier[]] {
  switch (kind) {
    case 'helper':
      return ['function', 'defaultLibrary'];
    case 'input':
      return isUndeclared ? ['variable', 'undeclared'] : ['variable'];
    case 'block-param':
      return ['parameter'];
    case 'element':
      return ['property'];
    case 'loop-data':
    case 'context':
      return ['variable', 'readonly'];
  }
}

/** Tokens must not overlap or be empty. */
function inOrder(tokens: SemanticToken[]): SemanticToken[] {
  const sorted = tokens.filter(({ range }) => range.end > range.start).sort((a, b) => a.range.start - b.range.start);
  let end = 0;
  return sorted.filter(({ range }) => {
    if (range.start < end) return false;
    end = range.end;
    return true;
  });
}
