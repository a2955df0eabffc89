import type { DatasetColumns } from '../../datasets/row-columns.ts';
import type { Parameters } from '../../models/chat-model.ts';
import type { ParameterValues } from '../metrics/metric.ts';

/** An evaluation file that was read without an error. Everything is resolved that needs no other file. */
export interface EvalSpec {
  /** Absolute path of the file. */
  path: string;
  /** There is no such file yet, only a place for it: results record no file. */
  isUnsaved?: boolean | undefined;
  name: string;
  description: string | undefined;
  /** Without prompts and targets, answers that the dataset contains are scored. */
  prompts: PromptSpec[];
  /** Empty: each prompt runs on its own model. */
  models: ModelSpec[];
  targets: TargetSpec[];
  datasets: DatasetSpec[];
  metrics: MetricSpec[];
  repeats: number;
  judge: ModelSpec | undefined;
  /** `connection/model`. */
  embedder: string | undefined;
  baseline: BaselineSpec | undefined;
  gates: GateSpec[];
  concurrency: number;
  budgetUsd: number | undefined;
  cache: 'off' | 'read' | 'refresh';
  sample: { n: number; seed: number } | undefined;
  confidence: ConfidenceSpec;
  maxErrors: number;
}

export interface PromptSpec {
  /** As in the file, which is the name of the column. */
  written: string;
  /** Absolute path; undefined for a prompt by its name. */
  file: string | undefined;
  /** The prompt's name or its path as written, without the version. */
  prompt: string;
  /** What follows the `@`; undefined for the working copy. */
  ref: string | undefined;
}

export interface ModelSpec {
  /** `connection/model`. */
  model: string;
  /** They override the prompt's. */
  parameters: Parameters;
}

/** An application of the user. */
export type TargetSpec = { name: string; timeoutMs: number } & (
  | { http: HttpTarget; command?: undefined }
  | {
      /** The program and its arguments. */
      command: string[];
      /** Absolute: the folder of the file. */
      folder: string;
      /** Variables that the program gets besides those that programs need to start. */
      env: Record<string, string>;
      http?: undefined;
    }
);

export interface HttpTarget {
  url: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'GET';
  /** With `${secret:name}` as written. */
  headers: Record<string, string>;
  /** JSON; texts in it may contain `{{name}}` of an input. Undefined: the inputs themselves. */
  body: unknown;
  /** JSON paths into the response; without `answer`, the response is the answer. */
  paths: { answer?: string; contexts?: string; toolCalls?: string; usage?: string };
}

export type DatasetSpec =
  | {
      /** Absolute path. */
      file: string;
      /** As in the evaluation file, for messages. */
      written: string;
      columns: DatasetColumns;
    }
  | { rows: Record<string, unknown>[]; columns: DatasetColumns };

export interface MetricSpec {
  /** Unique in the file; scores and gates refer to it. */
  name: string;
  id: string;
  direction: 'higher' | 'lower';
  parameters: ParameterValues;
  /** The part of a JSON answer and of the expected one that is scored; undefined if the metric itself has a `path`. */
  path: string | undefined;
  weight: number;
  /** Undefined: the metric's own. */
  threshold: number | undefined;
  /** No answer passes or fails, because neither the file nor the metric itself has a threshold. */
  isReported?: true;
}

/** A label or revision (`NAME@ref` of each prompt without a version), or a stored result. */
export type BaselineSpec = { ref: string } | { result: string };

/** `strict`: too few cases fail. */
export type GateSpec = { strict: boolean } & (
  | { kind: 'threshold'; metric: string; threshold: number; on: 'mean' | 'interval' }
  | { kind: 'margin'; metric: string; margin: number }
  | { kind: 'pass^k'; metric: string; share: number; k: number }
  | { kind: 'costUsd'; limit: number }
  | { kind: 'latencyMs'; limit: number; percentile: number }
);

export interface ConfidenceSpec {
  level: number;
  method: 't' | 'bootstrap';
  /** Of resampling and permutations. */
  seed: number;
}
