import type { Call, PathExpression } from './tree.ts';

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
