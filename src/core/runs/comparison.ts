import type { Parameters } from '../models/chat-model.ts';
import type { RunEvent, RunSpec } from './events.ts';

/** A column: prompt text × model × parameters. */
export interface ColumnSpec {
  model: string;
  /** Overrides of the file's own parameters. */
  parameters: Parameters;
  promptCaching: boolean;
}

/** A comparison in progress. `events` ends when every run has ended; it never throws. */
export interface Comparison {
  comparisonId: string;
  specs: RunSpec[];
  events: AsyncIterable<RunEvent>;
  /** Stops one run, or all. The text received so far is kept. */
  stop(runId?: string): void;
}
