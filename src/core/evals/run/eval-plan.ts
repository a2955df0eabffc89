import type { JsonSchema, OutputSpec, Parameters, Tool } from '../../models/chat-model.ts';
import type { EvalColumn, EvalMetric } from '../../store/evals/eval-record.ts';
import type { BaselineSpec, EvalSpec } from '../file/eval-spec.ts';

export interface PlanOptions {
  /** Instead of the file's. */
  baseline?: BaselineSpec | undefined;
  /** Instead of the file's. */
  sample?: { n: number; seed: number } | undefined;
  /** Together with the file's budget, the lower one counts. */
  maxCostUsd?: number | undefined;
  /** Only these cases, by their ids. */
  cases?: readonly string[] | undefined;
  /** False if nobody reads the estimate, which then costs no time. */
  estimate?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** A checked evaluation, ready to start. Nothing was sent. */
export interface EvalPlan {
  spec: EvalSpec;
  columns: EvalColumn[];
  metrics: EvalMetric[];
  counts: {
    cases: number;
    /** Cases × columns × repeats, except for answers of the dataset. */
    requests: number;
    /** Of the requests, how many answers are stored already; undefined if that was not looked up. */
    cached: number | undefined;
  };
  /** Of the requests that are not cached. Undefined is unknown. */
  estimate: { usd: number | undefined; simulated: boolean };
  /** Everyone who receives data, by name and origin: `openai (https://api.openai.com)`. Empty for demo models only. */
  providers: string[];
  /** What was understood in another way than it may be meant, as sentences. */
  notices: string[];
  /** The stored result that it is compared with. */
  baselineId: string | undefined;
  /** What is kept in the record, so that a result can be resumed as it was started. */
  stored: StoredPlan;
}

/** Plain data. */
export interface StoredPlan {
  spec: EvalSpec;
  maxCostUsd: number | undefined;
  cases: readonly string[] | undefined;
  sources: ColumnSource[];
}

/** What a column runs, as it was at the start. */
export type ColumnSource =
  | {
      kind: 'prompt';
      /** Absolute. */
      file: string;
      /** The commit whose files it uses; undefined for the working copy. */
      revision: string | undefined;
      source: string;
      /** Texts of partials and schemas of the working copy, by absolute path. */
      files: Record<string, string>;
      model: string;
      /** Of the evaluation's list of models; they override the prompt's. */
      parameters: Parameters;
    }
  | {
      kind: 'target';
      /** The index in the specification. */
      target: number;
    }
  | { kind: 'dataset' };

/** The parts of a request that are the same for all cases of a column. */
export interface ColumnRequest {
  parameters: Parameters;
  output: OutputSpec;
  tools: Tool[];
  schema: JsonSchema | undefined;
}
