import type { CaseFilter, CaseFolds, CaseGrouping, CaseSort } from '../../src/protocol/evaluation.ts';
import type { ColumnWidths } from '../shared/table/table-column.ts';

/** What the answer of an open case is compared with. */
export type DiffBase = 'baseline' | 'expected' | 'nothing';

/** How the panel is shown. VS Code stores it across window reloads, and gives `id` back to the extension. */
export interface EvaluationViewState {
  id: string | undefined;
  /** As typed: `/…/` is a regular expression. */
  search: string;
  filter: Omit<CaseFilter, 'text' | 'isRegex'>;
  sort: CaseSort;
  grouping: CaseGrouping;
  folds: CaseFolds;
  widths: ColumnWidths;
  charts: boolean;
  /** The metric of the charts; undefined for the cells' score. */
  metric: string | undefined;
  /** The place of the open case. */
  open: number | undefined;
  /** Where the case is shown if there is room on both sides. */
  side: 'below' | 'beside';
  /** The share of the open case; undefined for the default one. */
  share: number | undefined;
  /** The column of the open case; undefined for the first one that has a baseline. */
  column: number | undefined;
  diff: DiffBase;
  /** The stored result that the user chose to compare with. */
  against: string | undefined;
}

export const INITIAL_VIEW_STATE: EvaluationViewState = {
  id: undefined,
  search: '',
  filter: {},
  sort: { by: 'number', descending: false },
  grouping: 'none',
  folds: { all: false, others: [] },
  widths: {},
  charts: false,
  metric: undefined,
  open: undefined,
  side: 'below',
  share: undefined,
  column: undefined,
  diff: 'baseline',
  against: undefined,
};

/** Below this width, the case is always below the table, as in cases.css. */
export const NARROW_PANEL = '(max-width: 899px)';

/** A narrow panel has no room for the table, charts and a case: the open case takes the place of the charts. */
export function areChartsShown({ charts, open }: Pick<EvaluationViewState, 'charts' | 'open'>, isNarrow: boolean) {
  return charts && !(isNarrow && open !== undefined);
}

/** The filter for the host. */
export function toCaseFilter({ filter, search }: Pick<EvaluationViewState, 'filter' | 'search'>): CaseFilter {
  const text = search.trim();
  if (text === '') return filter;
  const pattern = /^\/(.+)\/$/s.exec(text)?.[1];
  return pattern === undefined ? { ...filter, text } : { ...filter, text: pattern, isRegex: true };
}

/** Without the entries that filter nothing. */
export function withFilter(
  filter: EvaluationViewState['filter'],
  change: Partial<EvaluationViewState['filter']>,
): EvaluationViewState['filter'] {
  const entries = Object.entries({ ...filter, ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

/** All groups, or none. */
export function foldAll(isFolded: boolean): CaseFolds {
  return { all: isFolded, others: [] };
}

export function foldGroup({ all, others }: CaseFolds, id: string, isFolded: boolean): CaseFolds {
  const rest = others.filter((other) => other !== id);
  return { all, others: isFolded === all ? rest : [...rest, id] };
}

export function isFiltered({ filter, search }: Pick<EvaluationViewState, 'filter' | 'search'>): boolean {
  return search.trim() !== '' || Object.values(filter).some((value) => value !== undefined);
}
