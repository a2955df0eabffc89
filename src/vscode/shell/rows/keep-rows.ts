import { isDeepStrictEqual } from 'node:util';

export interface KeptRows<Node> {
  /** The rows as they are now, those that were there before as the same objects. */
  rows: Node[];
  /** Rows that say something else than before. */
  changed: Node[];
  /** No row came, went or moved. */
  same: boolean;
}

/**
 * Brings the rows under a parent up to date in their place. VS Code forgets the children of a parent that it is told to
 * renew until it has asked for them, and a menu that is open meanwhile loses its row; rows that only changed can be
 * renewed one by one, which loses none.
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
