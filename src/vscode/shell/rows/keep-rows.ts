import { isDeepStrictEqual } from 'node:util';

export interface KeptRows<Node> {
  /** The current rows. Rows that existed before are the same objects. */
  rows: Node[];
  /** Rows whose content changed. */
  changed: Node[];
  /** No row was added, removed or moved. */
  same: boolean;
}

/**
 * Updates the children of a row in place. When VS Code refreshes a parent, it forgets the children until it has read
 * them again, and an open context menu loses its row. Rows that only changed can be refreshed one by one, which loses
 * none.
 */
export function keepRows<Node extends object>(
  before: readonly Node[],
  after: readonly Node[],
  idOf: (node: Node) => string,
): KeptRows<Node> {
  const known = new Map(before.map((node) => [idOf(node), node]));
  const changed: Node[] = [];
  const rows = after.map((node) => {
    const old = known.get(idOf(node));
    if (!old) return node;
    if (isDeepStrictEqual(old, node)) return old;
    changed.push(old);
    for (const key of Object.keys(old)) if (!(key in node)) Reflect.deleteProperty(old, key);
    return Object.assign(old, node);
  });
  const same = before.length === rows.length && rows.every((node, index) => node === before[index]);
  return { rows, changed, same };
}
