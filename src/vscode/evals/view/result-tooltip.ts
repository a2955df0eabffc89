import * as vscode from 'vscode';
import { comparedColumns, metricsOfColumn } from '../../../core/evals/aggregate/result-figures.ts';
import type { EvalListed, EvalMetric, MetricResult } from '../../../core/store/evals/eval-record.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatP,
  formatTokensExactly,
  formatUsd,
  UNKNOWN,
} from '../../../shared/format.ts';
import { formatMetricInterval, formatMetricValue } from '../../../shared/metric-value.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { plainMarkdown } from '../../host/plain-text.ts';
import { columnName, progressText, stateText } from '../describe-result.ts';

const MOST_COLUMNS = 4;

/** The whole of a result, which does not fit in its row. */
export function resultTooltip(result: EvalListed): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const { name, startedAt, workedMs, workingSince, error } = result;
  const line = (text: string) => tooltip.appendMarkdown(`${plainMarkdown(text)}\n\n`);
  const progress = result.state === 'done' ? undefined : progressText(result);
  const state = progress === undefined ? stateText(result) : `${stateText(result)}, ${progress} answers`;
  const took = workedMs === undefined || workingSince !== undefined ? undefined : formatDuration(workedMs);
  tooltip.appendMarkdown(`**${plainMarkdown(name)}**\n\n`);
  line([state, new Date(startedAt).toLocaleString(), took].filter(Boolean).join(', '));
  line(`${describeCounts(result)}, ${describeTotals(result)}`);
  if (error) line(error.message);
  for (const column of comparedColumns(result).slice(0, MOST_COLUMNS)) {
    const rows = metricsOfColumn(result, column).map((metric) => metricRow(metric, result.metrics));
    if (rows.length === 0) continue;
    tooltip.appendMarkdown(`${plainMarkdown(columnName(result, column))}\n\n`);
    tooltip.appendMarkdown(
      `${['| Metric | Mean | Against the baseline |', '| --- | --- | --- |', ...rows].join('\n')}\n\n`,
    );
  }
  for (const { gate, passed, reason } of result.summary?.gates ?? []) {
    line(`${passed === false ? 'Gate failed' : passed === null ? 'Gate undecided' : 'Gate holds'}: ${gate}. ${reason}`);
  }
  line(`${formatBytes(result.bytes)} in the database`);
  return tooltip;
}

function describeCounts({ counts, repeats }: EvalListed): string {
  const { cases, passed, failed, errors, cached } = counts;
  const parts = [
    formatCount(cases, 'case') + (repeats > 1 ? ` × ${repeats}` : ''),
    `${formatNumber(passed)} passed`,
    `${formatNumber(failed)} failed`,
    errors > 0 && formatCount(errors, 'error'),
    cached > 0 && `${formatNumber(cached)} cached`,
  ];
  return parts.filter(Boolean).join(', ');
}

function describeTotals({ totals, simulated }: EvalListed): string {
  const { costUsd, inputTokens, outputTokens } = totals;
  const tokens = `${formatTokensExactly(inputTokens)} tokens in, ${formatTokensExactly(outputTokens)} out`;
  return `${tokens}, ${markSimulated(formatUsd(costUsd), simulated)}`;
}

function metricRow(
  { metric, mean, interval, groups, missing, baseline }: MetricResult,
  metrics: readonly EvalMetric[],
): string {
  const unit = metrics.find(({ name }) => name === metric);
  const format = (value: number | undefined) => formatMetricValue(value, unit);
  const grouped = groups === undefined ? '' : ` in ${formatCount(groups, 'group')}`;
  const range = interval && ` (${formatMetricInterval(interval, unit)}${grouped})`;
  const without = missing > 0 ? `, ${missing} without a score` : '';
  const verdict = baseline ? `${format(baseline.mean)}: ${describeVerdict(baseline)}` : UNKNOWN;
  return `| ${[metric, `${format(mean)}${range ?? ''}${without}`, verdict].map(plainMarkdown).join(' | ')} |`;
}

function describeVerdict({ verdict, p }: NonNullable<MetricResult['baseline']>): string {
  if (verdict === 'too-few-cases') return 'too few cases';
  return `${verdict === 'no-change-shown' ? 'no change shown' : verdict}, ${formatP(p)}`;
}
