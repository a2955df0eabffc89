import { UserError } from '../../../core/base/errors.ts';
import { didYouMean, nearestNames } from '../../../core/base/nearest-name.ts';
import type { ResultComparison } from '../../../core/evals/aggregate/compare-results.ts';
import type { Comparison } from '../../../core/evals/aggregate/compare-scores.ts';
import { confidenceLevel } from '../../../core/evals/run/confidence-level.ts';
import type { EvalColumn } from '../../../core/store/evals/eval-record.ts';
import { columnTitle } from '../../../shared/column-title.ts';
import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import {
  type ComparisonReport,
  describeCases,
  describeComparison,
  describeMissing,
  toComparisonJson,
} from './describe-comparison.ts';
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
    const record = await store.evals.get(b);
    const found = { ...compared, columnsOfB: record?.columns ?? [] };
    const level = confidenceLevel(record);
    const chosen = choose(found, values);
    const [first] = chosen;
    if (!first) {
      throw new UserError(`No case has a score in both ${values.a} and ${values.b}.`, {
        code: 'no-common-cases',
        hint: 'Only cases whose row is the same in both are compared.',
      });
    }
    const { onlyInA, onlyInB, changed } = found;
    const reportOf = ({ comparison }: Compared): ComparisonReport => {
      const isGrouped = comparison.difference.method === 'clustered-t';
      return { comparison, isGrouped, onlyInA, onlyInB, changed, level };
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

/** The comparisons by the requested metric and column, or all. */
function choose(found: Found, { metric, column }: CompareValues): Compared[] {
  const names = [...new Set(found.metrics.map((one) => one.metric))];
  const titles = [...new Set(found.metrics.map((one) => titleOf(one, found)))];
  if (metric !== undefined && !names.includes(metric)) throw unknown('metric', metric, names);
  const matches = (one: StoredComparison) => {
    const { prompt, model } = found.columnsOfB[one.columns.b] ?? {};
    return column === undefined || [titleOf(one, found), prompt, model].includes(column);
  };
  const ofColumn = found.metrics.filter(matches);
  if (column !== undefined && ofColumn.length === 0) throw unknown('column', column, titles);
  return ofColumn.flatMap((one) => {
    const { comparison } = one;
    return comparison && (metric === undefined || one.metric === metric) ? [{ ...one, comparison }] : [];
  });
}

function titleOf({ columns }: StoredComparison, { columnsOfB }: Found): string {
  return columnTitle(columnsOfB[columns.b] ?? {});
}

function unknown(what: string, name: string, known: readonly string[]): UserError {
  const hint = didYouMean(nearestNames(name, known, 1)) ?? `They have: ${known.join(', ')}.`;
  return new UserError(`The results have no common ${what} "${name}".`, { code: 'usage', hint });
}
