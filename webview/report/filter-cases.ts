import type { ReportCaseData, ReportCellData, ReportHead } from '../../src/shared/report-data.ts';

export const FILTERS = ['all', 'worse', 'better', 'failed', 'errors', 'changed'] as const;
export type Filter = (typeof FILTERS)[number];

export const FILTER_TITLES: Readonly<Record<Filter, string>> = {
  all: 'All',
  worse: 'Worse',
  better: 'Better',
  failed: 'Failed',
  errors: 'Errors',
  changed: 'Changed answers',
};

/** A difference of scores that is not only rounding. */
const EQUAL = 1e-9;
const RANK = { error: 0, failed: 1, passed: 2 };

/** The answers of the baseline of a column to a case: in another column, or in a stored result. */
export function baselineOf({ cells, base }: ReportCaseData, column: number, { columns }: ReportHead): ReportCellData[] {
  const other = columns[column]?.baseline;
  return other === undefined
    ? base.filter((cell) => cell.column === column)
    : cells.filter((cell) => cell.column === other);
}

/** Which filters a case belongs to; answers of a baseline alone do not count. */
export function filtersOf(one: ReportCaseData, head: ReportHead): ReadonlySet<Filter> {
  const found = new Set<Filter>(['all']);
  for (const [index, column] of head.columns.entries()) {
    if (column.isBaseline) continue;
    const own = one.cells.filter((cell) => cell.column === index);
    if (own.some(({ state }) => state === 'failed')) found.add('failed');
    if (own.some(({ state }) => state === 'error')) found.add('errors');
    const before = baselineOf(one, index, head);
    if (before.length === 0 || own.length === 0) continue;
    if (own.some(({ output }, repeat) => output !== before[repeat]?.output)) found.add('changed');
    const change = compareCells(before, own);
    if (change !== 0) found.add(change < 0 ? 'worse' : 'better');
  }
  return found;
}

/** Below 0 if the answers became worse: by their states, or else by their scores; repeats are averaged. */
export function compareCells(before: readonly ReportCellData[], after: readonly ReportCellData[]): number {
  const states = mean(after.map(({ state }) => RANK[state])) - mean(before.map(({ state }) => RANK[state]));
  if (Math.abs(states) > EQUAL) return states;
  const scoresOf = (cells: readonly ReportCellData[]) => cells.flatMap(({ score }) => score ?? []);
  const [old, now] = [scoresOf(before), scoresOf(after)];
  const difference = old.length > 0 && now.length > 0 ? mean(now) - mean(old) : 0;
  return Math.abs(difference) > EQUAL ? difference : 0;
}

/** True if a text of the case or of an answer contains the words, ignoring case. */
export function contains({ id, inputs, expected, tags, cells }: ReportCaseData, search: string): boolean {
  const has = (text: string) => text.toLowerCase().includes(search);
  return (
    has(id) ||
    tags.some(has) ||
    inputs.some(([, value]) => has(value)) ||
    expected.some(has) ||
    cells.some(({ output }) => has(output))
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
