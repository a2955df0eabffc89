import { isHelper } from '../../prompts/template/template-checks.ts';
import type { AnalyzedPrompt, BlockNode, Expression } from '../syntax/tree.ts';
import { callName, statementsAt } from '../syntax/walk-tree.ts';
import type { DeclaredVariable } from './declared-variable.ts';
import type { FindSchema } from './file-variables.ts';
import { declaredVariables, findDeclared } from './schema-variables.ts';

/** The meaning of names at an offset of the template. */
export interface TemplateScope {
  /** The enclosing blocks, outermost first. */
  blocks: BlockNode[];
  inLoop: boolean;
  /** Names after `as |…|`, with the variable of each if the schema defines it. */
  blockParams: { name: string; variable: DeclaredVariable | undefined }[];
  /** What a plain name may be: the fields of the element inside `#each` and `#with`, otherwise the input's. */
  fields: readonly DeclaredVariable[];
  /** The same for each enclosing block, the outermost first; `../` goes back in it. */
  contexts: (readonly DeclaredVariable[])[];
  /** The input, which `@root` always reaches. */
  input: readonly DeclaredVariable[];
  /** Whether a plain name still refers to the input. */
  atRoot: boolean;
}

export function scopeAt(prompt: AnalyzedPrompt, offset: number, findSchema?: FindSchema): TemplateScope {
  const input = declaredVariables(prompt.tree, findSchema);
  const blocks = statementsAt(prompt.tree, offset).filter((statement) => statement.kind === 'block');
  const scope: TemplateScope = {
    blocks,
    inLoop: false,
    blockParams: [],
    fields: input,
    contexts: [input],
    input,
    atRoot: true,
  };
  for (const block of blocks) enterBlock(block, offset, scope);
  return scope;
}

function enterBlock(block: BlockNode, offset: number, scope: TemplateScope): void {
  const inBody = offset >= block.openRange.end && (!block.inverse || offset <= block.inverse.tagRange.start);
  const name = callName(block.call);
  const isLoop = name === 'each' || name === 'with';
  if (!inBody || block.inverted || (isHelper(name) && !isLoop) || name === 'inline') return;
  const target = resolveVariable(isLoop ? block.call.params[0] : block.call.path, scope);
  if (!isLoop && target?.type === 'boolean') return;
  const [first] = block.blockParams;
  if (first) scope.blockParams.push({ name: first.name, variable: target });
  for (const { name } of block.blockParams.slice(1)) scope.blockParams.push({ name, variable: undefined });
  scope.inLoop ||= name === 'each';
  scope.atRoot = false;
  // the values of a map have names of their own between
  scope.fields = name === 'each' && target?.type === 'object' ? [] : (target?.fields ?? []);
  scope.contexts.push(scope.fields);
}

/** The declared variable or field at a path; undefined if the schema does not define it. */
function resolveVariable(expression: Expression | undefined, scope: TemplateScope): DeclaredVariable | undefined {
  if (expression?.kind !== 'path') return undefined;
  const names = expression.segments.map(({ text }) => text).filter((text) => text !== 'this' && text !== '.');
  const outer = scope.contexts.at(-1 - expression.depth);
  if (expression.depth > 0) return outer && findDeclared(outer, names);
  if (!expression.data) return resolveNames(names, scope);
  return names[0] === 'root' ? findDeclared(scope.input, names.slice(1)) : undefined;
}

export function resolveNames(names: readonly string[], scope: TemplateScope): DeclaredVariable | undefined {
  const [first, ...rest] = names;
  if (first === undefined) return undefined;
  const param = scope.blockParams.findLast(({ name }) => name === first);
  if (param) return rest.length === 0 ? param.variable : findDeclared(param.variable?.fields ?? [], rest);
  return findDeclared(scope.fields, names);
}
