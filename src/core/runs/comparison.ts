import type { Parameters } from '../models/chat-model.ts';
import type { RunEvent, RunSpec } from './events.ts';

/** A column: prompt text × model × parameters. */
export interface ColumnSpec {
  model: string;
  /** Overrides of the file's own parameters. */
  parameters: Parameters;
  promptCaching: boolean;
}

export interface Budget {
  /** A run that would pass it is stopped, what it received kept. */
  perRunUsd: number | undefined;
}

/** A comparison under way. `events` ends when every run has ended; it never throws. */
export interface Comparison {
  comparisonId: string;
  specs: RunSpec[];
  events: AsyncIterable<RunEvent>;
  /** Stops one run, or all. What was received stays. */
  stop(runId?: string): void;
}
