import type { RunFigures, RunState } from './events.ts';

/** Over the repeats whose value is known; undefined where there is none. */
export interface Spread {
  count: number;
  mean: number;
  /** Sample standard deviation (n − 1); undefined for a single value, which has no spread. */
  deviation: number | undefined;
  min: number;
  max: number;
}

export function spreadOf(values: Iterable<number | undefined>): Spread | undefined {
  const known = [...values].filter((value) => value !== undefined);
  const [first] = known;
  if (first === undefined) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: known.length,
    mean,
    deviation: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : undefined,
    min: Math.min(...known),
    max: Math.max(...known),
  };
}

/** What statistics look at; a RunResult and a webview's view of a run both fit. */
export interface MeasuredRun {
  state: RunState;
  figures: RunFigures | undefined;
}

export interface RepeatStatistics {
  /** Repeats that ended well; the others would make a model look fast or cheap. */
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

/** The total row. Columns are named by their index; failed runs compete for nothing, but what they cost counts. */
export interface Totals {
  fastest: number | undefined;
  cheapest: number | undefined;
  /** Undefined where no run's cost is known. */
  totalUsd: number | undefined;
  /** True where a run's cost is unknown, so that the sum is a lower bound. */
  incomplete: boolean;
  estimated: boolean;
}

export function totalsOf(columns: MeasuredRun[][]): Totals {
  const statistics = columns.map(summarizeRepeats);
  const figures = columns.flat().flatMap((run) => run.figures ?? []);
  const costs = figures.map(({ cost }) => cost.totalUsd).filter((usd) => usd !== undefined);
  return {
    fastest: lowest(statistics.map(({ latencyMs }) => latencyMs?.mean)),
    cheapest: lowest(statistics.map(({ costUsd }) => costUsd?.mean)),
    totalUsd: costs.length > 0 ? costs.reduce((sum, usd) => sum + usd, 0) : undefined,
    incomplete: costs.length < figures.length,
    estimated: figures.some(isCostEstimated),
  };
}

/** The tokens are estimated, or the price is not certain; never where the provider itself reported the cost. */
export function isCostEstimated({ usageEstimated, cost }: Pick<RunFigures, 'usageEstimated' | 'cost'>): boolean {
  return !cost.reported && (usageEstimated || cost.estimatedBecause !== undefined);
}

/** Means of equal values differ by the noise of binary fractions. */
const EQUAL = 1e-9;

/** Nobody wins a race alone, nor one that ends in a tie. */
function lowest(values: (number | undefined)[]): number | undefined {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  const [first, second] = known.sort((a, b) => a.value - b.value);
  if (first === undefined || second === undefined) return undefined;
  return second.value - first.value > EQUAL * Math.abs(second.value) ? first.index : undefined;
}
