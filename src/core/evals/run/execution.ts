import type { EvalRecord } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import type { CaseSource } from '../requests/case-source.ts';
import type { EarlierAnswers } from '../requests/earlier-answers.ts';
import type { RequestMaker } from '../requests/model-requests.ts';
import type { Scoring } from '../scoring/scoring.ts';
import type { RunState } from './run-state.ts';

/** Everything that an evaluation needs to run, with what is there of it already. */
export interface Execution {
  record: EvalRecord;
  spec: EvalSpec;
  planned: readonly PlannedColumn[];
  makers: readonly RequestMaker[];
  cases: CaseSource;
  state: RunState;
  /** Undefined unless answers of targets are taken over. */
  earlier: EarlierAnswers | undefined;
  scoring: Scoring;
  /** How long a provider or the database may fail before the run ends; undefined: until it works again. */
  patienceMs: number | undefined;
}
