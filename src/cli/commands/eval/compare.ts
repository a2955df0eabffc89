import { existsSync } from 'node:fs';
import { UserError } from '../../../core/base/errors.ts';
import { didYouMean, nearestNames } from '../../../core/base/nearest-name.ts';
import { compareScores, type PairedScores } from '../../../core/evals/aggregate/compare-scores.ts';
import type { Direction } from '../../../core/evals/metrics/metric.ts';
import { findMetric, METRICS } from '../../../core/evals/metrics/metric-table.ts';
import { intervalOnScale, type MetricUnit } from '../../../shared/metric-value.ts';
import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import { compareStored } from './compare-stored.ts';
import { describeCases, describeComparison, describeMissing, toComparisonJson } from './describe-comparison.ts';
import { pairResults } from './pair-results.ts';
import { readResultFile } from './read-result-file.ts';

type CompareValues = EvalValues['compare'];

/** `llmops eval compare`: the verdict is a result, not a gate, so that the exit code is 0 for each. */
export async function run(values: CompareValues, context: CommandContext): Promise<void> {
  const files = [values.a, values.b].filter(isFile);
  if (files.length === 0) return compareStored(values, context);
  if (files.length === 2) return compareFiles(values, context);
  throw new UserError(`Only ${files[0]} is a file, so the two cannot be compared.`, {
    code: 'usage',
    hint: 'Specify two JSONL files or two stored results. llmops eval list shows the results.',
  });
}

/** An ID has no extension. */
function isFile(written: string): boolean {
  return /\.\w+$/.test(written) || existsSync(written);
}

async function compareFiles(values: CompareValues, { output, terminal, interrupt }: CommandContext): Promise<void> {
  const { bootstrap, seed = 0, metric, column } = values;
  if (column !== undefined) {
    throw new UserError('--column is about stored results, and these are files.', {
      code: 'usage',
      hint: 'A file has the scores of one column.',
    });
  }
  const lowerIsBetter = values.lowerIsBetter || directionOf(metric) === 'lower';
  if (!values.lowerIsBetter) noteUnknownMetric(metric, terminal);
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
  const isGrouped = scores.groups !== undefined;
  const unit = unitOf(metric, scores);
  const counts = { onlyInA: onlyInA.length, onlyInB: onlyInB.length, changed: 0 };
  const report = { comparison, isGrouped, ...counts, level: 0.95, unit };
  const missing = describeMissing(comparison, values);
  if (missing) terminal.note(missing);
  await output.print({
    json: () => toComparisonJson(report),
    text({ print }) {
      print(describeCases(report, values));
      for (const sentence of describeComparison(report, { ...values, metric })) print(sentence);
    },
  });
}

/** A typing error would turn the verdict around. */
function noteUnknownMetric(metric: string | undefined, { note }: CommandContext['terminal']): void {
  if (metric === undefined || directionOf(metric) !== undefined) return;
  const ids = METRICS.map(({ id }) => id);
  const hint = didYouMean(nearestNames(metric, ids, 1)) ?? 'Add --lower-is-better if it is the other way round.';
  note(`There is no metric "${metric}", so a higher score counts as better. ${hint}`);
}

/** Undefined for a metric of the user's own. */
function directionOf(metric: string | undefined): Direction | undefined {
  return metric === undefined ? undefined : knownMetric(metric)?.direction;
}

function knownMetric(written: string) {
  // options follow a colon
  return findMetric(written.replace(/:.*/s, ''));
}

/** Undefined if the scale is not known: a file may have the scores of a metric as percentages. */
function unitOf(
  metric: string | undefined,
  { a, b, isPassFail }: Omit<PairedScores, 'lowerIsBetter'>,
): MetricUnit | undefined {
  if (isPassFail) return { id: 'passed', scale: 'yes-no' };
  const known = metric === undefined ? undefined : knownMetric(metric);
  const isOnScale = (score: number) => Number.isNaN(score) || intervalOnScale([score, score], known)[0] === score;
  return known && a.every(isOnScale) && b.every(isOnScale) ? known : undefined;
}
