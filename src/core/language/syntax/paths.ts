import type { PathExpression } from './tree.ts';

/** A path that starts with a name: no `../`, no `@`, no `this.`. A bracket may precede the name. */
export function isBare({ segments, data, depth, range }: PathExpression): boolean {
  const [first] = segments;
  return first !== undefined && !data && depth === 0 && first.range.start - range.start <= 1;
}

/** The name of a bare path of one segment, the only kind that can reach a helper. */
export function simpleName(path: PathExpression): string | undefined {
  return isBare(path) && path.segments.length === 1 ? path.segments[0]?.text : undefined;
}
