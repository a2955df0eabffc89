import type { Range } from '../../prompts/prompt.ts';
import { codeRanges } from '../syntax/code-ranges.ts';
import type { BlockNode, Statement, SyntaxTree } from '../syntax/tree.ts';
import { callName } from '../syntax/walk-tree.ts';

interface Scan {
  source: string;
  code: readonly Range[];
  /** The first range of code that may still contain the current position. */
  nextCode: number;
  /** Single braces of the message's text that are not closed yet. */
  open: number;
  /** The end of the tag before the current text. */
  tagEnd: number;
  found: Range[];
  /** Runs of closing braces that are longer than the number of open ones; a single one may be prose. */
  surplus: Range[];
  /** The number of open braces before the statement at an offset. */
  target: { offset: number; open: number } | undefined;
}

/**
 * Closing braces that close nothing: two or more of them, or one directly after a tag. Handlebars sends them as text.
 * They remain after a tag got its closing braces twice. JSON and LaTeX have their own braces, so those of a message are
 * balanced first, across its tags; code may be a fragment, and nothing is reported in it.
 */
export function findStrayBraces(tree: SyntaxTree): Range[] {
  return scanTemplate(tree, undefined).found;
}

/** The starts of runs of more closing braces than are open; not in code, or in balanced JSON or LaTeX. */
export function findSurplusBraces(tree: SyntaxTree): ReadonlySet<number> {
  return new Set(scanTemplate(tree, undefined).surplus.map(({ start }) => start));
}

/** The number of single braces open at the start of a statement: the text after the statement may close them. */
export function openBracesBefore(tree: SyntaxTree, offset: number): number {
  const target = { offset, open: 0 };
  scanTemplate(tree, target);
  return target.open;
}

function scanTemplate({ source, template }: SyntaxTree, target: Scan['target']): Scan {
  const code = codeRanges(source, template.range);
  const scan: Scan = { source, code, nextCode: 0, open: 0, tagEnd: -1, found: [], surplus: [], target };
  scanBody(scan, template.body);
  return scan;
}

function scanBody(scan: Scan, body: readonly Statement[]): void {
  for (const statement of body) {
    if (scan.target?.offset === statement.range.start) scan.target.open = scan.open;
    if (statement.kind === 'text') scanText(scan, statement.range);
    else if (statement.kind === 'block') scanBlock(scan, statement);
    else if (statement.kind === 'partial' && statement.body) scanBody(scan, statement.body);
    else if (statement.kind === 'mustache' && /^(?:role|history)$/.test(callName(statement.call) ?? '')) scan.open = 0;
    scan.tagEnd = statement.kind === 'text' ? -1 : statement.range.end;
  }
}

/** Each branch continues the text before the block; the text after the block closes what either left open. */
function scanBlock(scan: Scan, block: BlockNode): void {
  // a raw block's text is sent unchanged, tags included
  if (scan.source.startsWith('{{{{', block.openRange.start)) return;
  const before = scan.open;
  scan.tagEnd = block.openRange.end;
  scanBody(scan, block.body);
  const first = scan.open;
  scan.open = before;
  if (block.inverse) {
    scan.tagEnd = block.inverse.tagRange.end;
    scanBody(scan, block.inverse.body);
  }
  scan.open = Math.max(first, scan.open);
}

function scanText(scan: Scan, { start, end }: Range): void {
  const { source, code } = scan;
  const brace = /[{}]/g;
  brace.lastIndex = start;
  for (let match = brace.exec(source); match && match.index < end; match = brace.exec(source)) {
    const at = match.index;
    while ((code[scan.nextCode]?.end ?? Number.POSITIVE_INFINITY) <= at) scan.nextCode += 1;
    const inside = code[scan.nextCode];
    if (inside && inside.start <= at) brace.lastIndex = inside.end;
    else if (match[0] === '{') scan.open += 1;
    else brace.lastIndex = scanClosing(scan, at, end);
  }
}

/** Reads a run of closing braces and returns its end; the first of them close open ones. */
function scanClosing(scan: Scan, start: number, textEnd: number): number {
  let end = start;
  while (end < textEnd && scan.source[end] === '}') end += 1;
  const closing = Math.min(scan.open, end - start);
  scan.open -= closing;
  const stray = end - start - closing;
  if (stray > 0) scan.surplus.push({ start, end });
  if (stray >= 2 || (stray === 1 && start === scan.tagEnd)) scan.found.push({ start: start + closing, end });
  return end;
}
