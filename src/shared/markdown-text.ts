import { sanitize } from './sanitize.ts';

/** A fenced block. The fence is longer than any run of backticks inside it, so that no text can end it. */
export function markdownFence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

/** One line with visible control characters. */
export function oneLine(text: string): string {
  return sanitize(text.replace(/\s+/g, ' ')).replaceAll('\n', '␊');
}

export function markdownCode(text: string): string {
  // backticks cannot be escaped in a code span, so they are replaced
  return `\`${oneLine(text).replaceAll('`', "'")}\``;
}

/** Escapes Markdown; a zero-width space after an @ prevents mentions. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>()#!|~$&]|^[-+]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`))
    .replaceAll('@', '@\u200b')
    .replace(/:\/\//g, ':\u200b//');
}

/** A table; a bar would end a cell even in code. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], rule?: string): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(head), rule ?? line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
