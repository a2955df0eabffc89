import type { Range } from '../../prompts/prompt.ts';

export interface MergeConflict {
  /** From the first marker line to the last one, without its line break. */
  range: Range;
  /** Everything that git wrote between the markers except our side, and the markers themselves. */
  others: Range[];
}

const MARKER = /^(?:<{7}(?: .*)?|\|{7}(?: .*)?|={7}|>{7}(?: .*)?)\r?$/gm;

/** Conflicts as git writes them, with or without the common base (`diff3`). For an unfinished one, its first line. */
export function findConflicts(source: string): MergeConflict[] {
  if (!source.includes('<<<<<<<')) return [];
  const found: MergeConflict[] = [];
  let start: number | undefined;
  let oursEnd: number | undefined;
  let bodyStart = 0;
  for (const { 0: line, index } of source.matchAll(MARKER)) {
    const kind = line[0];
    const lineEnd = index + line.length;
    if (kind === '<' && start === undefined) {
      start = index;
      bodyStart = lineEnd;
      oursEnd = undefined;
    } else if (start !== undefined && kind !== '<' && kind !== '>') {
      oursEnd ??= index;
    } else if (start !== undefined && kind === '>') {
      const range = { start, end: lineEnd };
      found.push({
        range,
        others: [
          { start, end: bodyStart },
          { start: oursEnd ?? index, end: lineEnd },
        ],
      });
      start = undefined;
    }
  }
  if (start !== undefined) {
    const range = { start, end: bodyStart };
    found.push({ range, others: [range] });
  }
  return found;
}

/** The text with our side only; the rest of a conflict is blank, so that every offset stays. */
export function oursOf(source: string, conflicts: readonly MergeConflict[]): string {
  let text = source;
  for (const { others } of conflicts) {
    for (const { start, end } of others) {
      text = text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
    }
  }
  return text;
}
