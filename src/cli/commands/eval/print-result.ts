import {
  describeColumns,
  describeUnmatched,
  figuresOf,
  headlineOf,
  shownFigures,
} from '../../../core/evals/report/describe-result.ts';
import type { EvalReport, ReportCase } from '../../../core/evals/report/eval-report.ts';
import type { CellScore, EvalMetric, EvalRecord, MetricResult } from '../../../core/store/evals/eval-record.ts';
import { caseLabel, hasWrittenId } from '../../../shared/case-label.ts';
import { columnTitle } from '../../../shared/column-title.ts';
import { VERDICT_TEXTS } from '../../../shared/describe-score-change.ts';
import { formatCount, formatP, formatPercent, UNKNOWN } from '../../../shared/format.ts';
import { formatMetricChange, formatMetricInterval, formatMetricValue } from '../../../shared/metric-value.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import { formatTable, left, right } from '../../output/table.ts';
import type { Terminal } from '../../output/terminal.ts';

/** How many failed cases a terminal shows; the other formats have all. */
const SHOWN_CASES = 10;

interface Printing {
  terminal: Terminal;
  isRecorded: boolean;
}

/**
 * A result as text: what is most important, metrics, gates, and the first cases that failed. It is sanitized for a file as
 * well, because logs of CI servers show colors.
 */
export async function printResult(report: EvalReport, { terminal, isRecorded }: Printing): Promise<void> {
  const { record } = report;
  const { out, print, style } = terminal;
  out(`${style.bold(sanitize(`${record.name}: ${headlineOf(record)}`))}\n`);
  print(figuresOf(record));
  const unmatched = describeUnmatched(record);
  if (unmatched !== undefined) print(unmatched);
  printMetrics(record, terminal);
  printGates(record, terminal);
  await printFailedCases(report, terminal);
  if (isRecorded) print(`\nResult ${record.id}`);
}

function printMetrics(record: EvalRecord, { out, print, style }: Terminal): void {
  const results = record.summary?.metrics ?? [];
  if (results.length === 0) return;
  const compared = results.some(({ baseline }) => baseline);
  const k = results.find(({ repeated }) => repeated)?.repeated?.k;
  const columns = [
    ...left('COLUMN', 'METRIC'),
    ...right('MEAN', 'INTERVAL', 'CASES', ...(k === undefined ? [] : [`PASS@${k}`, `PASS^${k}`])),
    ...right(...(compared ? ['BASELINE', 'CHANGE'] : [])),
    ...(compared ? left('VERDICT') : []),
  ];
  out('\n');
  out(
    formatTable(
      columns,
      results.map((one) => metricCells(one, record, { compared, isRepeated: k !== undefined })),
      style.bold,
    ),
  );
  for (const { title, against } of describeColumns(record)) {
    if (against !== undefined) print(sanitize(`${title} is compared with ${against}.`));
  }
}

interface Shown {
  compared: boolean;
  isRepeated: boolean;
}

function metricCells(result: MetricResult, record: EvalRecord, { compared, isRepeated }: Shown): string[] {
  const { metric, column, repeated, baseline } = result;
  const { mean, interval, cases } = shownFigures(result);
  const of = record.columns[column];
  const unit = record.metrics.find(({ name }) => name === metric);
  const format = (value: number | undefined) => formatMetricValue(value, unit);
  const verdict = baseline ? `${VERDICT_TEXTS[baseline.verdict]}, ${formatP(baseline.p)}` : '';
  return [
    `${columnTitle(of ?? {})}${of?.isBaseline ? ' (baseline)' : ''}`,
    metric,
    format(mean),
    interval ? formatMetricInterval(interval, unit) : UNKNOWN,
    cases,
    ...(isRepeated
      ? [repeated?.passAtK, repeated?.passHatK].map((share) => (share === undefined ? '' : formatPercent(share)))
      : []),
    ...(compared ? [baseline ? format(baseline.mean) : ''] : []),
    ...(compared ? [baseline ? formatMetricChange(baseline.difference, unit) : '', verdict] : []),
  ];
}

function printGates({ summary }: EvalRecord, { out, style }: Terminal): void {
  if (!summary || summary.gates.length === 0) return;
  out('\n');
  for (const { gate, passed, reason } of summary.gates) {
    const state = passed === null ? '! not decided' : passed ? style.green('✓ passed') : style.red('✗ failed');
    out(`${state}  ${sanitize(`${gate}: ${reason}`)}\n`);
  }
}

async function printFailedCases(report: EvalReport, { out, print, style }: Terminal): Promise<void> {
  const { record } = report;
  const { failed, errors } = record.counts;
  if (failed + errors === 0) return;
  const places = await report.failedPlaces();
  if (places.length === 0) return;
  out('\n');
  for await (const one of report.cases({ places: places.subarray(0, SHOWN_CASES) })) {
    for (const line of failureLines(one, record)) out(`${style.red('✗')} ${sanitize(line)}\n`);
  }
  const rest = places.length - SHOWN_CASES;
  if (rest > 0) print(`… and ${formatCount(rest, 'more case')} with a failure: --format json has all`);
}

/** `cancelled-early · churn@production · demo/swift: rougeL 0.2 (at least 0.4 passes), equals 0` */
function failureLines({ case: one, cells }: ReportCase, { columns, metrics }: EvalRecord): string[] {
  const byColumn = Map.groupBy(cells, ({ column }) => column);
  return [...byColumn].flatMap(([index, own]) => {
    const column = columns[index];
    const bad = own.find(({ state }) => state === 'error') ?? own.find(({ state }) => state === 'failed');
    if (!column || column.isBaseline || !bad) return [];
    const reasons = bad.scores.flatMap((score, metric) => {
      if (score.passed !== false && !(bad.state === 'error' && score.value === null)) return [];
      return describeScore(score, metrics[metric]);
    });
    const why = bad.answer.error?.message ?? reasons.join(', ');
    return [`${describeCase(one)} · ${columnTitle(column)}: ${short(why, LONGEST_REASON)}`.replace(/\s+/g, ' ')];
  });
}

/** By its ID, or else by its row and what is in it. */
function describeCase(one: ReportCase['case']): string {
  const label = short(caseLabel(one), LONGEST_LABEL);
  return hasWrittenId(one)
    ? label
    : `row ${one.number}${one.dataset === undefined ? '' : ` of ${one.dataset}`} · ${label}`;
}

function describeScore({ value, reason }: CellScore, metric: EvalMetric | undefined): string {
  const shown = value === null ? '' : ` ${formatMetricValue(value, metric)}`;
  const parts = [value === null ? undefined : describeThreshold(metric), reason].filter((part) => part !== undefined);
  return `${metric?.name ?? ''}${shown}${parts.length > 0 ? ` (${parts.join('; ')})` : ''}`;
}

/** Of a graded metric: what is true or false passes at 1, which goes without saying. */
function describeThreshold(metric: EvalMetric | undefined): string | undefined {
  if (metric?.threshold === undefined || metric.scale === 'yes-no') return undefined;
  return `${metric.direction === 'lower' ? 'at most' : 'at least'} ${formatMetricValue(metric.threshold, metric)} passes`;
}

/** A reason ends with what to do, so it is rarely cut; the reply of a server may have pages. */
const LONGEST_REASON = 500;
const LONGEST_LABEL = 80;

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}
