import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { LONGEST_FRONT_MATTER, parseYamlDocument } from '../../prompts/front-matter/yaml-document.ts';
import type { Range } from '../../prompts/prompt.ts';
import type { FrontMatterNode, YamlEntry, YamlMap, YamlValue } from './tree.ts';

const MAX_DEPTH = 100;

/** The tree of front matter as found by `splitFrontMatter`; parts that cannot be parsed are omitted. */
export function parseFrontMatter(
  source: string,
  range: Range,
  { header, fences }: Pick<FrontMatterNode, 'header' | 'fences'>,
): FrontMatterNode {
  return { header, range, fences, root: parseYamlTree(source, range) };
}

/** The map in the YAML; an empty one if there is none or it cannot be parsed. */
export function parseYamlTree(source: string, range: Range): YamlMap {
  const text = source.slice(range.start, range.end);
  const unread: YamlMap = { kind: 'map', range, entries: [], flow: false };
  // YAML that the parser rejects for its length has no tree either
  if (text.length > LONGEST_FRONT_MATTER) return unread;
  try {
    const { contents } = parseYamlDocument(text);
    const root = toValue(contents, { text, start: range.start, depth: 0 });
    if (root?.kind === 'map') return root;
  } catch {
    // nested deeper than the stack: the diagnostics report it
  }
  return unread;
}

interface Place {
  text: string;
  start: number;
  depth: number;
}

function rangeOf(node: Node, { text, start }: Place): Range {
  const [from, to] = node.range ?? [0, 0];
  return { start: start + Math.min(from, text.length), end: start + Math.min(Math.max(from, to), text.length) };
}

function toValue(node: unknown, place: Place): YamlValue | undefined {
  if (place.depth > MAX_DEPTH) return undefined;
  const inner = { ...place, depth: place.depth + 1 };
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => toEntry(pair, inner) ?? []);
    return { kind: 'map', range: rangeOf(node, place), entries, flow: node.flow === true };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => toValue(item, inner) ?? []);
    return { kind: 'seq', range: rangeOf(node, place), items, flow: node.flow === true };
  }
  if (isAlias(node)) {
    return { kind: 'scalar', range: rangeOf(node, place), value: `*${node.source}`, quoted: false };
  }
  if (!isScalar(node)) return undefined;
  const range = rangeOf(node, place);
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  // `key:` without a value has a missing value
  if (node.value === null && range.start === range.end) return undefined;
  return { kind: 'scalar', range, value: toPlain(node.value), quoted };
}

function toPlain(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return String(value);
}

function toEntry({ key, value }: Pair, place: Place): YamlEntry | undefined {
  if (!isScalar(key)) return undefined;
  const keyRange = rangeOf(key, place);
  const child = toValue(value, place);
  return {
    key: String(key.value),
    keyRange,
    value: child,
    range: { start: keyRange.start, end: child?.range.end ?? keyRange.end },
  };
}
