import { entriesOf, isBranch, type LeafKind, leafKind, summaryOf } from './parse-answer.ts';

/** One visible line of the tree. `path` is unique; `level` is 1-based, as `aria-level` is. */
export interface JsonRow {
  path: string;
  level: number;
  /** Undefined for the root. */
  name: string | undefined;
  /** The JSON of a leaf, or the summary of a branch. */
  text: string;
  kind: LeafKind | 'branch';
  /** Undefined if there is nothing to expand. */
  expanded: boolean | undefined;
}

interface JsonRows {
  rows: JsonRow[];
  /** True if rows were left out because of `limit`. */
  more: boolean;
}

/** Branches of the first levels are expanded at first. */
const OPEN_LEVELS = 3;

/** The visible rows, given the paths whose state differs from the initial one. */
export function visibleRows(value: unknown, toggled: ReadonlySet<string>, limit: number): JsonRows {
  const rows: JsonRow[] = [];
  let more = false;

  function visit(entry: { name: string | undefined; value: unknown }, path: string, level: number) {
    if (rows.length >= limit) {
      more = true;
      return;
    }
    const branch = isBranch(entry.value);
    const children = entriesOf(entry.value);
    const expanded = children.length > 0 ? level <= OPEN_LEVELS !== toggled.has(path) : undefined;
    const text = branch ? summaryOf(entry.value) : JSON.stringify(entry.value);
    rows.push({ path, level, name: entry.name, text, kind: branch ? 'branch' : leafKind(entry.value), expanded });
    if (!expanded) return;
    for (const child of children) {
      visit(child, `${path}/${child.name.replaceAll('/', '~')}`, level + 1);
      if (more) return;
    }
  }

  visit({ name: undefined, value }, '', 1);
  return { rows, more };
}
