import type { SyntaxNode } from '@lezer/common';
import { childrenOf, codeOf, type Syntax } from './source-syntax.ts';
import { readValue, type SourceValue } from './source-values.ts';

/** A function of a program: the range in which its names are known, and its parameters with their literal defaults. */
export interface Scope {
  start: number;
  end: number;
  name: string | undefined;
  parameters: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  /** Its default, if any. */
  value: SourceValue | undefined;
  /** Its annotation, as `str` in `lang: str = "en"`. */
  type: string | undefined;
}

const FUNCTION = /^(?:FunctionDefinition|FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration)$/;

/** The scope of a node that is a function. */
export function scopeOf(node: SyntaxNode, syntax: Syntax): Scope | undefined {
  if (!FUNCTION.test(node.name)) return undefined;
  const parameters = new Map<string, Parameter>();
  const list = node.getChild('ParamList');
  if (list) readParameters(childrenOf(list), { parameters, syntax });
  const single = node.name === 'ArrowFunction' && !list ? node.getChild('VariableDefinition') : null;
  if (single) parameters.set(codeOf(single, syntax), { value: undefined, type: undefined });
  return { start: node.from, end: node.to, name: functionName(node, syntax), parameters };
}

function functionName(node: SyntaxNode, syntax: Syntax): string | undefined {
  const own =
    node.getChild(syntax.python ? 'VariableName' : 'VariableDefinition') ?? node.getChild('PropertyDefinition');
  const isArrow = node.name === 'ArrowFunction';
  const named = isArrow ? node.parent?.getChild('VariableDefinition') : own;
  return named ? codeOf(named, syntax) : undefined;
}

interface Reading {
  parameters: Map<string, Parameter>;
  syntax: Syntax;
}

function readParameters(children: readonly SyntaxNode[], { parameters, syntax }: Reading): void {
  let last: { value: SourceValue | undefined; type: string | undefined } | undefined;
  let isDefault = false;
  for (const child of children) {
    if (isDefault && last) last.value = readValue(child, syntax);
    else if (child.name === 'TypeDef' || child.name === 'TypeAnnotation') {
      if (last) last.type = codeOf(child, syntax).replace(/^:/, '').trim();
    } else if (child.name === 'VariableDefinition' || (syntax.python && child.name === 'VariableName')) {
      last = { value: undefined, type: undefined };
      parameters.set(codeOf(child, syntax), last);
    } else if (/Pattern$/.test(child.name)) {
      readPattern(child, { parameters, syntax });
      last = undefined;
    }
    isDefault = child.name === 'AssignOp' || child.name === 'Equals';
  }
}

/** `{ a, b = 2, c: d }` as a parameter. */
function readPattern(pattern: SyntaxNode, reading: Reading): void {
  for (const property of childrenOf(pattern)) readParameters(childrenOf(property), reading);
}

/** The functions around a position, the innermost first. */
export function scopesAround(scopes: readonly Scope[], at: number): Scope[] {
  return scopes.filter(({ start, end }) => start <= at && at < end).reverse();
}
