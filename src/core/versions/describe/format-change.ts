import { diffLines } from 'diff';
import { formatList } from '../../../shared/format.ts';

/** Above this, comparing line by line would cost more than it is worth. */
const MOST_LINE_EDITS = 2000;
const LONGEST_VALUE = 40;

/** A name in backticks, which it cannot contain: a view may show it as code. */
export function quoted(name: string): string {
  return `\`${plain(name)}\``;
}

/** A value for a description: one line, short, and without the backticks that mark names. */
export function shortValue(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function plain(text: string): string {
  return text.replaceAll('`', "'").replace(/\s+/g, ' ').trim();
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function shortList(names: readonly string[]): string {
  return formatList(names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names);
}

/** How two texts differ: `2 lines changed, 1 added`; undefined if only spaces and line endings do. */
export function lineChanges(before: string, after: string): string | undefined {
  const lines = { before: linesOf(before), after: linesOf(after) };
  if (lines.before.filter(Boolean).join('\n') === lines.after.filter(Boolean).join('\n')) return undefined;
  const counts = { changed: 0, added: 0, removed: 0 };
  const parts = diffLines(`${lines.before.join('\n')}\n`, `${lines.after.join('\n')}\n`, {
    maxEditLength: MOST_LINE_EDITS,
  });
  if (!parts) return 'rewritten';
  for (const [index, part] of parts.entries()) {
    const previous = parts[index - 1];
    // jsdiff puts removed lines before the lines that replace them
    const replaced = part.added && previous?.removed ? Math.min(previous.count, part.count) : 0;
    counts.changed += replaced;
    counts.removed += (part.removed ? part.count : 0) - replaced;
    counts.added += (part.added ? part.count : 0) - replaced;
  }
  return inWords(counts);
}

function inWords(counts: Record<string, number>): string {
  const known = Object.entries(counts).filter(([, count]) => count > 0);
  return known
    .map(([how, count], index) =>
      index === 0 ? `${count} ${count === 1 ? 'line' : 'lines'} ${how}` : `${count} ${how}`,
    )
    .join(', ');
}

/** Lines without surrounding spaces, which rarely matter to a model. */
function linesOf(text: string): string[] {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
}
