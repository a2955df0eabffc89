import type { WorkTime } from '../../../shared/evaluation-state.ts';
import type { ErrorInfo } from '../../base/errors.ts';
import type { Message, Parameters, Usage } from '../../models/chat-model.ts';
import type { RunVersion } from '../runs/run-record.ts';

/** `paused` waits for a rate limit, a disk or a database, or was paused by the user; `interrupted` lost its window. */
export type EvalState = 'running' | 'paused' | 'done' | 'stopped' | 'budget' | 'failed' | 'interrupted';

/** What answers: a version of a prompt on a model, an application of the user, or a column of the dataset. */
export interface EvalColumn {
  /** The prompt's or the target's name; undefined if the dataset has the answers. */
  prompt: string | undefined;
  /** As runs record it. */
  promptPath: string | undefined;
  /** Undefined for the working copy, and for what is no prompt. */
  version: RunVersion | undefined;
  /** SHA-256 of the prompt's source as run, hex. */
  sourceHash: string | undefined;
  /** Hash of the prompt with its partials. */
  contentHash: string | undefined;
  /** `connection/model`; undefined for a target and for answers of the dataset. */
  model: string | undefined;
  /** The prompt's, changed by those of the evaluation. */
  parameters: Parameters;
  isBaseline: boolean;
  /** The index of the column that this one is compared with; undefined if there is none in this result. */
  baselineColumn: number | undefined;
  /** Answered by a demo model: nobody pays for it. */
  simulated: boolean;
}

/** A metric as it was used; scores of cells are in the order of the result's metrics. */
export interface EvalMetric {
  /** Unique in the evaluation; scores and gates refer to it. */
  name: string;
  id: string;
  title: string;
  scale: 'yes-no' | '0-1' | '0-100' | 'count';
  direction: 'higher' | 'lower';
  /** From which value it passes; undefined: it is only reported. */
  threshold: number | undefined;
  weight: number;
  /** Changes with everything that the score depends on besides the case and the answer. */
  hash: string;
  /** The file does not name it: an answer was rated in the panel. Its weight is 0. */
  fromRatings?: true;
}

export interface EvalCounts {
  cases: number;
  /** Cells to fill: cases × columns × repeats. */
  cells: number;
  passed: number;
  failed: number;
  errors: number;
  /** Cells whose answer was reused. */
  cached: number;
}

/** Undefined figures are unknown. */
export interface EvalTotals {
  costUsd: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}

/** False if all answers are those of the dataset: nothing is sent then, and nothing is paid. */
export function isAsked(columns: readonly Pick<EvalColumn, 'prompt' | 'model'>[]): boolean {
  return columns.some(({ prompt, model }) => prompt !== undefined || model !== undefined);
}

export type Verdict = 'better' | 'worse' | 'no-change-shown' | 'too-few-cases';

/** A metric of a column over all cases that have a score. */
export interface MetricResult {
  /** The metric's name. */
  metric: string;
  column: number;
  mean: number | undefined;
  interval: readonly [number, number] | undefined;
  n: number;
  /** Of these cases; undefined if no case has a group. */
  groups?: number | undefined;
  /** Cases without a score. */
  missing: number;
  /** Shares of the cases in which one or all of k answers pass; only with repeats, of metrics that pass or fail. */
  repeated?: { k: number; passAtK: number; passHatK: number; n: number } | undefined;
  /** Undefined without a baseline; its figures are of the common cases that did not change. */
  baseline:
    | {
        mean: number;
        difference: number;
        interval: readonly [number, number] | undefined;
        p: number;
        verdict: Verdict;
        smallestDetectable: number | undefined;
        /** Cases that are compared. */
        n: number;
        /** Of these cases; undefined if no case has a group. */
        groups?: number | undefined;
        /** The interval of the mean of this column over these cases, which is `mean + difference`. */
        ownInterval?: readonly [number, number] | undefined;
        /** Of these cases, those with a better and those with a worse score. */
        changed?: { better: number; worse: number } | undefined;
      }
    | undefined;
}

export interface GateResult {
  /** As written, for a person. */
  gate: string;
  /** Null if there are too few cases to decide, which only warns. */
  passed: boolean | null;
  reason: string;
  /** For each column that it was checked for; none for a gate of the whole run. */
  columns?: { column: number; passed: boolean | null }[];
}

/** Written at the end, and again after cells were scored again. */
export interface EvalSummary {
  metrics: MetricResult[];
  gates: GateResult[];
  /** Cases that only one side of a stored baseline has, and those whose content changed; none is compared. */
  unmatched: { added: number; removed: number; changed: number } | undefined;
}

/** An evaluation's result as the database keeps it, without its cases. Times are epoch milliseconds. */
export interface EvalRecord extends WorkTime {
  id: string;
  name: string;
  /** Relative to the folder, with `/`; undefined for an evaluation without a file. */
  file: string | undefined;
  state: EvalState;
  startedAt: number;
  endedAt: number | undefined;
  /** Every answer is by a demo model. */
  simulated: boolean;
  columns: EvalColumn[];
  metrics: EvalMetric[];
  repeats: number;
  counts: EvalCounts;
  totals: EvalTotals;
  summary: EvalSummary | undefined;
  /** The stored result that it is compared with. */
  baselineId: string | undefined;
  isPinned: boolean;
  /** Why it paused, stopped or failed. */
  error: ErrorInfo | undefined;
  /** What it needs to be resumed as it was started: the specification with the sources of its prompts. Plain data. */
  plan: unknown;
}

/** What is listed; `bytes` is the estimated size in the database, without the answers of other results that it reuses. */
export type EvalListed = Omit<EvalRecord, 'plan'> & { bytes: number };

/**
 * Fields that are missing stay as they are. `passed`, `failed`, `errors`, `cached` and the totals follow from the cells that
 * are added.
 */
export interface EvalChanges
  extends Partial<
    Pick<
      EvalRecord,
      'name' | 'file' | 'state' | 'endedAt' | 'simulated' | 'summary' | 'baselineId' | 'error' | 'plan'
    > &
      WorkTime
  > {
  counts?: Partial<EvalCounts>;
}

export interface EvalPage {
  /** Only results of this evaluation file; null: only those of evaluations without a file. */
  file?: string | null | undefined;
  limit: number;
  /** The last result of the page before. */
  before?: Pick<EvalListed, 'id' | 'state' | 'startedAt'> | undefined;
}

/** The identities of all cases, by their places. */
export interface CaseIdentities {
  ids: string[];
  contentHashes: string[];
  groups: (string | undefined)[];
}

/** A case as it was at the start. */
export interface StoredCase {
  /** By which results are joined. */
  id: string;
  /** Of everything that a score may depend on. */
  contentHash: string;
  /** The dataset as the evaluation calls it; undefined for rows of the file itself. */
  dataset: string | undefined;
  /** From 1, in its dataset. */
  number: number;
  inputs: Record<string, unknown>;
  expected: unknown[];
  contexts: string[] | undefined;
  messages: Message[] | undefined;
  toolCalls: { name: string; arguments: unknown }[] | undefined;
  tags: string[];
  weight: number;
  group: string | undefined;
  /** Columns of the row that are no inputs, and that a prompt or a metric reads. */
  others: Record<string, unknown>;
  /** An answer that was made elsewhere; it is scored if nothing else answers. */
  output: string | undefined;
  /** Ids that were retrieved, the best first, and the gain of each relevant id. */
  retrieval: { retrieved: string[]; relevant: Record<string, number> } | undefined;
}

/** An answer, stored once however often it is reused. */
export interface StoredAnswer {
  /** Of the whole request as it is sent, and the repeat; undefined if it must not be reused. */
  cacheKey: string | undefined;
  output: string;
  reasoning: string;
  toolCalls: { name: string; arguments: unknown }[];
  /** Given by a target. */
  contexts: string[] | undefined;
  finishReason: string | undefined;
  servedModel: string | undefined;
  usage: Usage;
  usageEstimated: boolean;
  costUsd: number | undefined;
  ttftMs: number | undefined;
  latencyMs: number | undefined;
  simulated: boolean;
  /** Why there is no answer, or only a part of one. */
  error: ErrorInfo | undefined;
  /** When the request began. */
  at: number;
}

/** Null: undefined for this answer, with the reason. */
export interface CellScore {
  value: number | null;
  /** Null if the metric is only reported. */
  passed: boolean | null;
  reason?: string | undefined;
}

export type CellState = 'passed' | 'failed' | 'error';

/** What a person said in the panel about an answer. Undefined: nothing. */
export interface AnswerRating {
  /** The metric `thumbs`; the others have the names of their metrics. */
  rating: 'up' | 'down' | undefined;
  /** From 1 to 5. */
  csat: number | undefined;
  completed: boolean | undefined;
  escalated: boolean | undefined;
  comment: string | undefined;
}

/** The metrics that a rating has a value of, by their ids. */
export type RatedMetric = 'thumbs' | 'csat' | 'completed' | 'escalated';

/** Which answers of a result are rated. */
export interface RatedAnswers {
  /** Of cases with a rated answer, in order. */
  places: number[];
  metrics: RatedMetric[];
}

/** The score of one answer to one case. */
export interface EvalCell extends AnswerRating {
  /** The place of the case, from 0. */
  case: number;
  column: number;
  /** From 1. */
  repeat: number;
  state: CellState;
  /** Reused: it costs nothing, and keeps its first latency. */
  cached: boolean;
  /** In the order of the result's metrics. */
  scores: CellScore[];
  /** The weighted mean of metrics with a 0–1 scale, lower-is-better ones as 1 − value; undefined without any. */
  score: number | undefined;
}

/** A finished cell on its way to the database: with a new answer, or the number of a stored one. */
export interface NewCell extends Omit<EvalCell, keyof AnswerRating> {
  answer: StoredAnswer | number;
}

export type CellPlace = Pick<EvalCell, 'case' | 'column' | 'repeat'>;

/** New scores of a stored answer. */
export type RescoredCell = CellPlace & Pick<EvalCell, 'state' | 'scores' | 'score'>;

/** An answer to the same case in an earlier result, newest first. */
export interface PastCell {
  evaluation: Pick<EvalRecord, 'id' | 'name' | 'startedAt'>;
  column: EvalColumn;
  /** To which the cell's scores belong. */
  metrics: EvalMetric[];
  /** Of the case at that time. */
  contentHash: string;
  cell: CellWithAnswer;
}

export interface CellWithAnswer extends EvalCell {
  /** The answer's number in the database. */
  answerId: number;
  answer: StoredAnswer;
}

/** All cells of a result in compact form, for statistics: index = (case × columns + column) × repeats + repeat − 1. */
export interface EvalMatrix {
  cases: number;
  columns: number;
  repeats: number;
  /** 0 is no cell yet, 1 passed, 2 failed, 3 error. */
  states: Uint8Array;
  /** 1: the answer was reused. */
  isCached: Uint8Array;
  /** The cell's score; NaN is undefined. */
  scores: Float32Array;
  /** Of each metric; NaN is undefined. */
  values: Float64Array[];
  /** Of each metric: 0 is reported only or undefined, 1 passed, 2 failed. */
  passed: Uint8Array[];
  latencyMs: Float64Array;
  /** What the cell cost: 0 if its answer was reused. NaN is unknown. */
  costUsd: Float64Array;
  /** What the answer cost when it was made, for comparisons of models. */
  answerCostUsd: Float64Array;
}

export type CaseFilterState = 'failed' | 'errors' | 'regressed' | 'improved' | 'changed' | 'flaky';

/** Which cases are listed. Conditions are joined by and. */
export interface CaseFilter {
  state?: CaseFilterState | undefined;
  /** Cases that fail this metric. */
  metric?: string | undefined;
  tag?: string | undefined;
  /** In inputs, expected values or answers, ignoring case. */
  text?: string | undefined;
  /** `text` is a regular expression. */
  isRegex?: boolean | undefined;
  /** Only this column decides. */
  column?: number | undefined;
}

export interface CaseSort {
  by: 'number' | 'id' | 'score' | 'change' | 'cost' | 'latency' | 'state';
  /** The column whose figures are sorted; the worst of all columns by default. */
  column?: number | undefined;
  /** A metric's value instead of the cell's score. */
  metric?: string | undefined;
  descending: boolean;
}

/** The places of the listed cases, in order, and how many cases each state has whatever the filter. */
export interface CaseList {
  places: Int32Array;
  counts: Record<CaseFilterState | 'all', number>;
  /** With their number of cases. */
  tags: { tag: string; cases: number }[];
}
