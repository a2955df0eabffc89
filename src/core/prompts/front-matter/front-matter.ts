import { isMap } from 'yaml';
import type { Range } from '../prompt.ts';
import { LONGEST_FRONT_MATTER, parseYamlDocument } from './yaml-document.ts';

interface SplitSource {
  /** Blank lines and lines that start with `#` (a license, a shebang) before the front matter; they are not sent. */
  header: Range | undefined;
  /** The YAML between the fences, without them. */
  yaml: Range | undefined;
  /** The two `---` lines with their line endings; the second is undefined if the front matter is not closed. */
  fences: [open: Range, close: Range | undefined] | undefined;
  template: Range;
  /** The opening fence, if it is not closed; the rest of the file is then read as YAML. */
  unclosedFence: Range | undefined;
  /** A `---` line below what looks like front matter but is text, as it is not closed or does not contain a map. */
  textFence: Range | undefined;
  /** A `---` line with a key of the format below it, in a file without front matter: other text precedes it. */
  misplacedFence: Range | undefined;
}

const HEADER_LINE = /(?:#[^\r\n]*|[ \t]*)(?:\r\n|\r|\n)/y;
const OPEN_FENCE = /---[^\S\r\n]*(?:\r\n|\r|\n|$)/y;
const CLOSE_FENCE = /(?:\r\n|\r|\n)---[^\S\r\n]*(?:\r\n|\r|\n|$)/g;

/**
 * Splits a file at its `---` fences as the published format does, and also where dotprompt 1.1.2 fails: comment lines
 * before the front matter, a byte order mark, empty front matter, a closing fence at the very end. Below a header,
 * `---` may also be a Markdown rule: it opens front matter only if a map is between it and the next fence. The template
 * is trimmed only if there is front matter, as the format specifies.
 */
export function splitFrontMatter(source: string): SplitSource {
  const begin = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  const start = headerEnd(source, begin);
  OPEN_FENCE.lastIndex = start;
  const open = OPEN_FENCE.exec(source);
  if (!open) return { ...textOnly(source, begin), misplacedFence: findMisplaced(source) };
  const yamlStart = start + open[0].length;
  // The opening fence's own line break may be the one before the closing fence: empty front matter.
  CLOSE_FENCE.lastIndex = Math.max(start + 3, yamlStart - 1);
  const close = CLOSE_FENCE.exec(source);
  const yaml = { start: yamlStart, end: close ? Math.max(yamlStart, close.index) : source.length };
  const dashes = { start, end: start + 3 };
  const hasHeader = start > begin;
  if (hasHeader && !(close && holdsMapping(source.slice(yaml.start, yaml.end)))) {
    const isRule = !close && !FIRST_KEY.test(source.slice(yaml.start, yaml.start + 200));
    return { ...textOnly(source, begin), ...(isRule ? {} : { textFence: dashes }) };
  }
  const end = close ? close.index + close[0].length : source.length;
  return {
    header: hasHeader ? { start: begin, end: start } : undefined,
    yaml,
    fences: [{ start, end: yamlStart }, close ? { start: fenceStart(source, yaml.end), end } : undefined],
    template: close ? trimmedRange(source, end) : { start: end, end },
    unclosedFence: close ? undefined : dashes,
    textFence: undefined,
    misplacedFence: undefined,
  };
}

/** Line by line: one expression over all of them would need a stack as deep as the file is long. */
function headerEnd(source: string, begin: number): number {
  HEADER_LINE.lastIndex = begin;
  let end = begin;
  while (HEADER_LINE.test(source)) end = HEADER_LINE.lastIndex;
  return end;
}

function textOnly(source: string, start: number): SplitSource {
  return {
    header: undefined,
    yaml: undefined,
    fences: undefined,
    template: { start, end: source.length },
    unclosedFence: undefined,
    textFence: undefined,
    misplacedFence: undefined,
  };
}

/** A key of the format at the start of a line: the front matter is being written and not closed yet. */
const FIRST_KEY =
  /^(?:model|config|input|output|name|description|variant|version|tools|toolDefs|ext|[\w-]+\.[\w.-]+):(?:\s|$)/;

/** Tolerant of what people write: indented, with a comment after it, and below anything. */
const MISPLACED_FENCE = /(?:^|[\r\n])[^\S\r\n]*(---)(?:[^\S\r\n]+#[^\r\n]*|[^\S\r\n]*)(?:\r\n|\r|\n)/g;

/** Front matter below text that may not precede it, or with more than `---` on its first line. */
function findMisplaced(source: string): Range | undefined {
  for (const match of source.matchAll(MISPLACED_FENCE)) {
    const after = match.index + match[0].length;
    if (!FIRST_KEY.test(source.slice(after, after + 200))) continue;
    const start = match.index + match[0].indexOf('---');
    return { start, end: start + 3 };
  }
  return undefined;
}

const KEY_LINE = /^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*(?:[\w.-]+|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*:(?:\s|$)/;

/** Also true for a map with errors in it: those are reported at their positions. */
function holdsMapping(yaml: string): boolean {
  if (yaml.length > LONGEST_FRONT_MATTER) return KEY_LINE.test(yaml.slice(0, LONGEST_FRONT_MATTER));
  try {
    return isMap(parseYamlDocument(yaml).contents);
  } catch {
    // nested deeper than the stack: not written by a person
    return true;
  }
}

/** The closing fence follows the line break that ends the YAML; empty front matter has none of its own. */
function fenceStart(source: string, yamlEnd: number): number {
  return source.indexOf('---', yamlEnd);
}

function trimmedRange(source: string, from: number): Range {
  const rest = source.slice(from);
  const start = from + rest.length - rest.trimStart().length;
  return { start, end: Math.max(start, from + rest.trimEnd().length) };
}
