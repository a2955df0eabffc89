import type * as vscode from 'vscode';
import type { Log } from '../../../core/base/ports.ts';
import type { CellState, EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import type { TreeRow } from '../../shell/paged-tree.ts';

/** An evaluation file. Results of a file that was deleted or renamed stay under its old name. */
export interface FileRow {
  kind: 'file';
  /** Absolute path. */
  file: string;
  /** As results record it. */
  relative: string;
  isMissing: boolean;
  newest: EvalListed | undefined;
  /** Runs again when an edit touches it. */
  isWatched: boolean;
}

/** A case that did not pass everywhere. */
interface CaseRow {
  kind: 'case';
  evaluationId: string;
  /** The place of the case, from 0. */
  place: number;
  state: Exclude<CellState, 'passed'>;
  label: string;
  description: string;
  /** The reasons, one a line. */
  reasons: string[];
}

export type EvaluationsRow =
  | FileRow
  /** Results of evaluations that have no file, such as those by Run on Dataset. */
  | { kind: 'unsaved'; newest: EvalListed }
  | { kind: 'result'; result: EvalListed }
  | CaseRow;
/** A row of the Evaluations view. Its lists are the results of files and the cases of results. */
export type EvaluationsNode = TreeRow<EvaluationsRow>;

/** The stable ID of a row. */
export function evaluationsRowId(row: EvaluationsRow): string {
  switch (row.kind) {
    case 'file':
      return `file:${row.relative}`;
    case 'unsaved':
      return UNSAVED_LIST;
    case 'result':
      return `result:${row.result.id}`;
    case 'case':
      return `case:${row.evaluationId}:${row.place}`;
  }
}

export const UNSAVED_LIST = 'unsaved';

export interface EvaluationsViewDeps {
  workbenches: Workbenches;
  log: Log;
  /** The absolute paths of files that run again when an edit touches them. */
  watched: { has(file: string): boolean; onDidChange: vscode.Event<void> };
  /** The view reads nothing before this. */
  after(): Promise<void>;
}
