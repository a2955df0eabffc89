import { UserError } from '../../../core/base/errors.ts';
import { type Comparison, compareScores } from '../../../core/evals/aggregate/compare-scores.ts';
import type { Direction } from '../../../core/evals/metrics/metric.ts';
import { findMetric } from '../../../core/evals/metrics/metric-table.ts';
import { formatCount, formatNumber, formatP, formatScore } from '../../../shared/format.ts';
import type { Interval } from '../../../shared/intervals.ts';
import type { CommandContext } from '../../context.ts';
import type { CompareValues } from '../eval.ts';
import { pairResults } from './pair-results.ts';
import { readResultFile } from './read-result-file.ts';

/** `llmops eval compare`: the verdict is a result, not a gate, so that the exit code is 0 for each. */
export async function run(values: CompareValues, { output, terminal, interrupt }: CommandContext): Promise<void> {
  const { bootstrap, seed = 0, metric } = values;
  const lowerIsBetter = values.lowerIsBetter || directionOf(metric) === 'lower';
  const options = { onNotice: terminal.note, signal: interrupt.signal };
  const a = await readResultFile(values.a, options);
  const b = await readResultFile(values.b, options);
  const { scores, onlyInA, onlyInB } = pairResults(a, b);
  const [comparison] = await compareScores(
    [{ ...scores, lowerIsBetter }],
    { level: 0.95, method: bootstrap ? 'bootstrap' : 't', seed },
    interrupt.signal,
  );
  if (!comparison) {
    throw new UserError(`No case has a score in both ${a.name} and ${b.name}.`, {
      code: 'invalid-input',
      hint: 'Scores that are null are not compared.',
    });
  }
  const report = {
    comparison,
    isGrouped: scores.groups !== undefined,
    onlyInA: onlyInA.length,
    onlyInB: onlyInB.length,
  };
  const missing = describeMissing(comparison, values);
  if (missing) terminal.note(missing);
  await output.print({
    json: () => toJson(report),
    text: () => {
      for (const sentence of describe(report, { ...values, metric })) terminal.print(sentence);
    },
  });
}

/** Undefined for a metric of the user's own. */
function directionOf(metric: string | undefined): Direction | undefined {
  // options follow a colon
  return metric === undefined ? undefined : findMetric(metric.replace(/:.*/s, ''))?.direction;
}

interface Report {
  comparison: Comparison;
  isGrouped: boolean;
  onlyInA: number;
  onlyInB: number;
}

function toJson({ comparison, onlyInA, onlyInB }: Report): Record<string, unknown> {
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

function describeMissing({ a, b }: Comparison, names: Pick<CompareValues, 'a' | 'b'>): string | undefined {
  const parts = [
    ...(a.missing > 0 ? [`${formatCount(a.missing, 'case')} in ${names.a}`] : []),
    ...(b.missing > 0 ? [`${formatCount(b.missing, 'case')} in ${names.b}`] : []),
  ];
  return parts.length === 0 ? undefined : `Without a score, and not compared: ${parts.join(', ')}.`;
}

function describe(
  { comparison, isGrouped, onlyInA, onlyInB }: Report,
  { a: nameA, b: nameB, metric }: Pick<CompareValues, 'a' | 'b' | 'metric'>,
): string[] {
  const { n, a, b, smallestDetectable } = comparison;
  const others = [
    ...(onlyInA > 0 ? [`${formatNumber(onlyInA)} only in ${nameA}`] : []),
    ...(onlyInB > 0 ? [`${formatNumber(onlyInB)} only in ${nameB}`] : []),
  ];
  const left = others.length > 0 ? ` Not compared: ${others.join(', ')}.` : '';
  const what = metric === undefined ? 'Mean' : `Mean ${metric}`;
  return [
    `Compared ${formatCount(n, 'case')} by id.${left}`,
    `${what} of ${nameA}: ${formatScore(a.mean)}${between(a.interval)}.`,
    `${what} of ${nameB}: ${formatScore(b.mean)}${between(b.interval)}.`,
    describeVerdict(comparison, nameB),
    ...(smallestDetectable === undefined ? [] : [describeDetectable(smallestDetectable, isGrouped)]),
  ];
}

/** The figure knows no groups, whose cases resemble each other: they show less than as many independent ones. */
function describeDetectable(difference: number, isGrouped: boolean): string {
  const condition = isGrouped ? ', if they were independent' : '';
  return `With a power of 80%, so many cases can show a difference of ${formatScore(difference)} or more${condition}.`;
}

const TESTS = { 'sign-flip': 'sign-flip test', mcnemar: 'exact McNemar test' };

function describeVerdict({ difference, test, verdict }: Comparison, name: string): string {
  const sign = difference.mean > 0 ? '+' : '';
  const figures = `${sign}${formatScore(difference.mean)}${between(difference.interval)}, ${formatP(test.p)} (${TESTS[test.name]})`;
  if (verdict === 'better' || verdict === 'worse') return `${name} is ${verdict}: ${figures}.`;
  if (verdict === 'no-change-shown') return `No change is shown: ${figures}.`;
  return `Too few cases or groups for a verdict, whatever their scores: ${figures}.`;
}

function between(interval: Interval | undefined): string {
  return interval ? `, 95% interval ${formatScore(interval[0])} to ${formatScore(interval[1])}` : '';
}
