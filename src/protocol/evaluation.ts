import type { ReportFormat } from '../core/evals/report/report-format.ts';
import type {
  AnswerRating,
  CaseFilter,
  CaseFilterState,
  CaseList,
  CaseSort,
  CellScore,
  CellState,
  EvalColumn,
  EvalCounts,
  EvalMetric,
  EvalRecord,
  EvalState,
  EvalSummary,
  EvalTotals,
  GateResult,
  MetricResult,
  StoredCase,
  Verdict,
} from '../core/store/evals/eval-record.ts';
import type { CompareMethods, Message } from './compare.ts';
import type { RowList, RowPlaces, RowRanges } from './row-places.ts';
import type { ErrorInfo } from './rpc.ts';

// A webview only imports the protocol, so the core types that it uses are re-exported here.
export type {
  AnswerRating,
  CaseFilter,
  CaseFilterState,
  CaseSort,
  CellScore,
  CellState,
  EvalColumn,
  EvalCounts,
  EvalMetric,
  EvalState,
  EvalSummary,
  EvalTotals,
  GateResult,
  MetricResult,
  StoredCase,
  Verdict,
};

/** A result without what only the host needs. */
export interface ShownResult extends Omit<EvalRecord, 'plan' | 'summary'> {
  /** Of the intervals: 0.95 unless the file says otherwise. */
  confidence: number;
}

/** What the rows are grouped by. A case with two tags is in both groups. */
export type CaseGrouping = 'none' | 'state' | 'tag' | 'group';

/** Which groups show only their title. */
export interface CaseFolds {
  /** Whether all are folded but the others, or none but the others. */
  all: boolean;
  /** IDs of groups. */
  others: string[];
}

/** A stored result in a list of results, such as those to compare with. */
export interface ResultChoice {
  id: string;
  name: string;
  startedAt: number;
  state: EvalState;
  isPinned: boolean;
  bytes: number | undefined;
  cases: number;
  /** `production · demo/swift` of each column. */
  columns: string[];
}

/** How far a running evaluation is. */
export interface EvaluationProgress {
  /** Answers, or cases that are scored again; of a re-run, only those that it answers again. */
  done: number;
  total: number;
  perSecond: number | undefined;
  leftMs: number | undefined;
}

/** Which buttons make sense: a run of another window can only be watched. */
export type RunControl = 'own' | 'other-window' | 'none';

export interface EvaluationSnapshot {
  seq: number;
  result: ShownResult;
  summary: EvalSummary | undefined;
  /** The stored result that it is compared with. */
  against: ResultChoice | undefined;
  control: RunControl;
  progress: EvaluationProgress | undefined;
  /** False in an untrusted workspace, where results can only be browsed. */
  canRun: boolean;
  /** True if the file of the evaluation exists. */
  hasFile: boolean;
  /** The place of the case that is opened, if the panel was opened for it. */
  openCase?: number;
  notices: string[];
}

export type EvaluationEvent =
  /** State, columns, pin, end: everything but the cells. */
  | { type: 'result'; result: ShownResult; control: RunControl }
  /** The comparison, after the end or for another baseline. */
  | { type: 'summary'; summary: EvalSummary | undefined; against: ResultChoice | undefined }
  | { type: 'progress'; counts: EvalCounts; totals: EvalTotals; progress: EvaluationProgress | undefined }
  /** Cells were added, scored again or rated: the list needs a refresh. */
  | { type: 'cells' }
  | { type: 'open-case'; place: number }
  | { type: 'trust'; canRun: boolean }
  | { type: 'notice'; message: string }
  /** The result was deleted, here or in another window. */
  | { type: 'deleted' };

/** All repeats of one case in one column. Undefined is unknown. */
export interface CellRow {
  /** The worst of the repeats. */
  state: CellState;
  /** The mean of the repeats. */
  score: number | undefined;
  /** The lowest and highest score of the repeats; undefined with one. */
  spread: readonly [low: number, high: number] | undefined;
  /** Finished repeats, those that passed, and how many answers differ. */
  repeats: number;
  passed: number;
  distinct: number;
  /** Against the baseline cell; undefined if there is none. */
  change: 'regressed' | 'improved' | 'changed' | 'same' | undefined;
  isCached: boolean;
  /** The beginning of the first answer, on one line; before it, the values that metrics look at. */
  text: string;
  error: string | undefined;
}

export type CaseTableRow =
  | {
      kind: 'group';
      /** Unique among the groups of a list, and the same in the next list. */
      id: string;
      label: string;
      cases: number;
      isFolded: boolean;
    }
  | {
      kind: 'case';
      place: number;
      id: string;
      /** Undefined if the dataset has no ids. */
      writtenId: string | undefined;
      number: number;
      /** The inputs on one line. */
      title: string;
      tags: string[];
      /** Of each column of the result. */
      cells: (CellRow | undefined)[];
    };

export interface CaseQuery {
  filter: CaseFilter;
  sort: CaseSort;
  grouping: CaseGrouping;
  /** Undefined if no group is folded. */
  folds?: CaseFolds | undefined;
}

/** The rows, those of groups included, and how many cases match. */
export interface CaseListing extends RowList<CaseTableRow>, Pick<CaseList, 'counts' | 'tags'> {
  cases: number;
}

/** Changes to the rating of an answer; null clears a field. */
export type RatingChanges = { [Name in keyof AnswerRating]?: NonNullable<AnswerRating[Name]> | null };

/** One answer of a case with its scores. */
export interface AnswerView extends AnswerRating {
  repeat: number;
  state: CellState;
  isCached: boolean;
  score: number | undefined;
  scores: CellScore[];
  output: string;
  reasoning: string;
  toolCalls: { name: string; arguments: unknown }[];
  contexts: string[] | undefined;
  finishReason: string | undefined;
  servedModel: string | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  isEstimated: boolean;
  costUsd: number | undefined;
  ttftMs: number | undefined;
  latencyMs: number | undefined;
  simulated: boolean;
  error: ErrorInfo | undefined;
}

export interface CaseColumnView {
  /** By repeat; undefined where it has not finished. */
  answers: (AnswerView | undefined)[];
  /** What it is compared with: a column of this result, or a stored result. */
  baseline: { label: string; answers: AnswerView[] } | undefined;
}

/** Whether the row of a case can be edited here. */
export type CaseEditing = { file: string } | { problem: string };

export interface CaseView {
  place: number;
  case: StoredCase;
  columns: CaseColumnView[];
  editing: CaseEditing;
}

export interface CaseHistoryRow {
  resultId: string;
  startedAt: number;
  column: string;
  state: CellState;
  score: number | undefined;
  /** True for the result that is shown. */
  isThis: boolean;
}

/** What changed in the prompt of a column since its baseline. */
export interface PromptChange {
  before: { label: string; text: string };
  after: { label: string; text: string };
}

/** What the charts show of one metric, or of the cells' score. */
export interface EvaluationFigures {
  metric: string | undefined;
  columns: {
    /** Dollars for one answer. */
    costUsd: number | undefined;
    latencyMs: number | undefined;
    mean: number | undefined;
    /** Of the answers, those that passed. */
    passRate: number | undefined;
    /** Undefined if it is not known. */
    passes: boolean | undefined;
  }[];
  /** What decides: the gates of the file, or without any whether the mean of each metric with a threshold meets it. */
  passesBy: 'gates' | 'thresholds';
  /** Bins from low to high, and how many cases of each column are in each. */
  bins: { from: number; to: number; counts: number[] }[];
  tags: {
    tag: string;
    columns: {
      mean: number | undefined;
      interval: readonly [number, number] | undefined;
      n: number;
      /** Of these cases; undefined if no case has a group. */
      groups?: number | undefined;
    }[];
  }[];
  /** Results of the same evaluation, oldest first. */
  trend: {
    id: string;
    startedAt: number;
    columns: { label: string; version: string | undefined; mean: number | undefined }[];
  }[];
}

/** What a case's row is changed to. Undefined stays as it is. */
export interface CaseChanges {
  inputs?: Record<string, unknown> | undefined;
  expected?: unknown[] | undefined;
  tags?: string[] | undefined;
}

/** Which cases run again. `changed` are those whose row or prompt was edited since, in a new result. */
export type RerunChoice = 'all' | 'failed' | 'errors' | 'changed';

interface CellPlaceParams {
  place: number;
  column: number;
}

/** The requests of the Evaluation webview. */
export interface EvaluationMethods extends Pick<CompareMethods, 'action.run' | 'link.open'> {
  snapshot: { params: undefined; result: EvaluationSnapshot };
  /** `shown` is the list of the places. */
  'list.open': { params: CaseQuery & { shown: number; places: RowPlaces }; result: CaseListing };
  /** Undefined if another list was opened since; null for a case that is no longer there. */
  'rows.read': { params: { list: number; from: number; count: number }; result: (CaseTableRow | null)[] | undefined };
  /** The row of the title above a row; undefined without groups, or if another list was opened since. */
  'group.find': { params: { list: number; row: number }; result: number | undefined };
  'case.read': { params: { place: number }; result: CaseView };
  /** The messages of a column as they were sent; undefined for what is no prompt. */
  'case.messages': { params: CellPlaceParams; result: Message[] | undefined };
  'case.history': { params: { place: number }; result: CaseHistoryRow[] };
  /** Changes the row of the dataset in its editor, where it can be undone. With auto save, the file changes as well. */
  'case.edit': { params: { place: number; changes: CaseChanges }; result: { isAutoSaved: boolean } };
  /** Shows the row in its file. */
  'case.open': { params: { place: number }; result: undefined };
  'answer.rate': {
    params: CellPlaceParams & { repeat: number; changes: RatingChanges };
    result: undefined;
  };
  'answer.copy': { params: CellPlaceParams & { repeat: number }; result: undefined };
  /** Undefined if there is nothing to compare with, or its text was not kept. */
  'prompt.change': { params: { column: number }; result: PromptChange | undefined };
  'prompt.diff': { params: { column: number }; result: undefined };
  'figures.read': { params: { metric: string | undefined }; result: EvaluationFigures };
  'results.list': { params: undefined; result: ResultChoice[] };
  /** Null for the baseline of the evaluation itself. */
  'against.set': { params: { id: string | null }; result: undefined };
  'result.open': { params: { id: string }; result: undefined };
  'result.pin': { params: { isPinned: boolean }; result: undefined };
  'result.delete': { params: undefined; result: undefined };
  'result.export': { params: { format: ReportFormat }; result: undefined };
  'file.open': { params: undefined; result: undefined };
  'run.control': { params: { action: 'pause' | 'continue' | 'stop' | 'resume' | 'rescore' }; result: undefined };
  'run.again': { params: { what: RerunChoice | { list: number; ranges: RowRanges } }; result: undefined };
}
