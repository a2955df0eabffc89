import { comparedColumns } from '../../../core/evals/aggregate/result-figures.ts';
import type { CellWithAnswer, EvalListed, StoredCase } from '../../../core/store/evals/eval-record.ts';
import type { Store } from '../../../core/store/store.ts';
import { caseLabel } from '../../../shared/case-label.ts';
import { formatMetricValue } from '../../../shared/metric-value.ts';
import { columnName } from '../describe-result.ts';
import type { EvaluationsRow } from './evaluations-node.ts';

const CASES_PAGE = 50;
const LONGEST_REASON = 300;

type CaseRow = Extract<EvaluationsRow, { kind: 'case' }>;

/** The cases of a result that did not pass everywhere, those with errors first, page by page. */
export async function readFailedCases(
  { evals }: Pick<Store, 'evals'>,
  result: EvalListed,
  pages: number,
): Promise<{ rows: CaseRow[]; hasMore: boolean }> {
  const all = await listPlaces(evals, result);
  const places = all.slice(0, pages * CASES_PAGE);
  const [cases, cells] = await Promise.all([evals.cases(result.id, places), evals.cells(result.id, places)]);
  const byCase = Map.groupBy(cells, (cell) => cell.case);
  const rows = places.flatMap((place, index) => {
    const stored = cases[index];
    return stored ? caseRow(result, { place, stored, cells: byCase.get(place) ?? [] }) : [];
  });
  return { rows, hasMore: all.length > places.length };
}

/** Of the columns that are compared with a baseline: where only the baseline failed, something was repaired. */
async function listPlaces(evals: Store['evals'], result: EvalListed): Promise<number[]> {
  const { failed, errors } = result.counts;
  const sort = { by: 'number', descending: false } as const;
  const compared = comparedColumns(result);
  // one query is enough if all columns count
  const columns = compared.length === result.columns.length ? [undefined] : compared;
  const list = async (state: 'errors' | 'failed') => {
    const lists = columns.map((column) => evals.listCases(result.id, { filter: { state, column }, sort }));
    const places = (await Promise.all(lists)).flatMap((found) => [...found.places]);
    return [...new Set(places)].sort((a, b) => a - b);
  };
  return [...new Set([...(errors > 0 ? await list('errors') : []), ...(failed > 0 ? await list('failed') : [])])];
}

function caseRow(
  result: EvalListed,
  { place, stored, cells }: { place: number; stored: StoredCase; cells: readonly CellWithAnswer[] },
): CaseRow {
  const compared = comparedColumns(result);
  const wrong = cells.filter(({ state, column }) => state !== 'passed' && compared.includes(column));
  const reasons = wrong.map((cell) => `${columnName(result, cell.column)}: ${cellReason(result, cell)}`);
  // where only one column is compared, its name says nothing
  const isAlone = compared.length === 1;
  const columns = isAlone ? [] : [...new Set(wrong.map(({ column }) => columnName(result, column)))];
  const isError = wrong.some(({ state }) => state === 'error');
  return {
    kind: 'case',
    evaluationId: result.id,
    place,
    state: isError ? 'error' : 'failed',
    label: caseLabel(stored),
    description: [[...new Set(wrong.flatMap((cell) => failedNames(result, cell)))].join(', '), columns.join(', ')]
      .filter(Boolean)
      .join(' · '),
    reasons: [...new Set(reasons)],
  };
}

/** The names of the metrics that did not pass, or `error`. */
function failedNames({ metrics }: EvalListed, { state, scores, answer }: CellWithAnswer): string[] {
  if (state === 'error' && answer.error) return ['error'];
  const names = scores.flatMap(({ passed }, index) => (passed === false ? (metrics[index]?.name ?? []) : []));
  return names.length > 0 ? names : [state];
}

/** Why a cell did not pass, on one line. */
export function cellReason(
  { metrics }: Pick<EvalListed, 'metrics'>,
  { answer, scores, state }: CellWithAnswer,
): string {
  if (answer.error) return answer.error.message.slice(0, LONGEST_REASON);
  const reasons = scores.flatMap(({ passed, value, reason }, index) => {
    if (passed !== false && !(state === 'error' && value === null)) return [];
    const metric = metrics[index];
    const needs = metric?.threshold === undefined ? '' : ` (needs ${formatMetricValue(metric.threshold, metric)})`;
    const figure = value === null ? undefined : `${formatMetricValue(value, metric)}${needs}`;
    return [`${metric?.name ?? ''}: ${reason ?? figure ?? 'no score'}`];
  });
  return reasons.join('; ').slice(0, LONGEST_REASON) || state;
}
