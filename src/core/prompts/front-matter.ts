import type { Range } from './prompt.ts';

export interface SplitSource {
  /** The YAML between the fences, without them. */
  yaml: Range | undefined;
  template: Range;
  /** The opening fence, where nothing closes it; the rest of the file is then taken as YAML. */
  unclosedFence: Range | undefined;
}

const OPEN_FENCE = /---[^\S\r\n]*(?:\r\n|\r|\n|$)/y;
const CLOSE_FENCE = /(?:\r\n|\r|\n)---[^\S\r\n]*(?:\r\n|\r|\n|$)/g;

/**
 * Splits a file at its `---` fences as dotprompt does, and also where dotprompt fails: a byte order mark, empty front
 * matter, a closing fence at the very end. The template is trimmed only when there is front matter, as the format says.
 */
export function splitFrontMatter(source: string): SplitSource {
  const start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  OPEN_FENCE.lastIndex = start;
  const open = OPEN_FENCE.exec(source);
  if (!open) return { yaml: undefined, template: { start, end: source.length }, unclosedFence: undefined };
  const yamlStart = start + open[0].length;
  // The opening fence's own line break may be the one before the closing fence: empty front matter.
  CLOSE_FENCE.lastIndex = Math.max(start + 3, yamlStart - 1);
  const close = CLOSE_FENCE.exec(source);
  if (!close) {
    return {
      yaml: { start: yamlStart, end: source.length },
      template: { start: source.length, end: source.length },
      unclosedFence: { start, end: start + 3 },
    };
  }
  return {
    yaml: { start: yamlStart, end: Math.max(yamlStart, close.index) },
    template: trimmedRange(source, close.index + close[0].length),
    unclosedFence: undefined,
  };
}

function trimmedRange(source: string, from: number): Range {
  const rest = source.slice(from);
  const start = from + rest.length - rest.trimStart().length;
  return { start, end: Math.max(start, from + rest.trimEnd().length) };
}
