import { formatNumber, formatP, formatPercent, formatScore, UNKNOWN } from './format.ts';
import type { Interval } from './intervals.ts';

type Verdict = 'better' | 'worse' | 'no-change-shown' | 'too-few-cases';

/** A metric's result over the cases of an evaluation. Undefined figures are unknown. */
interface MetricFigures {
  mean: number | undefined;
  interval: Readonly<Interval> | undefined;
  /** Cases without a score. */
  missing: number;
  baseline:
    | {
        mean: number;
        difference: number;
        p: number;
        verdict: Verdict;
        smallestDetectable: number | undefined;
      }
    | undefined;
}

interface DescribedMetric {
  title: string;
  scale: 'yes-no' | '0-1' | '0-100' | 'count';
}

export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  'no-change-shown': 'no change shown',
  'too-few-cases': 'too few cases',
};

/** `91%` for true or false, otherwise `0.912`. */
export function formatMetricValue(value: number | undefined, scale: DescribedMetric['scale']): string {
  if (value === undefined) return UNKNOWN;
  return scale === 'yes-no' ? formatPercent(value) : formatScore(value);
}

/** `+3%`, `-0.07`: percentages of pass rates are percentage points. */
export function formatMetricChange(difference: number, scale: DescribedMetric['scale']): string {
  const sign = difference > 0 ? '+' : '';
  if (scale !== 'yes-no') return `${sign}${formatScore(difference)}`;
  const points = Number((difference * 100).toFixed(1));
  return `${points > 0 ? '+' : ''}${formatNumber(points)} points`;
}

/**
 * `ROUGE-L 0.91 → 0.84, worse, p 0.01`, or without a baseline `ROUGE-L 0.84 (0.79 to 0.89)`. The mean of both sides is that
 * of the cases that they have in common, so that the sentence is about the prompt and not about the dataset.
 */
export function describeMetric(figures: MetricFigures, { title, scale }: DescribedMetric): string {
  const { mean, interval, missing, baseline } = figures;
  const format = (value: number | undefined) => formatMetricValue(value, scale);
  const left = missing > 0 ? `, ${formatNumber(missing)} without a score` : '';
  if (!baseline) {
    return `${title} ${format(mean)}${interval ? ` (${format(interval[0])} to ${format(interval[1])})` : ''}${left}`;
  }
  const { verdict, p, smallestDetectable } = baseline;
  const limit =
    verdict === 'no-change-shown' && smallestDetectable !== undefined
      ? `, a change of ${formatScore(scale === 'yes-no' ? smallestDetectable * 100 : smallestDetectable)}${scale === 'yes-no' ? ' points' : ''} could be shown`
      : '';
  const test = verdict === 'too-few-cases' ? '' : `, ${formatP(p)}`;
  const after = baseline.mean + baseline.difference;
  return `${title} ${format(baseline.mean)} → ${format(after)}, ${VERDICT_TEXTS[verdict]}${test}${limit}${left}`;
}
