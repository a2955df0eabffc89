import { isHelper } from '../../prompts/template/template-checks.ts';
import type { Call, Expression, PathExpression } from './tree.ts';

/** A path that starts with a name: no `../`, no `@`, no `this.`. A bracket may precede the name. */
export function isBare({ segments, data, depth, range }: PathExpression): boolean {
  const [first] = segments;
  return first !== undefined && !data && depth === 0 && first.range.start - range.start <= 1;
}

/** The name of a bare path of one segment, the only kind that can reach a helper. */
export function simpleName(path: PathExpression): string | undefined {
  return isBare(path) && path.segments.length === 1 ? path.segments[0]?.text : undefined;
}

/** The name by which a call reaches a helper; undefined for a path, a literal, or a block parameter of that name. */
export function helperOf({ path }: Call, { params }: { params: ReadonlyMap<string, unknown> }): string | undefined {
  const name = path.kind === 'path' ? simpleName(path) : undefined;
  return name !== undefined && !params.has(name) ? name : undefined;
}

/** The helper that a call outside parentheses runs: a known one, or any name with arguments. Others are values. */
export function calledHelper(call: Call, scope: { params: ReadonlyMap<string, unknown> }): string | undefined {
  const name = helperOf(call, scope);
  return name !== undefined && (isHelper(name) || argumentsOf(call).length > 0) ? name : undefined;
}

/** The values that a call passes, with or without a name. */
export function argumentsOf({ params, hash }: Pick<Call, 'params' | 'hash'>): Expression[] {
  return [...params, ...hash.map(({ value }) => value)];
}
