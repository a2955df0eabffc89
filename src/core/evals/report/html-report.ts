import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { columnTitle } from '../../../shared/column-title.ts';
import { VERDICT_TEXTS } from '../../../shared/describe-score-change.ts';
import { formatDate, formatDuration, formatP, formatPercent, formatTokens, formatUsd } from '../../../shared/format.ts';
import { formatMetricChange, formatMetricInterval, formatMetricValue } from '../../../shared/metric-value.ts';
import type { ReportCaseData, ReportCellData, ReportHead } from '../../../shared/report-data.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { formatJson } from '../../base/json/format-json.ts';
import { pairColumns } from '../../store/evals/compare/pair-columns.ts';
import type { CellWithAnswer, EvalRecord, MetricResult, StoredCase } from '../../store/evals/eval-record.ts';
import { describeColumns, describeUnmatched, figuresOf, headlineOf, shownFigures } from './describe-result.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** Cases in one script element: the page reads them one after another. */
const CASES_PER_CHUNK = 200;

/**
 * A result as one file for any browser: it loads nothing, and its policy allows only its own script and style. The summary
 * is plain HTML; the cases are data that the script shows page by page. `assets` is the folder of the built page.
 */
export async function* writeHtmlReport(report: EvalReport, assets: URL): AsyncGenerator<string> {
  const [script, style] = await Promise.all(
    ['report.js', 'report.css'].map((name) => readFile(new URL(name, assets), 'utf8')),
  );
  if (script === undefined || style === undefined) throw new Error('The files of the page are missing.');
  const { record } = report;
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  const title = escapeHtml(`${record.name}: ${headlineOf(record)}`);
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${summary(record)}
<section aria-labelledby="cases-title"><h2 id="cases-title">Cases</h2><div id="cases"><noscript><p>The cases are shown by the script of this file, which this browser does not run.</p></noscript></div></section>
</main>
${dataElement('head', headOf(record))}
`;
  yield* caseElements(report);
  yield `<script>${script}</script>\n</body>\n</html>\n`;
}

async function* caseElements(report: EvalReport): AsyncGenerator<string> {
  let chunk: ReportCaseData[] = [];
  for await (const one of report.cases({ withBaseline: true })) {
    chunk.push(toCase(one, report));
    if (chunk.length < CASES_PER_CHUNK) continue;
    yield dataElement('cases', chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield dataElement('cases', chunk);
}

/** JSON in a script element that is not run; only `<` could end it. */
function dataElement(kind: 'head' | 'cases', data: unknown): string {
  return `<script type="application/json" data-kind="${kind}">${formatJson(data).replaceAll('<', '\\u003c')}</script>\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function headOf({ columns, metrics, repeats, counts }: EvalRecord): ReportHead {
  return {
    columns: columns.map((column) => {
      return { title: columnTitle(column), isBaseline: column.isBaseline, baseline: column.baselineColumn };
    }),
    metrics: metrics.map(({ name, id, scale }) => ({ name, id, scale })),
    repeats,
    cases: counts.cases,
  };
}

function toCase(one: ReportCase, { record, baseline }: EvalReport): ReportCaseData {
  const { id, inputs, expected, contexts = [], tags } = one.case;
  const inBaseline = pairColumns(record.columns, baseline?.columns ?? []);
  const base = record.columns.flatMap((column, index) => {
    const matched = column.isBaseline || column.baselineColumn !== undefined ? undefined : inBaseline[index];
    return one.baselineCells.filter((cell) => cell.column === matched).map((cell) => ({ ...cell, column: index }));
  });
  return {
    id,
    inputs: [...Object.entries(inputs), ...conversation(one.case)].map(([name, value]) => [name, textOf(value)]),
    expected: expected.map(textOf),
    contexts,
    tags,
    cells: one.cells.map(toCell),
    base: base.map(toCell),
  };
}

function conversation({ messages = [] }: StoredCase): [string, string][] {
  return messages.map(({ role, parts }) => [
    role,
    parts.map((part) => (part.type === 'text' ? part.text : JSON.stringify(part))).join('\n'),
  ]);
}

function toCell({ column, repeat, state, score, answer, scores, cached }: CellWithAnswer): ReportCellData {
  const { usage, usageEstimated, costUsd, latencyMs, simulated, error, output } = answer;
  const figures = [
    `${formatTokens(usage.inputTokens, usageEstimated)}→${formatTokens(usage.outputTokens, usageEstimated)} tokens`,
    markSimulated(formatUsd(cached ? 0 : costUsd), simulated),
    formatDuration(latencyMs),
    ...(cached ? ['reused'] : []),
  ];
  return {
    column,
    repeat,
    state,
    score,
    output,
    scores: scores.map(({ value, passed, reason }) => [value, passed, reason ?? null]),
    figures: figures.join(' · '),
    error: error && [error.message, error.hint].filter(Boolean).join(' '),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

function summary(record: EvalRecord): string {
  const unmatched = describeUnmatched(record);
  return [
    `<h1>${escapeHtml(record.name)}: ${escapeHtml(headlineOf(record))}</h1>`,
    `<p class="figures">${escapeHtml(figuresOf(record))} · ${escapeHtml(formatDate(record.startedAt))}</p>`,
    ...(record.error ? [`<p class="problem">${escapeHtml(record.error.message)}</p>`] : []),
    ...(unmatched === undefined ? [] : [`<p>${escapeHtml(unmatched)}</p>`]),
    ...describeColumns(record).map(({ title, against, sentences }) => {
      const compared = against === undefined ? '' : ` <small>against ${escapeHtml(against)}</small>`;
      const items = sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
      return `<h2>${escapeHtml(title)}${compared}</h2>\n<ul>${items}</ul>`;
    }),
    gateTable(record),
    metricTable(record),
  ].join('\n');
}

const GATE_STATES = { true: 'passed', false: 'failed', null: 'not decided' } as const;

function gateTable({ summary }: EvalRecord): string {
  const gates = summary?.gates ?? [];
  if (gates.length === 0) return '';
  const rows = gates.map(({ gate, passed, reason }) => {
    const state = GATE_STATES[`${passed}`];
    const kind = passed === null ? 'unknown' : state;
    return `<tr><th scope="row">${escapeHtml(gate)}</th><td class="${kind}">${state}</td><td>${escapeHtml(reason)}</td></tr>`;
  });
  return table('Gates', ['Gate', 'Result', 'Reason'], rows);
}

function metricTable(record: EvalRecord): string {
  const results = record.summary?.metrics ?? [];
  if (results.length === 0) return '';
  const k = results.find(({ repeated }) => repeated)?.repeated?.k;
  const rows = results.map((result) => metricRow(result, record, k !== undefined));
  const rates = k === undefined ? [] : [`pass@${k}`, `pass^${k}`];
  const head = ['Metric', 'Column', 'Mean', 'Interval', 'Cases', ...rates, 'Against the baseline', 'Verdict'];
  return table('Metrics', head, rows);
}

function metricRow(result: MetricResult, record: EvalRecord, hasRates: boolean): string {
  const { metric, column, repeated, baseline } = result;
  const { mean, interval, cases } = shownFigures(result);
  const rates = [repeated?.passAtK, repeated?.passHatK];
  const unit = record.metrics.find(({ name }) => name === metric);
  const format = (value: number | undefined) => formatMetricValue(value, unit);
  const cells = [
    columnTitle(record.columns[column] ?? {}),
    format(mean),
    interval ? formatMetricInterval(interval, unit) : '',
    cases,
    ...(hasRates ? rates.map((rate) => (rate === undefined ? '' : formatPercent(rate))) : []),
    baseline ? formatMetricChange(baseline.difference, unit) : '',
    baseline ? `${VERDICT_TEXTS[baseline.verdict]}, ${formatP(baseline.p)}` : '',
  ];
  const tds = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
  return `<tr><th scope="row">${escapeHtml(metric)}</th>${tds}</tr>`;
}

function table(title: string, head: readonly string[], rows: readonly string[]): string {
  const cells = head.map((cell) => `<th scope="col">${cell}</th>`).join('');
  return `<h2>${title}</h2>\n<div class="scroll"><table><thead><tr>${cells}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}

function escapeHtml(text: string): string {
  return sanitize(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
