import type { Range } from '../../prompts/prompt.ts';

/** The code in a Markdown text, in order: fenced blocks, and spans between backticks on one line. */
export function codeRanges(source: string, { start, end }: Range): Range[] {
  const found: Range[] = [];
  let fence: { start: number; mark: string } | undefined;
  for (let at = start; at < end; ) {
    const lineEnd = source.indexOf('\n', at);
    const next = lineEnd < 0 || lineEnd >= end ? end : lineEnd + 1;
    const line = source.slice(at, next);
    const { mark, info } = fenceOf(line);
    if (fence) {
      if (mark?.startsWith(fence.mark) && info === '') {
        found.push({ start: fence.start, end: next });
        fence = undefined;
      }
    } else if (mark) fence = { start: at, mark };
    else pushSpans(found, line, at);
    at = next;
  }
  if (fence) found.push({ start: fence.start, end });
  return found;
}

/** A fence may be in a list or a quotation. Backticks on the rest of its line make it a span that starts the line. */
function fenceOf(line: string): { mark?: string; info?: string } {
  const [, mark, rest = ''] = /^(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*(`{3,}|~{3,})(.*)$/.exec(line.trimEnd()) ?? [];
  if (mark === undefined || (mark.startsWith('`') && rest.includes('`'))) return {};
  return { mark, info: rest };
}

/** A span ends with as many backticks as it started with. */
function pushSpans(found: Range[], line: string, lineStart: number): void {
  let open: { start: number; ticks: string } | undefined;
  for (const { 0: ticks, index } of line.matchAll(/`+/g)) {
    if (!open) open = { start: index, ticks };
    else if (open.ticks === ticks) {
      found.push({ start: lineStart + open.start, end: lineStart + index + ticks.length });
      open = undefined;
    }
  }
}
