import type { Range } from '../../prompts/prompt.ts';
import type { AnalyzedPrompt, RoleSegment, Statement, SyntaxTree, YamlEntry, YamlValue } from './tree.ts';
import { bodiesOf, callName, contains, statementsAt, statementsOf } from './walk-tree.ts';

/** One line of the outline and the breadcrumbs. */
export interface OutlineItem {
  name: string;
  detail: string;
  kind: 'front-matter' | 'key' | 'role' | 'section' | 'block' | 'partial';
  range: Range;
  /** The selection when the line is clicked; inside `range`. */
  selection: Range;
  children: OutlineItem[];
}

/** The front matter's keys, the messages, and inside each its sections, blocks and partials. */
export function outlineOf(prompt: AnalyzedPrompt): OutlineItem[] {
  const range = { start: 0, end: prompt.tree.source.length };
  return rawOutline(prompt).map((item) => within(item, range));
}

function rawOutline({ tree, roles }: AnalyzedPrompt): OutlineItem[] {
  const front = tree.frontMatter;
  const keys = front ? front.root.entries.map(keyItem) : [];
  const range = front && { start: front.fences[0].start, end: (front.fences[1] ?? front.range).end };
  const frontItem: OutlineItem[] = range
    ? [
        {
          name: 'Front matter',
          detail: '',
          kind: 'front-matter',
          range,
          selection: front.fences[0],
          children: keys,
        },
      ]
    : [];
  const items = templateItems(tree, tree.template.body);
  const marked = roles.filter(({ markerRange }) => markerRange !== undefined);
  if (marked.length === 0) return [...frontItem, ...items];
  const messages = roles.filter(
    (role) => role.markerRange || tree.source.slice(role.range.start, role.range.end).trim(),
  );
  return [...frontItem, ...messages.map((role) => roleItem(role, items))];
}

function roleItem(role: RoleSegment, items: readonly OutlineItem[]): OutlineItem {
  const children = items.filter(({ range }) => range.start >= role.range.start && range.start < role.range.end);
  const selection = role.markerRange ?? { start: role.range.start, end: role.range.start };
  const range = { start: Math.min(role.range.start, selection.start), end: Math.max(role.range.end, selection.end) };
  return { name: role.role, detail: 'message', kind: 'role', range, selection, children };
}

/** Children that extend beyond their parent, as in a file with errors, are cut: otherwise the editor rejects them. */
function within(item: OutlineItem, outer: Range): OutlineItem {
  const range = clip(item.range, outer);
  const children = item.children.map((child) => within(child, range));
  return { ...item, range, selection: clip(item.selection, range), children };
}

function clip({ start, end }: Range, outer: Range): Range {
  const from = Math.min(Math.max(start, outer.start), outer.end);
  return { start: from, end: Math.min(Math.max(end, from), outer.end) };
}

function keyItem(entry: YamlEntry): OutlineItem {
  const { value } = entry;
  const scalar =
    value?.kind === 'scalar'
      ? String(value.value ?? '')
          .split('\n')[0]
          ?.slice(0, 60)
      : '';
  return {
    name: entry.key || '…',
    detail: scalar ?? '',
    kind: 'key',
    range: union(entry.range, entry.keyRange),
    selection: entry.keyRange,
    children: value?.kind === 'map' ? value.entries.map(keyItem) : [],
  };
}

function union(a: Range, b: Range): Range {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function templateItems(tree: SyntaxTree, body: readonly Statement[]): OutlineItem[] {
  return body.flatMap((statement): OutlineItem[] => {
    const { range } = statement;
    if (statement.kind === 'partial') {
      const children = templateItems(tree, statement.body ?? []);
      return [
        {
          name: `> ${statement.name ?? '…'}`,
          detail: 'partial',
          kind: 'partial',
          range,
          selection: statement.nameRange,
          children,
        },
      ];
    }
    if (statement.kind === 'block') {
      const { start, end } = statement.call.range;
      const name = `${statement.inverted ? '^' : '#'}${tree.source.slice(start, end).trim()}`;
      const children = templateItems(tree, bodiesOf(statement).flat());
      return [{ name, detail: '', kind: 'block', range, selection: statement.openRange, children }];
    }
    if (statement.kind !== 'mustache' || callName(statement.call) !== 'section') return [];
    const [title] = statement.call.params;
    const name = title?.kind === 'literal' ? String(title.value) : 'section';
    return [{ name, detail: 'section', kind: 'section', range, selection: range, children: [] }];
  });
}

/** The foldable ranges: the front matter, its maps and lists, messages, blocks, comments. */
export function foldingsOf({
  tree,
  roles,
}: AnalyzedPrompt): { range: Range; kind: 'region' | 'comment' | 'imports' }[] {
  const found: { range: Range; kind: 'region' | 'comment' | 'imports' }[] = [];
  const add = (range: Range, kind: 'region' | 'comment' | 'imports' = 'region') => {
    if (tree.source.slice(range.start, range.end).trimEnd().includes('\n')) found.push({ range, kind });
  };
  const front = tree.frontMatter;
  if (front) {
    if (front.header) add(trimmed(tree.source, front.header), 'comment');
    add({ start: front.fences[0].start, end: (front.fences[1] ?? front.range).end }, 'imports');
    for (const range of mapsIn(front.root.entries)) add(range);
  }
  for (const role of roles) if (role.markerRange) add(union(role.markerRange, role.range));
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind === 'comment') add(statement.range, 'comment');
    if (statement.kind === 'partial' && statement.body) add(statement.range);
    if (statement.kind !== 'block') continue;
    // The closing line and `{{else}}` stay visible.
    const end = statement.close?.range.start ?? statement.range.end;
    const { inverse } = statement;
    add({ start: statement.range.start, end: inverse?.tagRange.start ?? end });
    if (inverse) add({ start: inverse.tagRange.start, end });
  }
  return found;
}

function trimmed(source: string, { start, end }: Range): Range {
  const text = source.slice(start, end);
  return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length };
}

function mapsIn(entries: readonly YamlEntry[]): Range[] {
  const inside = (value: YamlValue | undefined): Range[] => {
    if (value?.kind === 'map') return mapsIn(value.entries);
    return value?.kind === 'seq' ? value.items.flatMap(inside) : [];
  };
  return entries.flatMap(({ range, value }) => [range, ...inside(value)]);
}

/** Ever wider ranges around an offset, the narrowest first: word, argument, tag, block, message, template, file. */
export function selectionsAt({ tree, roles }: AnalyzedPrompt, offset: number): Range[] {
  const front = tree.frontMatter;
  const ranges: Range[] = [{ start: 0, end: tree.source.length }];
  if (front && contains({ start: front.fences[0].start, end: (front.fences[1] ?? front.range).end }, offset)) {
    ranges.push(front.range, ...yamlRanges(front.root, offset));
  } else {
    ranges.push(tree.template.range);
    const role = roles.find(({ range }) => range.start <= offset && offset < range.end);
    if (role) ranges.push(role.range);
    for (const statement of statementsAt(tree, offset)) ranges.push(...statementRanges(statement, offset));
  }
  const word = wordAt(tree.source, offset);
  if (word) ranges.push(word);
  return nested(ranges, offset);
}

function yamlRanges(value: YamlValue, offset: number): Range[] {
  if (!contains(value.range, offset)) return [];
  if (value.kind === 'scalar') return [value.range];
  if (value.kind === 'seq') return [value.range, ...value.items.flatMap((item) => yamlRanges(item, offset))];
  const entry = value.entries.find(({ range }) => contains(range, offset));
  if (!entry) return [value.range];
  return [value.range, entry.range, entry.keyRange, ...(entry.value ? yamlRanges(entry.value, offset) : [])];
}

function statementRanges(statement: Statement, offset: number): Range[] {
  const { range } = statement;
  if (statement.kind === 'partial') return [range, statement.nameRange, ...statement.hash.map((pair) => pair.range)];
  if (statement.kind === 'mustache')
    return [range, statement.call.range, ...statement.call.params.map((param) => param.range)];
  if (statement.kind !== 'block') return [range];
  const bodyEnd = statement.inverse?.tagRange.start ?? statement.close?.range.start ?? range.end;
  const inner = [{ start: statement.openRange.end, end: bodyEnd }];
  if (statement.inverse) inner.push(statement.inverse.range);
  return [range, ...inner, statement.openRange, statement.call.range].filter((one) => contains(one, offset));
}

function wordAt(source: string, offset: number): Range | undefined {
  const before = /[\p{L}\p{N}_]*$/u.exec(source.slice(Math.max(0, offset - 100), offset))?.[0].length ?? 0;
  const after = /^[\p{L}\p{N}_]*/u.exec(source.slice(offset, offset + 100))?.[0].length ?? 0;
  return before + after > 0 ? { start: offset - before, end: offset + after } : undefined;
}

/** Only ranges that contain the offset, each inside the one before, no duplicates; the narrowest first. */
function nested(ranges: Range[], offset: number): Range[] {
  const around = ranges.filter((range) => contains(range, offset)).sort((a, b) => b.end - b.start - (a.end - a.start));
  const chain: Range[] = [];
  for (const range of around) {
    const outer = chain.at(-1);
    const isInside = !outer || (range.start >= outer.start && range.end <= outer.end);
    if (isInside && (range.start !== outer?.start || range.end !== outer.end)) chain.push(range);
  }
  return chain.reverse();
}
