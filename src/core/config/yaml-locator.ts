import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node } from 'yaml';

interface Offsets {
  start: number;
  end: number;
}

/** What is marked at the end of the path: a value, its key, or a value unless it is a collection, marked at its key. */
export type YamlMark = 'value' | 'key' | 'key-of-collection';

/**
 * The range of a path in a YAML document. If the path does not exist, the range of its nearest existing parent;
 * undefined if not even its first key exists. An empty value is marked at its key.
 */
export function locateInYaml(
  document: Document,
  path: readonly (string | number)[],
  mark: YamlMark = 'value',
): Offsets | undefined {
  let node: unknown = document.contents;
  let found: Offsets | undefined;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      const keyOnly = (mark === 'key' && index === path.length - 1) || (mark !== 'value' && isCollection(pair.value));
      found = (keyOnly ? undefined : offsetsOf(pair.value)) ?? offsetsOf(pair.key) ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      found = offsetsOf(node) ?? found;
    } else break;
  }
  return found;
}

/** Undefined for nodes without characters of their own. */
export function offsetsOf(node: unknown): Offsets | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range && range[1] > range[0] ? { start: range[0], end: range[1] } : undefined;
}
