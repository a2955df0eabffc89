import type { EvalRecord, EvalSummary } from '../store/evals/eval-record.ts';
import type { Comparison } from './aggregate/compare-scores.ts';
import type { EvalSpec } from './file/eval-spec.ts';
import type { EvalJob } from './run/eval-job.ts';
import type { EvalPlan, PlanOptions } from './run/eval-plan.ts';

export interface StartOptions {
  signal?: AbortSignal | undefined;
}

/** Which cells are answered again: places of cases, those in a state, or those of cases whose row or prompt has changed. */
export type Rerun = { cases: readonly number[] | 'failed' | 'errors' };

/** A metric of two stored results, over the cases that both have unchanged. */
export interface StoredComparison {
  metric: string;
  /** Columns of A and B that are compared. */
  columns: { a: number; b: number };
  /** Undefined if no case has a score in both. */
  comparison: Comparison | undefined;
}

export interface ResultComparison {
  a: EvalRecord;
  b: EvalRecord;
  onlyInA: number;
  onlyInB: number;
  changed: number;
  metrics: StoredComparison[];
}

/** Evaluations: checked, run, resumed, scored again and compared. Results are in the store's room `evals`. */
export interface Evals {
  /** Throws UserError `invalid-evaluation` with all errors and their lines. */
  read(file: string, text?: string): Promise<EvalSpec>;
  /** Checks everything that must be right before the first request. Throws one UserError with all faults. */
  plan(spec: EvalSpec, options?: PlanOptions): Promise<EvalPlan>;
  start(plan: EvalPlan, options?: StartOptions): EvalJob;
  /** Continues a result that is not done; only requests that were in flight are repeated. */
  resume(id: string, options?: StartOptions & { maxCostUsd?: number | undefined }): Promise<EvalJob>;
  /** Scores stored answers by the metrics of the file as it is now, or of a specification. No model is called. */
  rescore(id: string, options?: StartOptions & { spec?: EvalSpec }): Promise<EvalJob>;
  /** Answers some cases again, in the same result. */
  rerun(id: string, which: Rerun, options?: StartOptions): Promise<EvalJob>;
  /** Evaluations that run in this window; those of other windows are watched through the store. */
  active(): EvalJob[];
  /** Called whenever one starts, stores cells or ends. Returns a function that ends this. */
  onChange(listener: (id: string) => void): () => void;
  /** The id that an id, its beginning or nothing (the newest of the file) means. Throws UserError `unknown-result`. */
  find(written: string | undefined, file?: string): Promise<string>;
  /** Metrics, gates and verdicts from what is stored, without writing them. */
  summarize(id: string, signal?: AbortSignal): Promise<EvalSummary>;
  compare(a: string, b: string, options?: { metric?: string; signal?: AbortSignal }): Promise<ResultComparison>;
  /** Stops what runs, which can be resumed, and waits for a limited time until it is stored. */
  close(): Promise<void>;
}
