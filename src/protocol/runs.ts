import type { RunDay, RunFilter, RunRecord, RunSort } from '../core/store/runs/run-record.ts';
import type { CompareMethods } from './compare.ts';
import type { RowList, RowPlaces, RowRanges } from './row-places.ts';

export type { RunDay, RunFilter, RunSort };

/** One row of the Runs table. Undefined is unknown. */
export interface RunRow {
  id: string;
  startedAt: number;
  promptName: string;
  /** Undefined if the prompt was never saved. */
  promptPath: string | undefined;
  /** Undefined if the working copy ran. */
  version: string | undefined;
  model: string;
  simulated: boolean;
  state: RunRecord['state'];
  /** False if the answer does not match the output schema. */
  schemaValid: boolean | undefined;
  /** Why a run failed. */
  error: string | undefined;
  elapsedMs: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** True if the tokens and the cost are estimates. */
  estimated: boolean;
  costUsd: number | undefined;
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
}

interface RunsQuery {
  filter: RunFilter;
  sort: RunSort;
}

export interface RunsSnapshot {
  seq: number;
  /** Problems with the history, if any. */
  notices: string[];
}

export interface RunsChoices {
  models: string[];
  prompts: { path: string; label: string }[];
}

/** Runs were added, ended, rated or deleted: the list needs a refresh. */
export type RunsEvent = { type: 'changed' };

export type RunsExportFormat = 'csv' | 'jsonl';

export interface RunsMethods extends Pick<CompareMethods, 'action.run'> {
  snapshot: { params: undefined; result: RunsSnapshot };
  /** `shown` is the list of the places. */
  'list.open': { params: RunsQuery & { shown: number; places: RowPlaces }; result: RowList<RunRow> };
  /** Undefined if another list was opened since; null for a run that was deleted since. */
  'rows.read': { params: { list: number; from: number; count: number }; result: (RunRow | null)[] | undefined };
  'choices.read': { params: undefined; result: RunsChoices };
  'days.read': { params: { filter: RunFilter }; result: RunDay[] };
  'run.open': { params: { list: number; row: number }; result: undefined };
  /** Opens the selected runs of one prompt side by side. */
  'runs.compare': { params: { list: number; ranges: RowRanges }; result: undefined };
  /** Saves the selected runs, or all listed runs if none is selected. */
  'runs.export': { params: { list: number; ranges: RowRanges; format: RunsExportFormat }; result: undefined };
}
