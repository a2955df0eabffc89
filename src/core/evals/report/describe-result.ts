import { columnTitle } from '../../../shared/column-title.ts';
import { describeMetric } from '../../../shared/describe-score-change.ts';
import { EVALUATION_STATES } from '../../../shared/evaluation-state.ts';
import { formatCount, formatDuration, formatNumber, formatTokens, formatUsd } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { type EvalRecord, type EvalState, isAsked, type MetricResult } from '../../store/evals/eval-record.ts';

/** The sentences about a column that is no baseline. */
interface ColumnSentences {
  title: string;
  /** What it is compared with; undefined if nothing. */
  against: string | undefined;
  sentences: string[];
}

export function describeState(state: EvalState): string {
  return EVALUATION_STATES[state];
}

type Summed = Pick<EvalRecord, 'state' | 'counts' | 'summary' | 'metrics'>;

/** `1 of 3 gates failed`, `2 metrics are worse`, `no change shown`: the most important fact about a result. */
export function headlineOf({ state, counts, summary, metrics }: Summed): string {
  const done = counts.passed + counts.failed + counts.errors;
  if (state !== 'done')
    return `${EVALUATION_STATES[state]} after ${formatNumber(done)} of ${formatCount(counts.cells, 'answer')}`;
  const gates = summary?.gates ?? [];
  const failed = gates.filter(({ passed }) => passed === false).length;
  if (failed > 0) return `${formatNumber(failed)} of ${formatCount(gates.length, 'gate')} failed`;
  const compared = (summary?.metrics ?? []).flatMap(({ baseline }) => baseline ?? []);
  if (compared.length === 0) {
    const errors = counts.errors > 0 ? `, ${formatCount(counts.errors, 'error')}` : '';
    return `${formatNumber(counts.passed)} of ${formatCount(done, 'answer')} passed${errors}`;
  }
  const count = (verdict: string) => compared.filter((one) => one.verdict === verdict).length;
  const parts = [
    ...(count('worse') > 0 ? [`${formatCount(count('worse'), 'metric')} worse`] : []),
    ...(count('better') > 0 ? [`${formatCount(count('better'), 'metric')} better`] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  const left = describeWorseCases(summary?.metrics ?? [], metrics);
  return `${count('no-change-shown') > 0 ? 'no change shown' : 'too few cases for a verdict'}${left}`;
}

/**
 * ` (12 cases worse, none better)`: what a test does not show may be worth a look all the same. By the metric with the most
 * worse cases; latencies and costs vary in every case.
 */
function describeWorseCases(results: readonly MetricResult[], metrics: Summed['metrics']): string {
  const quality = results.flatMap(({ metric, baseline }) => {
    const scale = metrics.find(({ name }) => name === metric)?.scale;
    return baseline?.changed && scale !== undefined && scale !== 'count' ? { metric, ...baseline.changed } : [];
  });
  const [most] = quality.toSorted((a, b) => b.worse - a.worse);
  if (!most || most.worse === 0) return '';
  const name = new Set(quality.map(({ metric }) => metric)).size > 1 ? `${most.metric}: ` : '';
  const better = most.better === 0 ? 'none' : formatNumber(most.better);
  return ` (${name}${formatCount(most.worse, 'case')} worse, ${better} better)`;
}

/** A sentence for each metric of each column, such as `rougeL 0.91 → 0.84, worse, p 0.01`. */
export function describeColumns(record: EvalRecord): ColumnSentences[] {
  const byColumn = Map.groupBy(record.summary?.metrics ?? [], ({ column }) => column);
  return record.columns.flatMap((column, index) => {
    if (column.isBaseline) return [];
    const base = column.baselineColumn === undefined ? undefined : record.columns[column.baselineColumn];
    const sentences = (byColumn.get(index) ?? []).map((result) => describeMetric(result, named(result, record)));
    const against = base ? columnTitle(base) : record.baselineId;
    return [{ title: columnTitle(column), against, sentences }];
  });
}

/** Where a change is shown, its cases are those that are compared: otherwise the means would not match the change. */
export function shownFigures({ mean, interval, n, groups, missing, baseline }: MetricResult) {
  const own =
    baseline && baseline.n !== n
      ? { ...baseline, mean: baseline.mean + baseline.difference, interval: baseline.ownInterval }
      : { mean, interval, n, groups };
  const count = own.n < n + missing ? `${formatNumber(own.n)} of ${formatNumber(n + missing)}` : formatNumber(own.n);
  const cases = own.groups === undefined ? count : `${count} in ${formatCount(own.groups, 'group')}`;
  return { mean: own.mean, interval: own.interval, cases };
}

/** By the name that gates and the evaluation file use too. */
function named({ metric }: Pick<MetricResult, 'metric'>, { metrics }: Pick<EvalRecord, 'metrics'>) {
  const { id = metric, scale = 'count' } = metrics.find(({ name }) => name === metric) ?? {};
  return { title: metric, id, scale };
}

/** `50 cases, 150 answers, 12 reused, 2 errors · $0.0123 · 3.2k→1.1k tokens · 12.4 s` */
export function figuresOf({ counts, totals, repeats, workedMs, simulated, columns }: EvalRecord): string {
  const done = counts.passed + counts.failed + counts.errors;
  const cells = [
    formatCount(counts.cases, 'case'),
    ...(repeats > 1 ? [formatCount(repeats, 'repeat')] : []),
    formatCount(done, 'answer'),
    ...(counts.cached > 0 ? [`${formatNumber(counts.cached)} reused`] : []),
    ...(counts.errors > 0 ? [formatCount(counts.errors, 'error')] : []),
  ];
  // answers of the dataset were paid elsewhere
  const spent = [
    markSimulated(formatUsd(totals.costUsd), simulated),
    `${formatTokens(totals.inputTokens)}→${formatTokens(totals.outputTokens)} tokens`,
  ];
  return [cells.join(', '), ...(isAsked(columns) ? spent : []), formatDuration(workedMs)].join(' · ');
}

/** Cases that cannot be compared with a stored baseline; undefined if all can. */
export function describeUnmatched({ summary }: EvalRecord): string | undefined {
  const { added = 0, removed = 0, changed = 0 } = summary?.unmatched ?? {};
  const parts = [
    ...(added > 0 ? [`${formatNumber(added)} added`] : []),
    ...(removed > 0 ? [`${formatNumber(removed)} removed`] : []),
    ...(changed > 0 ? [`${formatNumber(changed)} changed`] : []),
  ];
  return parts.length === 0 ? undefined : `Cases that are not compared: ${parts.join(', ')}.`;
}
