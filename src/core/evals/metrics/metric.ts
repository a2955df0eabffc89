import type { JsonSchema, Message } from '../../models/chat-model.ts';

/** `yes-no` is 0 or 1 and passes at 1; `0-1` and `0-100` are graded; a count has no upper end. */
export type Scale = 'yes-no' | '0-1' | '0-100' | 'count';

/** Gates, verdicts, filters and sorting follow the direction. */
export type Direction = 'higher' | 'lower';

/** What a metric reads of a case besides the answer. */
export type Need = 'reference' | 'schema' | 'expectedToolCalls' | 'retrieval' | 'figures' | 'feedback';

/** Figures of an answer itself; undefined ones are unknown. */
export interface Figures {
  ttftMs: number | undefined;
  latencyMs: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  costUsd: number | undefined;
  /** An earlier answer to the same request. */
  cached: boolean;
  isError: boolean;
}

/** What users said about an answer, as it is in the dataset or as it was rated. */
export type Feedback = Record<'thumbs' | 'csat' | 'completed' | 'escalated', unknown>;

export interface ToolCallValue {
  name: string;
  arguments: unknown;
}

/** Ranked ids of what was retrieved, and the gain of each relevant id. */
export interface Retrieval {
  retrieved: readonly string[];
  relevant: ReadonlyMap<string, number>;
}

/** One answer and what it is compared with. */
export interface Sample {
  output: string;
  /** Undefined if the case has none; several are alternatives. Values that are not text are compared as JSON. */
  references?: readonly unknown[] | undefined;
  /** The output schema of the prompt. */
  schema?: JsonSchema | undefined;
  toolCalls?: readonly ToolCallValue[] | undefined;
  expectedToolCalls?: readonly ToolCallValue[] | undefined;
  retrieval?: Retrieval | undefined;
  /** The ID of the case. */
  id?: string | undefined;
  inputs?: Readonly<Record<string, unknown>> | undefined;
  /** What the application retrieved for the answer, or else the contexts of the case. */
  contexts?: readonly string[] | undefined;
  messages?: readonly Message[] | undefined;
  figures?: Figures | undefined;
  feedback?: Feedback | undefined;
}

/** What a scorer finds for one sample. */
export type Measured =
  | {
      value: number;
      /** What a metric of the user decides itself; a threshold of the evaluation decides instead. */
      passed?: boolean | undefined;
      reason?: string | undefined;
      /** Shown once for all samples: the value is what the formula yields, but probably not what is meant. */
      warning?: string | undefined;
      /** Counts that are added up over the samples and make the score of the corpus. */
      statistics?: readonly number[] | undefined;
    }
  | {
      /** Undefined for this sample, with the reason. */
      value: null;
      reason: string;
      statistics?: readonly number[] | undefined;
    };

/** A score of all samples together, which is not the mean of their scores. */
export interface CorpusRule {
  value(sums: readonly number[]): number;
  /** How it was calculated, in the notation of the package that defines it. */
  signature(references: number | 'var'): string;
}

/** A metric with its parameters. It may keep tables between calls, so it belongs to one thread. */
export interface Scorer {
  score(sample: Sample): Measured | Promise<Measured>;
  corpus?: CorpusRule;
  /** Ends what the scorer started, such as a process. */
  close?(): Promise<void>;
}

/** Where scorers work that run code of the user; plain data, so that a worker gets it as it is. */
export interface ScorerContext {
  /** Absolute; paths of the evaluation are relative to it. */
  folder: string;
  /** Code of the workspace runs only if this is true. */
  isTrusted: boolean;
  /** Absolute path of the Python interpreter that the user has selected; undefined for the one of the environment. */
  python: string | undefined;
}

export type ParameterValue = boolean | number | string | readonly unknown[] | Readonly<Record<string, unknown>>;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** A parameter as its JSON Schema, which has the text for docs and completion in `description`. */
export interface Parameter extends JsonSchema {
  description: string;
  /** Must be given. */
  isRequired?: true;
}

export interface Metric {
  id: string;
  /** As in tables and charts: `BLEU`. */
  title: string;
  /** One sentence: what it measures, with the formula. */
  description: string;
  /** The paper or package that defines it; undefined for what needs no definition. */
  source?: string;
  scale: Scale;
  direction: Direction;
  /** The value that passes if no threshold is set; undefined: the score is only reported. */
  threshold?: number;
  needs: readonly Need[];
  parameters: Readonly<Record<string, Parameter>>;
  /** The scale, direction and threshold that parameters change, for metrics that are written by users. */
  resolve?(parameters: ParameterValues): Partial<Pick<Metric, 'scale' | 'direction' | 'threshold'>>;
  /** What scores depend on besides the parameters, as a hash: the content of a file that they name. */
  fingerprint?(parameters: ParameterValues, context: ScorerContext): Promise<string>;
  /** For metrics that users write: loads their code once, without calling it. Throws UserError if it cannot be used. */
  checkCode?(parameters: ParameterValues, context: ScorerContext): Promise<void>;
  /** Why a reference cannot be used, as a sentence: it is checked before a request is sent. Undefined for what it can. */
  referenceProblem?(parameters: ParameterValues, reference: string): Promise<string | undefined>;
  /** Loads the code of the metric, with its libraries. Parameters have been checked. */
  createScorer(parameters: ParameterValues, context: ScorerContext | undefined): Promise<Scorer>;
}

/** A metric as it is used: which, how, and from which value it passes. */
export interface MetricUse {
  id: string;
  parameters: ParameterValues;
  /** The score is that of the value at this path of the answer's JSON, such as `factors[0]`. */
  path?: string | undefined;
  threshold?: number | undefined;
}
