import type { EvalColumn, EvalMetric, StoredCase } from '../../store/evals/eval-record.ts';
import type { BaselineSpec, EvalSpec } from '../file/eval-spec.ts';
import type { ColumnSource } from '../plan/column-source.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';

export interface PlanOptions {
  /** Instead of the file's. */
  baseline?: BaselineSpec | undefined;
  /** Instead of the file's. */
  sample?: { n: number; seed: number } | undefined;
  /** Together with the file's budget, the lower one counts. */
  maxCostUsd?: number | undefined;
  /** Only these cases. */
  cases?: CaseChoice | undefined;
  /** False if nobody reads the estimate, which then costs no time. */
  estimate?: boolean | undefined;
  /** An earlier result, whose answers of targets are taken over where the row is the same. */
  reusedId?: string | undefined;
  /** Loads what the first requests need meanwhile. */
  startsNext?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Some cases of a dataset, by their ids: these, or all others. */
export type CaseChoice = readonly string[] | { except: readonly string[] };

/** A checked evaluation, ready to start. Nothing was sent. */
export interface EvalPlan {
  spec: EvalSpec;
  columns: EvalColumn[];
  metrics: EvalMetric[];
  counts: {
    cases: number;
    /** Equal ones, which are sent once, count once as far as they were looked up; 0 for answers of the dataset. */
    requests: number;
    /** Of the requests, how many answers are stored already; undefined if that was not looked up. */
    cached: number | undefined;
  };
  /** Of the requests that are not cached. Undefined is unknown. */
  estimate: EvalEstimate;
  /** Everyone who receives data, by name and origin: `openai (https://api.openai.com)`. Empty for demo models only. */
  providers: string[];
  /** What was understood in another way than it may be meant, as sentences. */
  notices: string[];
  /** The stored result that it is compared with. */
  baselineId: string | undefined;
  /** The columns with their prompts, loaded. */
  planned: readonly PlannedColumn[];
  /** Undefined if they are too many for the memory, and are read again. */
  cases: StoredCase[] | undefined;
  /** What is kept in the record, so that a result can be resumed as it was started. */
  stored: StoredPlan;
}

export interface EvalEstimate {
  /** With answers as long as expected ones or earlier ones. */
  usd: number | undefined;
  /** If every answer is as long as its model allows. */
  ceilingUsd: number | undefined;
  /** Of demo models only: nobody pays. */
  simulated: boolean;
}

/** What continuing a stored result would send. Nothing was sent. */
export interface ResumePlan {
  /** At most: equal ones are sent once, and an answer that was stored meanwhile is reused. */
  requests: number;
  /** From what the answers of each column have cost so far, else from the estimate at the start. */
  estimate: EvalEstimate;
  /** As in `EvalPlan`, by the connections as they are now; only of the columns with open cells. */
  providers: string[];
}

/** Plain data. Results of earlier versions lack what is optional. */
export interface StoredPlan {
  /** With the options of the start. */
  spec: EvalSpec;
  cases: CaseChoice | undefined;
  sources: ColumnSource[];
  /** Of one request, at the start; undefined is unknown. */
  estimatePerRequest?: Omit<EvalEstimate, 'simulated'> | undefined;
  /** The result whose answers of targets are taken over where the row is the same. */
  reusedId?: string | undefined;
}
