import { type JoinedCases, joinCases } from '../../../shared/join-cases.ts';
import { pairColumns } from '../../store/evals/compare/pair-columns.ts';
import type { EvalColumn, EvalMatrix, EvalMetric, EvalSummary, MetricResult } from '../../store/evals/eval-record.ts';
import { caseScores, comparedScores, groupNumbers } from './case-scores.ts';
import { type Comparison, compareScores, type PairedScores } from './compare-scores.ts';
import { passRates } from './pass-rates.ts';
import type { Confidence } from './score-interval.ts';
import { summarizeScores } from './summarize-scores.ts';

/** A result with the numbers of all its cells, as plain data. */
export interface ResultData {
  columns: readonly EvalColumn[];
  metrics: readonly EvalMetric[];
  matrix: EvalMatrix;
  ids: readonly string[];
  contentHashes: readonly string[];
  groups: readonly (string | undefined)[];
}

export interface SummaryOptions {
  confidence: Confidence;
  /** Metrics that are tested together, by name: those of gates with a margin. */
  family: readonly string[];
  /** The stored result that it is compared with. */
  baseline: ResultData | undefined;
  /** The metrics that are summed up, by name: all by default. */
  only?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
}

export type ResultSummary = Pick<EvalSummary, 'metrics' | 'unmatched'>;

/** Means with their intervals of every metric and column, and what changed against the baseline. */
export async function summarizeResult(result: ResultData, options: SummaryOptions): Promise<ResultSummary> {
  const { confidence, signal, baseline, only } = options;
  const groups = groupNumbers(result.groups);
  const joined = baseline && joinResults(baseline, result);
  const metrics: MetricResult[] = [];
  for (const column of result.columns.keys()) {
    const comparisons = await compareColumn(result, column, { ...options, joined });
    for (const [index, metric] of result.metrics.entries()) {
      if (only?.includes(metric.name) === false) continue;
      const scores = caseScores(result.matrix, { metric: index, column });
      const isPassFail = isFromOneAnswer(result, metric);
      const own = await summarizeScores({ scores, groups, isPassFail }, confidence, signal);
      const { mean, interval, n, missing } = own;
      const comparison = comparisons.get(metric.name);
      metrics.push({
        metric: metric.name,
        column,
        mean,
        interval,
        n,
        missing,
        ...(own.groups !== undefined && { groups: own.groups }),
        ...(result.matrix.repeats > 1 && { repeated: repeatedOf(result, index, column) }),
        baseline: comparison && toBaseline(comparison),
      });
    }
  }
  return { metrics, unmatched: joined && countUnmatched(joined) };
}

function repeatedOf({ matrix }: ResultData, metric: number, column: number): MetricResult['repeated'] {
  const k = matrix.repeats;
  const rates = passRates(matrix, { metric, column, k });
  return rates && { k, ...rates };
}

export function joinResults(a: ResultData, b: ResultData): JoinedCases {
  return joinCases({ ids: a.ids, rowHashes: a.contentHashes }, { ids: b.ids, rowHashes: b.contentHashes });
}

function countUnmatched({ onlyInA, onlyInB, changed }: JoinedCases): NonNullable<EvalSummary['unmatched']> {
  return { added: onlyInB.length, removed: onlyInA.length, changed: changed.b.length };
}

/** A score of 0 or 1 from one answer; with repeats it is a mean like any other. */
function isFromOneAnswer({ matrix }: ResultData, { scale }: EvalMetric): boolean {
  return scale === 'yes-no' && matrix.repeats === 1;
}

export function toBaseline(comparison: Comparison): NonNullable<MetricResult['baseline']> {
  const { n, groups, changed, a, b, difference, test, verdict, smallestDetectable } = comparison;
  return {
    mean: a.mean,
    difference: difference.mean,
    interval: difference.interval,
    p: test.p,
    verdict,
    smallestDetectable,
    n,
    ownInterval: b.interval,
    changed,
    ...(groups !== undefined && { groups }),
  };
}

export type Paired = PairedScores & { metric: string };

/** Metrics of a gate are a family, whose verdicts are adjusted for their number; each other metric is one of its own. */
async function compareColumn(
  result: ResultData,
  column: number,
  { joined, baseline, family, only, confidence, signal }: SummaryOptions & { joined: JoinedCases | undefined },
): Promise<Map<string, Comparison>> {
  const pairs = pairColumn(result, column, baseline && joined ? { baseline, joined } : undefined);
  const isAsked = ({ metric }: Paired) => only?.includes(metric) ?? true;
  const inFamily = pairs.filter(({ metric }) => family.includes(metric));
  const others = pairs.filter((pair) => !family.includes(pair.metric) && isAsked(pair)).map((pair) => [pair]);
  const found = new Map<string, Comparison>();
  // the verdict of one of a family depends on the others
  for (const tested of [...(inFamily.some(isAsked) ? [inFamily] : []), ...others]) {
    const comparisons = await compareScores(tested, confidence, signal);
    for (const [index, comparison] of comparisons.entries()) {
      if (comparison) found.set(tested[index]!.metric, comparison);
    }
  }
  return found;
}

interface Stored {
  baseline: ResultData;
  joined: JoinedCases;
}

/** The scores of a column beside those of its baseline: a column of the same result, or of a stored one. */
function pairColumn(result: ResultData, column: number, stored: Stored | undefined): Paired[] {
  const own = result.columns[column];
  if (own?.baselineColumn !== undefined) return pairWithin(result, column, own.baselineColumn);
  const other = stored && pairColumns(result.columns, stored.baseline.columns)[column];
  return !stored || other === undefined ? [] : pairStored(result, { column, other, ...stored });
}

function pairWithin(result: ResultData, column: number, baselineColumn: number): Paired[] {
  const groups = groupNumbers(result.groups);
  return result.metrics.map((metric, index) => ({
    metric: metric.name,
    a: comparedScores(result, { metric: index, column: baselineColumn }),
    b: comparedScores(result, { metric: index, column }),
    groups,
    isPassFail: isFromOneAnswer(result, metric),
    lowerIsBetter: metric.direction === 'lower',
  }));
}

/** Only metrics that both results measured in the same way. */
export function pairStored(
  result: ResultData,
  { baseline, joined, column, other }: Stored & { column: number; other: number },
): Paired[] {
  const { common } = joined;
  const groups = groupNumbers([...common.b].map((place) => result.groups[place]));
  return result.metrics.flatMap((metric, index) => {
    const before = baseline.metrics.findIndex(({ hash }) => hash === metric.hash);
    if (before < 0) return [];
    const mine = comparedScores(result, { metric: index, column });
    const theirs = comparedScores(baseline, { metric: before, column: other });
    return {
      metric: metric.name,
      a: Float64Array.from(common.a, (place) => theirs[place]!),
      b: Float64Array.from(common.b, (place) => mine[place]!),
      groups,
      isPassFail: isFromOneAnswer(result, metric) && baseline.matrix.repeats === 1,
      lowerIsBetter: metric.direction === 'lower',
    };
  });
}
