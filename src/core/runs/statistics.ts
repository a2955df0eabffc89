import { isCostEstimated } from '../../shared/is-cost-estimated.ts';
import { indexOfLowest, type Spread, spreadOf, sumOf } from '../../shared/statistics.ts';
import type { RunFigures, RunState } from './events.ts';

/** The input of statistics; a RunResult and a webview's view of a run both match. */
export interface MeasuredRun {
  state: RunState;
  figures: RunFigures | undefined;
}

interface RepeatStatistics {
  /** Successful repeats; the others would make a model look fast or cheap. */
  done: number;
  latencyMs: Spread | undefined;
  ttftMs: Spread | undefined;
  inputTokens: Spread | undefined;
  outputTokens: Spread | undefined;
  tokensPerSecond: Spread | undefined;
  costUsd: Spread | undefined;
}

export function summarizeRepeats(runs: Iterable<MeasuredRun>): RepeatStatistics {
  const done = [...runs].flatMap(({ state, figures }) => (state === 'done' && figures ? [figures] : []));
  const spread = (read: (figures: RunFigures) => number | undefined) => spreadOf(done.map(read));
  return {
    done: done.length,
    latencyMs: spread((figures) => figures.elapsedMs),
    ttftMs: spread((figures) => figures.ttftMs),
    inputTokens: spread((figures) => figures.usage.inputTokens),
    outputTokens: spread((figures) => figures.usage.outputTokens),
    tokensPerSecond: spread((figures) => figures.tokensPerSecond),
    costUsd: spread((figures) => figures.cost.totalUsd),
  };
}

/** The total row. Columns are identified by their index; failed runs compete for nothing, but their costs count. */
interface Totals {
  fastest: number | undefined;
  cheapest: number | undefined;
  /** Undefined if no run's cost is known. */
  totalUsd: number | undefined;
  /** True if a run's cost is unknown, so that the sum is a lower bound. */
  incomplete: boolean;
  estimated: boolean;
}

export function totalsOf(columns: MeasuredRun[][]): Totals {
  const statistics = columns.map(summarizeRepeats);
  const figures = columns.flat().flatMap((run) => run.figures ?? []);
  const costs = figures.map(({ cost }) => cost.totalUsd);
  return {
    fastest: indexOfLowest(statistics.map(({ latencyMs }) => latencyMs?.mean)),
    cheapest: indexOfLowest(statistics.map(({ costUsd }) => costUsd?.mean)),
    totalUsd: sumOf(costs),
    incomplete: costs.includes(undefined),
    estimated: figures.some(isCostEstimated),
  };
}
