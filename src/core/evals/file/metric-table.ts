import type { JsonSchema } from '../../models/chat-model.ts';
import type { Direction, ParameterValues, Scale } from '../metrics/metric.ts';

/** What a file's check, completion and hover need to know of a metric; none of it loads the metric's code. */
export interface MetricInfo {
  id: string;
  /** One sentence, for completion and hover. */
  description: string;
  /** Which values are better. */
  direction: Direction;
  scale: Scale;
  /** The value that passes if the file sets none; undefined: the score is only reported. */
  threshold?: number;
  /** Parameters of metrics that users write decide this; what these return may say itself whether it passes. */
  resolve?(parameters: ParameterValues): { direction?: Direction; scale?: Scale; threshold?: number };
  /** The parameters by name, each a JSON Schema with a description. */
  parameters: Readonly<Record<string, JsonSchema>>;
}

/** The metrics that a file may use. */
export interface MetricTable {
  /** In the order of the docs. */
  metrics: readonly MetricInfo[];
  /** A known metric as it is written, such as `bleu:tokenize=zh`, in parts; or why it has none, as a sentence. */
  read(written: string): { id: string; parameters: ParameterValues } | { problem: string };
  /** What is wrong with the parameters of a metric, as sentences, each with the name of the parameter. */
  check(id: string, parameters: ParameterValues): Promise<{ name: string | undefined; message: string }[]>;
}
