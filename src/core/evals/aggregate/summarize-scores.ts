import type { Interval } from '../../../shared/intervals.ts';
import { momentsOf } from '../../../shared/statistics.ts';
import { type Confidence, groupsOf, type ScoreInterval, scoreInterval } from './score-interval.ts';

/** The scores of one metric, as plain data for a worker. */
export interface CaseScores {
  /** Of each case, after its repeats are averaged; NaN if it has none. */
  scores: Float64Array;
  /** The number of each case's group. */
  groups?: Int32Array | undefined;
  /** True if each score is 0 or 1, and from one answer. */
  isPassFail: boolean;
}

export interface ScoreSummary {
  /** Undefined if no case has a score. */
  mean: number | undefined;
  interval: Interval | undefined;
  method: ScoreInterval['method'] | undefined;
  n: number;
  /** Of these cases; undefined if no case has a group. */
  groups?: number | undefined;
  /** Cases without a score. */
  missing: number;
}

/** The mean of a metric, with its interval, over the cases that have a score. */
export async function summarizeScores(
  { scores, groups, isPassFail }: CaseScores,
  confidence: Confidence,
  signal?: AbortSignal,
): Promise<ScoreSummary> {
  const known = Int32Array.from(scores.keys().filter((index) => !Number.isNaN(scores[index])));
  const missing = scores.length - known.length;
  if (known.length === 0) return { mean: undefined, interval: undefined, method: undefined, n: 0, missing };
  const values = Float64Array.from(known, (index) => scores[index]!);
  const own = groupsOf(groups, known);
  const found = await scoreInterval({ values, groups: own, isPassFail }, confidence, signal);
  return { mean: momentsOf(values).mean, ...found, n: known.length, missing, ...(own && { groups: own.count }) };
}
