import type { Comparison } from '../../../core/evals/aggregate/compare-scores.ts';
import { describeCaseCount } from '../../../shared/describe-score-change.ts';
import { formatCount, formatNumber, formatP, formatPercent, formatScore } from '../../../shared/format.ts';
import type { Interval } from '../../../shared/intervals.ts';
import { intervalOnScale, type MetricUnit } from '../../../shared/metric-value.ts';

/** B against A. */
export interface ComparisonReport {
  comparison: Comparison;
  isGrouped: boolean;
  onlyInA: number;
  onlyInB: number;
  /** Cases that both have, but with another content. */
  changed: number;
  /** Of the intervals. */
  level: number;
  /** Of the scores; undefined if it is not known, such as for a metric of the user's own. */
  unit: MetricUnit | undefined;
}

interface Names {
  a: string;
  b: string;
  metric: string | undefined;
}

/** The statistics in their stable form; unknown figures are null. */
export function toComparisonJson({ comparison, onlyInA, onlyInB }: ComparisonReport): Record<string, unknown> {
  const { n, a, b, difference, test, smallestDetectable, verdict } = comparison;
  return {
    n,
    onlyInA,
    onlyInB,
    a: { mean: a.mean, interval: a.interval ?? null },
    b: { mean: b.mean, interval: b.interval ?? null },
    difference: { mean: difference.mean, interval: difference.interval ?? null, method: difference.method },
    test,
    smallestDetectable: smallestDetectable ?? null,
    verdict,
  };
}

/** Undefined if every case has a score in both. */
export function describeMissing({ a, b }: Comparison, names: Pick<Names, 'a' | 'b'>): string | undefined {
  const parts = [
    ...(a.missing > 0 ? [`${formatCount(a.missing, 'case')} in ${names.a}`] : []),
    ...(b.missing > 0 ? [`${formatCount(b.missing, 'case')} in ${names.b}`] : []),
  ];
  return parts.length === 0 ? undefined : `Without a score, and not compared: ${parts.join(', ')}.`;
}

/** How many cases were compared, and which were not. */
export function describeCases(report: ComparisonReport, names: Pick<Names, 'a' | 'b'>): string {
  const { comparison, onlyInA, onlyInB, changed } = report;
  const others = [
    ...(onlyInA > 0 ? [`${formatNumber(onlyInA)} only in ${names.a}`] : []),
    ...(onlyInB > 0 ? [`${formatNumber(onlyInB)} only in ${names.b}`] : []),
    ...(changed > 0 ? [`${formatNumber(changed)} whose row changed`] : []),
  ];
  const left = others.length > 0 ? ` Not compared: ${others.join(', ')}.` : '';
  return `Compared ${describeCaseCount(comparison)} by id.${left}`;
}

export function describeComparison({ comparison, isGrouped, level, unit }: ComparisonReport, names: Names): string[] {
  const { a, b, smallestDetectable } = comparison;
  const between: DescribeInterval = (interval, of) =>
    interval ? `, ${formatPercent(level)} interval ${describeInterval(intervalOnScale(interval, unit, of))}` : '';
  const what = names.metric === undefined ? 'Mean' : `Mean ${names.metric}`;
  return [
    `${what} of ${names.a}: ${formatScore(a.mean)}${between(a.interval)}.`,
    `${what} of ${names.b}: ${formatScore(b.mean)}${between(b.interval)}.`,
    describeVerdict(comparison, names.b, between),
    ...(smallestDetectable === undefined ? [] : [describeDetectable(smallestDetectable, isGrouped)]),
  ];
}

/** The figure knows no groups, whose cases resemble each other: they show less than as many independent ones. */
function describeDetectable(difference: number, isGrouped: boolean): string {
  const condition = isGrouped ? ', if they were independent' : '';
  return `With a power of 80%, so many cases can show a difference of ${formatScore(difference)} or more${condition}.`;
}

const TESTS = { 'sign-flip': 'sign-flip test', mcnemar: 'exact McNemar test' };

type DescribeInterval = (interval: Interval | undefined, of?: 'mean' | 'difference') => string;

function describeVerdict(comparison: Comparison, name: string, between: DescribeInterval): string {
  const { difference, test, verdict } = comparison;
  const sign = difference.mean > 0 ? '+' : '';
  const figures = `${sign}${formatScore(difference.mean)}${between(difference.interval, 'difference')}, ${formatP(test.p)} (${TESTS[test.name]})`;
  if (verdict === 'better' || verdict === 'worse') return `${name} is ${verdict}: ${figures}.`;
  if (verdict === 'no-change-shown') return `No change is shown: ${figures}.`;
  return `Too few cases or groups for a verdict, whatever their scores: ${figures}.`;
}

function describeInterval([low, high]: Interval): string {
  return `${formatScore(low)} to ${formatScore(high)}`;
}
