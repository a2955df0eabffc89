import { diffLines } from 'diff';

/** Lines of the later text that are not in the earlier one, 0-based and inclusive. */
interface ChangedLines {
  kind: 'added' | 'changed' | 'removed';
  first: number;
  /** For `removed` the line before the removed ones; -1 at the very top. */
  last: number;
}

/** The differences between a text and an earlier one, line by line; line endings do not count. */
export function changedLines(before: string, after: string): ChangedLines[] {
  const changes = diffLines(withLf(before), withLf(after));
  const found: ChangedLines[] = [];
  let line = 0;
  for (const [index, { added, removed, count }] of changes.entries()) {
    if (removed) {
      if (!changes[index + 1]?.added) found.push({ kind: 'removed', first: line - 1, last: line - 1 });
      continue;
    }
    if (added) {
      const kind = changes[index - 1]?.removed ? 'changed' : 'added';
      found.push({ kind, first: line, last: line + count - 1 });
    }
    line += count;
  }
  return found;
}

/** A last line without its line break is the same line. */
function withLf(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
}
