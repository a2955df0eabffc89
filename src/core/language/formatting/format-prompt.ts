import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import type { Range } from '../../prompts/prompt.ts';
import { exceedsLimits } from '../../prompts/template/template-limits.ts';
import { parseTree } from '../syntax/parse-tree.ts';
import { shapeOfProgram } from '../syntax/template-shape.ts';
import type { Statement, SyntaxTree } from '../syntax/tree.ts';
import { formatYaml } from './format-front-matter.ts';

export interface TextEdit {
  range: Range;
  text: string;
}

interface FormatOptions {
  tabSize: number;
  insertSpaces: boolean;
}

/**
 * The edits that format a file. Front matter is printed by YAML's document model; in the template only whitespace
 * changes that Handlebars drops: around tags that are alone on a line, and inside braces. No rendered character
 * changes: the trees of both templates are compared, and edits that would change one are left out.
 */
export function formatPrompt(source: string, options: FormatOptions): TextEdit[] {
  const tree = parseTree(source);
  return [...frontMatterEdits(tree, options), ...templateEdits(tree, options)].filter(
    ({ range, text }) => source.slice(range.start, range.end) !== text,
  );
}

export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => b.range.start - a.range.start || b.range.end - a.range.end);
  return ordered.reduce(
    (text, { range, text: inserted }) => text.slice(0, range.start) + inserted + text.slice(range.end),
    source,
  );
}

function frontMatterEdits({ source, frontMatter, template }: SyntaxTree, options: FormatOptions): TextEdit[] {
  const close = frontMatter?.fences[1];
  if (!frontMatter || !close) return [];
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  const yaml = source.slice(frontMatter.range.start, frontMatter.range.end).replaceAll('\r\n', '\n');
  const formatted = formatYaml(yaml, options.insertSpaces ? Math.min(8, Math.max(1, options.tabSize)) : 2);
  const edits: TextEdit[] = [];
  if (formatted !== undefined) edits.push({ range: frontMatter.range, text: formatted.replaceAll('\n', eol) });
  // Whitespace around the template is dropped if there is front matter: one empty line may separate the two.
  const gap = { start: frontMatter.range.end, end: template.range.start };
  const isEmpty = template.range.start === template.range.end;
  const lines = source.slice(close.end, template.range.start).split('\n').length - 1;
  if (yaml.trim() !== '') edits.push({ range: gap, text: `${eol}---${eol}${lines > 0 && !isEmpty ? eol : ''}` });
  if (!isEmpty) edits.push({ range: { start: template.range.end, end: source.length }, text: eol });
  return edits;
}

function templateEdits({ source, template }: SyntaxTree, options: FormatOptions): TextEdit[] {
  const { start } = template.range;
  const text = source.slice(start, template.range.end);
  const before = shapeOf(text);
  if (before === undefined) return [];
  const unit = options.insertSpaces ? ' '.repeat(options.tabSize) : '\t';
  const edits: TextEdit[] = [];
  collectEdits(template.body, 0, { source, from: start, unit, edits });
  const isSame = (some: readonly TextEdit[]) => {
    const local = some.map(({ range, text: inserted }) => ({
      range: { start: range.start - start, end: range.end - start },
      text: inserted,
    }));
    return shapeOf(applyEdits(text, local)) === before;
  };
  return keepSame(edits, isSame);
}

/** Most templates accept all edits; in the others the one that would change the text is found by bisection. */
function keepSame(edits: readonly TextEdit[], isSame: (some: readonly TextEdit[]) => boolean): TextEdit[] {
  if (edits.length === 0 || isSame(edits)) return [...edits];
  if (edits.length === 1) return [];
  const middle = edits.length >> 1;
  const first = keepSame(edits.slice(0, middle), isSame);
  const second = keepSame(edits.slice(middle), isSame);
  const both = [...first, ...second];
  return isSame(both) ? both : first;
}

interface Collecting {
  source: string;
  /** The start of the template. */
  from: number;
  unit: string;
  edits: TextEdit[];
}

function collectEdits(statements: readonly Statement[], depth: number, collecting: Collecting): void {
  for (const statement of statements) {
    if (statement.kind === 'mustache') spaceTag(statement.range, collecting);
    else if (statement.kind === 'comment') indentLine(statement.range, depth, collecting);
    else if (statement.kind === 'partial' && statement.body) collectEdits(statement.body, depth + 1, collecting);
    if (statement.kind !== 'block') continue;
    const { openRange, close, inverse, body } = statement;
    const tags = [openRange, ...(inverse ? [inverse.tagRange] : []), ...(close ? [close.range] : [])];
    for (const tag of tags) {
      indentLine(tag, depth, collecting);
      spaceTag(tag, collecting);
    }
    collectEdits(body, depth + 1, collecting);
    // A chained `{{else if}}` is a block without an end of its own, on its parent's level.
    const [chained] = inverse?.body ?? [];
    const isChain = chained?.kind === 'block' && !chained.close && inverse?.body.length === 1;
    collectEdits(inverse?.body ?? [], isChain ? depth : depth + 1, collecting);
  }
}

/** Sets the whitespace before and after a tag that is alone on its line. */
function indentLine(tag: Range, depth: number, { source, from, unit, edits }: Collecting): void {
  let start = tag.start;
  while (start > from && (source[start - 1] === ' ' || source[start - 1] === '\t')) start -= 1;
  const beginsLine = start === from || source[start - 1] === '\n';
  const after = /^[ \t]*(?=\r?\n|$)/.exec(source.slice(tag.end, tag.end + 400));
  if (!beginsLine || !after || (start === from && start > 0)) return;
  edits.push({ range: { start, end: tag.start }, text: unit.repeat(depth) });
  edits.push({ range: { start: tag.end, end: tag.end + after[0].length }, text: '' });
}

/** One space between the words of a tag and none at its ends; strings and `[names]` keep theirs. */
function spaceTag(tag: Range, { source, edits }: Collecting): void {
  const text = source.slice(tag.start, tag.end);
  if (text.includes('\n') || !text.startsWith('{{')) return;
  const match = /^(\{{2,3}~?[#^/&]?)([\s\S]*?)(~?\}{2,3})$/.exec(text);
  if (!match) return;
  const [, open = '', inside = '', close = ''] = match;
  const spaced = inside
    .trim()
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[ \t]+/g, (part) => (/^[ \t]/.test(part) ? ' ' : part));
  edits.push({ range: tag, text: `${open}${spaced}${close}` });
}

/** All that rendering depends on: Handlebars' tree without dropped whitespace. Undefined if it cannot be parsed. */
function shapeOf(template: string): string | undefined {
  if (exceedsLimits(template)) return undefined;
  try {
    return shapeOfProgram(Handlebars.parse(template));
  } catch {
    return undefined;
  }
}
