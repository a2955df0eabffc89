import type { ErrorInfo } from '../core/base/errors.ts';
import type { RunDay, RunFilter, RunRecord, RunSort } from '../core/store/runs/run-record.ts';
import type { CompareMethods } from './compare.ts';

export type { ErrorInfo, RunDay, RunFilter, RunSort };

/** One line of the Runs table. Undefined is unknown. */
export interface RunRow {
  id: string;
  startedAt: number;
  promptName: string;
  /** Undefined where the prompt was never saved. */
  promptPath: string | undefined;
  /** Undefined where the text of the work tree ran. */
  version: string | undefined;
  model: string;
  simulated: boolean;
  state: RunRecord['state'];
  /** False where the answer does not fit the output schema. */
  schemaValid: boolean | undefined;
  /** Why a run failed. */
  error: string | undefined;
  elapsedMs: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** True where the tokens and the cost are estimates. */
  estimated: boolean;
  costUsd: number | undefined;
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
}

export interface RunsQuery {
  filter: RunFilter;
  sort: RunSort;
}

/** Places in the list, both ends included. */
export type RowRanges = readonly (readonly [first: number, last: number])[];

/** What is at certain places of a list, and where it is in the next one. */
export interface RowPlaces {
  selection: RowRanges;
  /** The active row, and the first in sight. Where a run is no longer listed, its place is undefined. */
  active: number | undefined;
  first: number | undefined;
}

/** A list of runs as the database had them at one moment. What is read by place names it, since another may follow. */
export interface RunsList {
  list: number;
  count: number;
  places: RowPlaces;
}

export interface RunsSnapshot {
  seq: number;
  /** What is wrong with the history, if anything. */
  notices: string[];
}

export interface RunsChoices {
  models: string[];
  prompts: { path: string; label: string }[];
}

/** Runs were added, ended, rated or deleted: the list is to be read again. */
export type RunsEvent = { type: 'changed' };

export type RunsExportFormat = 'csv' | 'jsonl';

export interface RunsMethods extends Pick<CompareMethods, 'action.run'> {
  snapshot: { params: undefined; result: RunsSnapshot };
  /** `shown` is the list that the places are of. */
  'list.open': { params: RunsQuery & { shown: number; places: RowPlaces }; result: RunsList };
  /** Undefined where another list was opened since; null is a run that was deleted since. */
  'rows.read': { params: { list: number; from: number; count: number }; result: (RunRow | null)[] | undefined };
  'choices.read': { params: undefined; result: RunsChoices };
  'days.read': { params: { filter: RunFilter }; result: RunDay[] };
  'run.open': { params: { list: number; row: number }; result: undefined };
  /** Opens the selected runs of one prompt side by side. */
  'runs.compare': { params: { list: number; ranges: RowRanges }; result: undefined };
  /** Saves the selected runs, or all that are listed where none is selected. */
  'runs.export': { params: { list: number; ranges: RowRanges; format: RunsExportFormat }; result: undefined };
}
