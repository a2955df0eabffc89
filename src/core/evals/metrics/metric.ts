import type { JsonSchema } from '../../models/chat-model.ts';

/** `yes-no` is 0 or 1 and passes at 1; `0-1` and `0-100` are graded; a count has no upper end. */
export type Scale = 'yes-no' | '0-1' | '0-100' | 'count';

/** Gates, verdicts, filters and sorting follow the direction. */
export type Direction = 'higher' | 'lower';

/** What a metric reads of a case besides the answer. */
export type Need = 'reference' | 'schema' | 'expectedToolCalls' | 'retrieval';

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
}

/** What a scorer finds for one sample. */
export type Measured =
  | {
      value: number;
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
  /** Loads the code of the metric, with its libraries. Parameters have been checked. */
  createScorer(parameters: ParameterValues): Promise<Scorer>;
}

/** A metric as it is used: which, how, and from which value it passes. */
export interface MetricUse {
  id: string;
  parameters: ParameterValues;
  /** The score is that of the value at this path of the answer's JSON, such as `factors[0]`. */
  path?: string | undefined;
  threshold?: number | undefined;
}
