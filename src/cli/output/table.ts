import { sanitize } from '../../shared/sanitize.ts';

interface Column {
  title: string;
  align?: 'left' | 'right';
}

export const left = (...titles: string[]): Column[] => titles.map((title) => ({ title }));
export const right = (...titles: string[]): Column[] => titles.map((title) => ({ title, align: 'right' }));

/** Columns are as wide as their longest cell. Cells are sanitized and have one line: they cannot break the table. */
export function formatTable(
  columns: readonly Column[],
  cells: readonly string[][],
  head: (text: string) => string,
): string {
  const rows = cells.map((row) => row.map((cell) => sanitize(cell).replace(/\s+/g, ' ')));
  const widths = columns.map(({ title }, index) =>
    Math.max(width(title), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const room = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)));
        return align === 'right' ? room + cell : cell + room;
      })
      .join('  ')
      .trimEnd();
  return [head(line(columns.map(({ title }) => title))), ...rows.map(line)].map((text) => `${text}\n`).join('');
}

function width(text: string): number {
  return [...text].length;
}

/** `2026-11-29` */
export function formatDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
