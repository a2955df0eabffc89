import { columnTitle } from '../../../shared/column-title.ts';
import { formatNumber, formatScore } from '../../../shared/format.ts';
import { pairColumns } from '../../store/evals/compare/pair-columns.ts';
import type { CellWithAnswer, EvalRecord } from '../../store/evals/eval-record.ts';
import type { ReportCase } from './eval-report.ts';

/** The answers of a column to a case beside those of its baseline; neither is empty. */
export interface CaseChange {
  title: string;
  before: CellWithAnswer[];
  after: CellWithAnswer[];
}

/** The columns of a case that have a baseline, in this result or in a stored one. */
export function changesOf(one: ReportCase, record: EvalRecord, baseline: EvalRecord | undefined): CaseChange[] {
  const inBaseline = pairColumns(record.columns, baseline?.columns ?? []);
  return record.columns.flatMap((column, index) => {
    if (column.isBaseline) return [];
    const after = one.cells.filter((cell) => cell.column === index);
    const before =
      column.baselineColumn !== undefined
        ? one.cells.filter((cell) => cell.column === column.baselineColumn)
        : one.baselineCells.filter((cell) => cell.column === inBaseline[index]);
    return before.length > 0 && after.length > 0 ? [{ title: columnTitle(column), before, after }] : [];
  });
}

/** `passed, score 0.9`, or with repeats `2 of 3 passed, score 0.61`. */
export function describeCells(cells: readonly CellWithAnswer[]): string {
  const passed = cells.filter(({ state }) => state === 'passed').length;
  const errors = cells.filter(({ state }) => state === 'error').length;
  const scores = cells.flatMap(({ score }) => score ?? []);
  const mean = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : undefined;
  const state = cells.length === 1 ? (cells[0]?.state ?? '') : `${formatNumber(passed)} of ${cells.length} passed`;
  const errorText = cells.length > 1 && errors > 0 ? `, ${formatNumber(errors)} errors` : '';
  return `${state}${errorText}${mean === undefined ? '' : `, score ${formatScore(mean)}`}`;
}
