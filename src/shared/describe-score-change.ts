import { formatCount, formatNumber, formatP, formatPercent } from './format.ts';
import type { Interval } from './intervals.ts';
import { formatMetricChange, formatMetricInterval, formatMetricValue, type MetricUnit } from './metric-value.ts';

type Verdict = 'better' | 'worse' | 'no-change-shown' | 'too-few-cases';

/** Shares of the cases in which one or all of k answers pass. */
interface PassRates {
  k: number;
  passAtK: number;
  passHatK: number;
}

/** A metric's result over the cases of an evaluation. Undefined figures are unknown. */
interface MetricFigures {
  mean: number | undefined;
  interval: Readonly<Interval> | undefined;
  n: number;
  groups?: number | undefined;
  /** Cases without a score. */
  missing: number;
  /** With repeats, of a metric that passes or fails. */
  repeated?: PassRates | undefined;
  baseline:
    | {
        mean: number;
        difference: number;
        p: number;
        verdict: Verdict;
        smallestDetectable: number | undefined;
        n: number;
        groups?: number | undefined;
      }
    | undefined;
}

interface DescribedMetric extends MetricUnit {
  title: string;
}

export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  'no-change-shown': 'no change shown',
  'too-few-cases': 'too few cases',
};

/**
 * `ROUGE-L 0.91 → 0.84, worse, p 0.01`, or without a baseline `ROUGE-L 0.84 (0.79 to 0.89)`. The mean of both sides is that
 * of the cases that they have in common, so that the sentence is about the prompt and not about the dataset.
 */
export function describeMetric(figures: MetricFigures, metric: DescribedMetric): string {
  const { mean, interval, missing, repeated, baseline } = figures;
  const { title } = metric;
  const format = (value: number | undefined) => formatMetricValue(value, metric);
  const left = [
    repeated ? `, ${describePassRates(repeated)}` : '',
    missing > 0 ? `, ${formatNumber(missing)} without a score` : '',
  ].join('');
  if (!baseline) {
    return `${title} ${format(mean)}${interval ? ` (${formatMetricInterval(interval, metric)})` : ''}${left}`;
  }
  const { verdict, p, smallestDetectable } = baseline;
  // it knows no groups, whose cases resemble each other
  const limit =
    verdict === 'no-change-shown' && smallestDetectable !== undefined && baseline.groups === undefined
      ? `, a change of ${formatMetricChange(smallestDetectable, metric).slice(1)} could be shown`
      : '';
  const test = verdict === 'too-few-cases' ? '' : `, ${formatP(p)}`;
  const after = baseline.mean + baseline.difference;
  return `${title} ${format(baseline.mean)} → ${format(after)}, ${VERDICT_TEXTS[verdict]}${test}${inGroups(baseline)}${limit}${left}`;
}

/** Groups are what a test compares: `, 30 cases in 10 groups`. */
function inGroups({ n, groups }: { n: number; groups?: number | undefined }): string {
  return groups === undefined ? '' : `, ${describeCaseCount({ n, groups })}`;
}

/** `30 cases`, or `30 cases in 10 groups`. */
export function describeCaseCount({ n, groups }: { n: number; groups?: number | undefined }): string {
  return formatCount(n, 'case') + (groups === undefined ? '' : ` in ${formatCount(groups, 'group')}`);
}

/** `pass@3 100%, pass^3 67%` */
export function describePassRates({ k, passAtK, passHatK }: PassRates): string {
  return `pass@${k} ${formatPercent(passAtK)}, pass^${k} ${formatPercent(passHatK)}`;
}
