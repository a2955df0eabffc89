import type {
  EvalMetric,
  EvaluationSnapshot,
  MetricResult,
  ShownResult,
  Verdict,
} from '../../src/protocol/evaluation.ts';
import { columnTitle } from '../../src/shared/column-title.ts';
import { describeCaseCount, describePassRates, VERDICT_TEXTS } from '../../src/shared/describe-score-change.ts';
import { EVALUATION_STATES } from '../../src/shared/evaluation-state.ts';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatP,
  formatPercent,
  formatScore,
} from '../../src/shared/format.ts';
import { formatMetricInterval, formatMetricValue } from '../../src/shared/metric-value.ts';

export interface SummaryLine {
  key: string;
  metric: string;
  /** The column, if several are compared. */
  column: string | undefined;
  /** `0.91 → 0.84`, or `0.84` without a baseline. */
  figures: string;
  verdict: Verdict | undefined;
  /** `worse, p 0.01`. */
  outcome: string | undefined;
  /** Title, interval, number of cases, what is missing. */
  details: string;
}

/** What became worse comes first. */
const ORDER: Record<Verdict, number> = { worse: 0, better: 1, 'no-change-shown': 2, 'too-few-cases': 3 };

/**
 * One sentence for each metric of each column that is compared, or of each column with a value if none is: one rated answer
 * has no counterpart in the baseline.
 */
export function summaryLines({ result, summary }: Pick<EvaluationSnapshot, 'result' | 'summary'>): SummaryLine[] {
  const found = summary?.metrics ?? [];
  const compared = new Set(found.filter(({ baseline }) => baseline !== undefined).map(({ metric }) => metric));
  const shown = found.filter(({ metric, baseline, mean }) => {
    if (compared.has(metric)) return baseline !== undefined;
    return compared.size === 0 || mean !== undefined;
  });
  const isOnly = new Set(shown.map(({ column }) => column)).size <= 1;
  return shown.map((metric) => toLine(metric, result, isOnly)).sort((a, b) => orderOf(a.verdict) - orderOf(b.verdict));
}

const orderOf = (verdict: Verdict | undefined) => (verdict === undefined ? 4 : ORDER[verdict]);

function toLine(found: MetricResult, { metrics, columns, confidence }: ShownResult, isOnly: boolean): SummaryLine {
  const metric = metrics.find(({ name }) => name === found.metric);
  const column = columns[found.column];
  const { baseline, mean } = found;
  const value = (score: number | undefined) => formatMetricValue(score, metric);
  return {
    key: `${found.metric}:${found.column}`,
    metric: found.metric,
    column: isOnly || !column ? undefined : columnTitle(column),
    figures: baseline ? `${value(baseline.mean)} → ${value(afterOf(found))}` : value(mean),
    verdict: baseline?.verdict,
    outcome: baseline && outcomeOf(baseline),
    details: detailsOf(found, metric, confidence),
  };
}

/** Over the cases that are compared, which may be fewer than all. */
function afterOf({ baseline, mean }: MetricResult): number | undefined {
  return baseline ? baseline.mean + baseline.difference : mean;
}

function outcomeOf({ verdict, p }: NonNullable<MetricResult['baseline']>): string {
  return verdict === 'too-few-cases' ? VERDICT_TEXTS[verdict] : `${VERDICT_TEXTS[verdict]}, ${formatP(p)}`;
}

function detailsOf(
  { interval, n, groups, missing, repeated, baseline }: MetricResult,
  metric: EvalMetric | undefined,
  confidence: number,
): string {
  const value = (score: number) => formatMetricValue(score, metric);
  const parts = [
    metric && metric.title !== metric.name && metric.title,
    interval && `${formatPercent(confidence)} interval ${formatMetricInterval(interval, metric)}`,
    describeCaseCount({ n, groups }),
    repeated && describePassRates(repeated),
    missing > 0 && `${formatCount(missing, 'case')} without a score`,
    baseline?.interval && `difference ${formatMetricInterval(baseline.interval, metric, 'difference')}`,
    baseline && baseline.n !== n && `${formatCount(baseline.n, 'case')} compared`,
    // it knows no groups, whose cases resemble each other
    baseline?.smallestDetectable !== undefined &&
      baseline.groups === undefined &&
      `a difference of ${value(baseline.smallestDetectable)} would be found with a probability of 80%`,
    metric?.direction === 'lower' && 'lower is better',
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

export function describeState({ state }: Pick<ShownResult, 'state'>): string {
  return EVALUATION_STATES[state];
}

export function finishedCells({ counts }: Pick<ShownResult, 'counts'>): number {
  return counts.passed + counts.failed + counts.errors;
}

type Shown = Pick<EvaluationSnapshot, 'result' | 'progress'>;

/** Undefined while it is not known: all answers of a result are there, and are being replaced or scored again. */
export function knownProgress({ result, progress }: Shown): { done: number; total: number } | undefined {
  if (progress) return progress;
  const [done, total] = [finishedCells(result), result.counts.cells];
  return done < total ? { done, total } : undefined;
}

/** `120 of 400 · 12 a second · 0:23 left`. */
export function describeProgress({ result, progress }: Shown): string {
  const known = knownProgress({ result, progress });
  const parts = [
    known && `${formatNumber(known.done)} of ${formatNumber(known.total)}`,
    progress?.perSecond !== undefined && `${formatScore(progress.perSecond)} a second`,
    progress?.leftMs !== undefined && result.state === 'running' && `${formatDuration(progress.leftMs)} left`,
  ];
  return parts.filter((part) => typeof part === 'string').join(' · ');
}

/** `190 passed, 9 failed, 1 error`. */
export function describeCounts({ counts: { passed, failed, errors } }: Pick<ShownResult, 'counts'>): string {
  return `${formatNumber(passed)} passed, ${formatNumber(failed)} failed, ${formatCount(errors, 'error')}`;
}

/** A result whose answers are all errors is done too, but says nothing about the prompts. */
export function describeOnlyErrors({
  result: { state, counts },
  canRun,
}: Pick<EvaluationSnapshot, 'result' | 'canRun'>): string | undefined {
  if (state !== 'done' || counts.errors === 0 || counts.errors < counts.cells) return undefined;
  const all =
    counts.errors === 1 ? 'The only answer is an error.' : `All ${formatNumber(counts.errors)} answers are errors.`;
  return canRun ? `${all} Each cell says why. Run Again can ask for them again.` : `${all} Each cell says why.`;
}

/** Why a result is not complete, what it kept, and what to do next; undefined for one that is complete or runs. */
export function describeUnfinished({
  result,
  canRun,
}: Pick<EvaluationSnapshot, 'result' | 'canRun'>): string | undefined {
  const { state, counts, error } = result;
  const reason = REASONS[state];
  if (reason === undefined) return undefined;
  const kept = `${formatNumber(finishedCells(result))} of ${formatCount(counts.cells, 'answer')} kept.`;
  // the error of a budget says more exactly what the reason says
  if (state === 'budget' && error) return sentences(error.message, kept, error.hint);
  const next = canRun && RESUMABLE.has(state) ? 'Resume to continue with the rest.' : undefined;
  return sentences(reason, kept, next, error?.message, error?.hint);
}

const REASONS: Partial<Record<ShownResult['state'], string>> = {
  stopped: 'The evaluation was stopped.',
  budget: 'The evaluation stopped because its next request could exceed the budget.',
  interrupted: 'The evaluation was interrupted because its window was closed.',
  failed: 'The evaluation failed.',
  paused: 'The evaluation is paused.',
};

/** Where nothing else has to be done first. */
const RESUMABLE: ReadonlySet<ShownResult['state']> = new Set(['stopped', 'budget', 'interrupted']);

const sentences = (...parts: readonly (string | undefined)[]) => parts.filter(Boolean).join(' ');
