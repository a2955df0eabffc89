import { formatJson } from '../../../core/base/json/format-json.ts';
import type { MetricSummary, ScoreTable } from '../../../core/evals/metrics/score-table.ts';
import { formatCount, formatPercent, formatScore, UNKNOWN } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { formatTable, left, right } from '../../output/table.ts';
import type { Terminal } from '../../output/terminal.ts';

/** How many rows a terminal shows; `--format json` has all. */
const SHOWN_ROWS = 20;
/** Rows that are written before waiting for the reader. */
const WRITTEN_AT_ONCE = 1000;

/** Prints the scores of each row, and those of all rows together. */
export async function printScores(table: ScoreTable, { output, terminal }: CommandContext): Promise<void> {
  if (output.format === 'json') await writeJsonReport(table, terminal);
  else await output.print({ text: () => printTables(table, terminal) });
}

/** One row a line and piece by piece, as there may be a million. */
async function writeJsonReport(table: ScoreTable, terminal: Terminal): Promise<void> {
  terminal.out('{\n"rows": [\n');
  let waiting: string[] = [];
  for (const [row, id] of table.ids.entries()) {
    const end = row === table.ids.length - 1 ? '\n' : ',\n';
    waiting.push(formatJson({ id, ...rowScores(table, row) }), end);
    if (waiting.length < 2 * WRITTEN_AT_ONCE) continue;
    terminal.out(waiting.join(''));
    waiting = [];
    await terminal.flush();
  }
  const corpora = table.summaries().flatMap(({ written, corpus }) => (corpus ? [{ written, ...corpus }] : []));
  const corpus = Object.fromEntries(corpora.map(({ written, value }) => [written, value]));
  const signatures = Object.fromEntries(corpora.map(({ written, signature }) => [written, signature]));
  terminal.out(`${waiting.join('')}],\n"corpus": ${formatJson(corpus)},\n"signatures": ${formatJson(signatures)}\n}\n`);
}

/** Scores by the metric as it was written, and why one is undefined. */
function rowScores(table: ScoreTable, row: number) {
  const scores: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const [metric, { written }] of table.scorers.entries()) {
    const value = table.value(row, metric);
    scores[written] = value;
    const reason = table.reason(row, metric);
    if (reason !== undefined) reasons[written] = reason;
  }
  return Object.keys(reasons).length > 0 ? { scores, reasons } : { scores };
}

function printTables(table: ScoreTable, { out, print, style }: Terminal): void {
  const count = Math.min(SHOWN_ROWS, table.ids.length);
  const rows = Array.from({ length: count }, (_, row) => [
    table.ids[row] ?? '',
    ...table.scorers.map((_, metric) => formatScore(table.value(row, metric) ?? undefined)),
  ]);
  const columns = [...left('id'), ...right(...table.scorers.map(({ written }) => written))];
  out(formatTable(columns, rows, style.bold));
  const others = table.ids.length - count;
  if (others > 0) print(`… and ${formatCount(others, 'more row')}: --format json prints all`);
  print('');
  const summary = [...left('metric'), ...right('mean', 'corpus', 'passed', 'missing'), ...left('signature')];
  const cells = table.summaries().map((one) => summaryCells(one, table.ids.length));
  out(formatTable(summary, cells, style.bold));
}

function summaryCells({ written, mean, corpus, passed, missing }: MetricSummary, rows: number): string[] {
  return [
    written,
    formatScore(mean),
    corpus ? formatScore(corpus.value) : '',
    passed === undefined ? '' : rows > missing ? formatPercent(passed / (rows - missing)) : UNKNOWN,
    missing > 0 ? String(missing) : '',
    corpus?.signature ?? '',
  ];
}
