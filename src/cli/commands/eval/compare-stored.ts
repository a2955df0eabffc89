import { UserError } from '../../../core/base/errors.ts';
import { didYouMean, nearestNames } from '../../../core/base/nearest-name.ts';
import type { ResultComparison } from '../../../core/evals/aggregate/compare-results.ts';
import type { Comparison } from '../../../core/evals/aggregate/compare-scores.ts';
import { confidenceLevel } from '../../../core/evals/run/confidence-level.ts';
import type { EvalColumn } from '../../../core/store/evals/eval-record.ts';
import { columnTitle } from '../../../shared/column-title.ts';
import { formatCount } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import {
  type ComparisonReport,
  describeCases,
  describeComparison,
  describeMissing,
  toComparisonJson,
} from './describe-comparison.ts';
import {
  describeLeftOut,
  describeMetrics,
  type PairedMetrics,
  pairMetrics,
  SCORE_AGAIN,
  unknownMetric,
} from './pair-metrics.ts';
import { withResults } from './with-results.ts';

type CompareValues = EvalValues['compare'];
type StoredComparison = ResultComparison['metrics'][number];
type Compared = StoredComparison & { comparison: Comparison };

/** A comparison with the columns of B, which have the names. */
interface Found extends ResultComparison {
  columnsOfB: readonly EvalColumn[];
}

/** Compares two stored results: as text by every metric, as JSON by one. */
export function compareStored(values: CompareValues, context: CommandContext): Promise<void> {
  checkOptions(values);
  const { output, terminal, notices } = context;
  return withResults(context, async ({ evals, store }) => {
    const [a, b] = [await evals.find(values.a), await evals.find(values.b)];
    const compared = await evals.compare(a, b, { signal: context.interrupt.signal });
    const [before, after] = [await store.evals.get(a), await store.evals.get(b)];
    const found = { ...compared, columnsOfB: after?.columns ?? [] };
    const level = confidenceLevel(after);
    const metrics = pairMetrics(before, after);
    const chosen = choose(found, { values, metrics });
    const [first] = chosen;
    if (!first) throw nothingInCommon(found, { values, metrics });
    const left = describeLeftOut(metrics, values);
    if (left !== undefined) notices.report(left);
    const { onlyInA, onlyInB, changed } = found;
    const reportOf = ({ comparison, metric }: Compared): ComparisonReport => {
      const isGrouped = comparison.difference.method === 'clustered-t';
      const unit = after?.metrics.find(({ name }) => name === metric);
      return { comparison, isGrouped, onlyInA, onlyInB, changed, level, unit };
    };
    if (output.format === 'json' && chosen.length > 1) {
      const others = `${chosen.length - 1} more: choose with --metric and --column.`;
      notices.report(`Compared by ${first.metric} of ${titleOf(first, found)}. Not printed: ${others}`);
    }
    await output.print({
      json: () => toComparisonJson(reportOf(first)),
      text({ print }) {
        print(describeCases(reportOf(first), values));
        for (const one of chosen) {
          print(`\n${titleOf(one, found)}`);
          const names = { a: values.a, b: values.b, metric: one.metric };
          for (const sentence of describeComparison(reportOf(one), names)) print(sentence);
          const missing = describeMissing(one.comparison, values);
          if (missing) terminal.note(missing);
        }
      },
    });
  });
}

/** A stored result knows the direction of its metrics, and how its intervals are computed. */
function checkOptions({ lowerIsBetter, bootstrap, seed }: CompareValues): void {
  const given = { '--lower-is-better': lowerIsBetter, '--bootstrap': bootstrap, '--seed': seed !== undefined };
  const option = Object.entries(given).find(([, isGiven]) => isGiven)?.[0];
  if (option === undefined) return;
  throw new UserError(`${option} is about files, and these are stored results.`, {
    code: 'usage',
    hint: 'The directions of metrics and the confidence are those of the evaluation.',
  });
}

interface Chosen {
  values: CompareValues;
  metrics: PairedMetrics;
}

/** Why nothing can be compared: cases, columns or metrics that the other one does not have, or cases without a score. */
function nothingInCommon(found: Found, { values: { a, b }, metrics }: Chosen): UserError {
  const { common, changed } = found;
  const fail = (message: string, hint: string) => new UserError(message, { code: 'no-common-cases', hint });
  if (common === 0) {
    const rows = changed > 0 ? ` The rows of ${formatCount(changed, 'case')} with the same id differ.` : '';
    return fail(
      `${a} and ${b} have no case in common.${rows}`,
      'Only cases whose row is the same in both, and is read by the same columns, are compared.',
    );
  }
  if (metrics.common.length === 0) {
    return fail(`${a} and ${b} have no metric in common. ${describeMetrics(metrics)}`, SCORE_AGAIN);
  }
  if (found.metrics.length === 0) {
    return fail(`${a} and ${b} have no column in common.`, 'Columns are joined by the prompt and the model.');
  }
  return fail(`No case has a score in both ${a} and ${b}.`, 'llmops eval show --format csv has the reasons.');
}

/** The comparisons by the requested metric and column, or all. */
function choose(found: Found, { values: { metric, column }, metrics }: Chosen): Compared[] {
  const titles = [...new Set(found.metrics.map((one) => titleOf(one, found)))];
  if (metric !== undefined && !metrics.common.includes(metric)) throw unknownMetric(metric, metrics);
  const matches = (one: StoredComparison) => {
    const { prompt, model } = found.columnsOfB[one.columns.b] ?? {};
    return column === undefined || [titleOf(one, found), prompt, model].includes(column);
  };
  const ofColumn = found.metrics.filter(matches);
  if (column !== undefined && found.metrics.length > 0 && ofColumn.length === 0) throw unknownColumn(column, titles);
  return ofColumn.flatMap((one) => {
    const { comparison } = one;
    return comparison && (metric === undefined || one.metric === metric) ? [{ ...one, comparison }] : [];
  });
}

function titleOf({ columns }: StoredComparison, { columnsOfB }: Found): string {
  return columnTitle(columnsOfB[columns.b] ?? {});
}

function unknownColumn(name: string, known: readonly string[]): UserError {
  const hint = didYouMean(nearestNames(name, known, 1)) ?? `They have: ${known.join(', ')}.`;
  return new UserError(`The results have no common column "${name}".`, { code: 'usage', hint });
}
