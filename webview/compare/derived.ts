import type { RunFigures } from '../../src/protocol/compare.ts';
import { formatDuration, formatRate, formatUsd } from '../../src/shared/format.ts';
import { isCostEstimated } from '../../src/shared/is-cost-estimated.ts';
import { type SplitCost, splitCost } from '../../src/shared/simulated-cost.ts';
import { meanOf, spreadOf, sumOf } from '../../src/shared/statistics.ts';
import { isSame } from '../shared/memo.ts';
import type { Column, Run } from './state.ts';

export const isLive = (run: Run | undefined): boolean => run?.state === 'waiting' || run?.state === 'streaming';

/** True if a new run would not send the same request. */
export const isStale = (run: Run | undefined): boolean => (run?.stale?.length ?? 0) > 0;

/** The repeat that a column shows: the selected one, or else the first in progress, or else the last. */
export function shownRun(column: Column, chosenRunId: string | undefined): Run | undefined {
  return (
    column.runs.find((run) => run.runId === chosenRunId) ?? column.runs.find((run) => isLive(run)) ?? column.runs.at(-1)
  );
}

/** True if only the figures of runs in progress differ, which change several times a second. */
export function differsInLiveFigures(before: Column, after: Column): boolean {
  if (before.runs.length !== after.runs.length || !isSame({ ...before, runs: 0 }, { ...after, runs: 0 })) return false;
  return after.runs.every((run, index) => {
    const earlier = before.runs[index] as Run;
    return run === earlier || (isLive(run) && isSame({ ...earlier, figures: 0 }, { ...run, figures: 0 }));
  });
}

/** The figures that columns are compared by, with the better direction and the format of each. */
const FIGURES = {
  elapsed: {
    of: (figures: RunFigures) => figures.elapsedMs as number | undefined,
    best: Math.min,
    show: formatDuration,
  },
  ttft: { of: (figures: RunFigures) => figures.ttftMs, best: Math.min, show: formatDuration },
  rate: { of: (figures: RunFigures) => figures.tokensPerSecond, best: Math.max, show: formatRate },
  cost: { of: (figures: RunFigures) => figures.cost.totalUsd, best: Math.min, show: formatUsd },
} as const;

export type FigureName = keyof typeof FIGURES;
const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/** The mean of finished answers. A stopped or failed run is neither fast nor cheap. */
function columnMean(column: Column, name: FigureName): number | undefined {
  const finished = column.runs.filter((run) => run.state === 'done');
  return meanOf(finished.map((run) => run.figures && FIGURES[name].of(run.figures)));
}

type Best = ReadonlyMap<string, ReadonlySet<FigureName>>;

/**
 * The column with the best value of each figure, by column ID. There is none until two columns have finished, or if
 * several columns show the same best value: 0.70 s is not faster than 0.70 s.
 */
export function bestOf(columns: Column[]): Best {
  const best = new Map<string, Set<FigureName>>();
  for (const name of FIGURE_NAMES) {
    const values = columns.flatMap((column) => {
      const value = columnMean(column, name);
      return value === undefined ? [] : [{ id: column.id, value }];
    });
    if (values.length < 2) continue;
    const top = FIGURES[name].best(...values.map(({ value }) => value));
    const shown = FIGURES[name].show(top);
    const [holder, ...equals] = values.filter(({ value }) => FIGURES[name].show(value) === shown);
    if (!holder || equals.length > 0) continue;
    best.set(holder.id, (best.get(holder.id) ?? new Set<FigureName>()).add(name));
  }
  return best;
}

export interface Totals {
  /** The known part of the sum; undefined if nothing is known. */
  costUsd: number | undefined;
  /** The same sum, split into paid and simulated costs. */
  cost: SplitCost;
  /** Runs whose cost is unknown and therefore not in the sum. */
  unpriced: number;
  tokens: number | undefined;
  estimated: boolean;
  running: number;
  ended: number;
  fastest: Column | undefined;
  cheapest: Column | undefined;
}

export function totalsOf(columns: Column[], best: Best): Totals {
  const runs = columns.flatMap((column) => column.runs);
  const sent = runs.filter((run) => run.figures !== undefined && !isUnanswered(run));
  const costs = sent.map((run) => run.figures?.cost.totalUsd);
  const holder = (name: FigureName) => columns.find((column) => best.get(column.id)?.has(name));
  return {
    costUsd: sumOf(costs),
    cost: splitCost(columns.flatMap(costsOf)),
    unpriced: costs.filter((cost) => cost === undefined).length,
    tokens: sumOf(sent.map((run) => tokensOf(run))),
    estimated: sent.some((run) => run.figures && isCostEstimated(run.figures)),
    running: runs.filter(isLive).length,
    ended: runs.filter((run) => !isLive(run)).length,
    fastest: holder('elapsed'),
    cheapest: holder('cost'),
  };
}

function costsOf({ runs }: Column) {
  return runs.flatMap((run) => {
    const { figures } = run;
    if (!figures || isUnanswered(run)) return [];
    return [{ simulated: run.simulated, usd: figures.cost.totalUsd, estimated: isCostEstimated(figures) }];
  });
}

/** Failed before any output. Nothing was spent, so an estimate of its input would only distort the sum. */
function isUnanswered({ state, figures }: Run): boolean {
  return state === 'failed' && figures?.cost.totalUsd === undefined && !figures?.usage.outputTokens;
}

function tokensOf(run: Run): number | undefined {
  const { inputTokens, outputTokens } = run.figures?.usage ?? {};
  return sumOf([inputTokens, outputTokens]);
}

/** The statistics of a repeated column, over the runs that finished. */
export function repeatsOf(column: Column) {
  const done = column.runs.filter((run) => run.state === 'done');
  return {
    finished: done.length,
    of: column.runs.length,
    simulated: done.some((run) => run.simulated),
    elapsedMs: spreadOf(done.map((run) => run.figures?.elapsedMs)),
    ttftMs: spreadOf(done.map((run) => run.figures?.ttftMs)),
    outputTokens: spreadOf(done.map((run) => run.figures?.usage.outputTokens)),
    costUsd: spreadOf(done.map((run) => run.figures?.cost.totalUsd)),
  };
}
