import { formatJson } from '../../base/json/format-json.ts';
import type {
  CellWithAnswer,
  EvalColumn,
  EvalMetric,
  EvalRecord,
  EvalState,
  MetricResult,
} from '../../store/evals/eval-record.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** Written at once: a case is mostly a few hundred characters. */
const PIECE_LENGTH = 64 * 1024;

/**
 * A result for other programs, in a stable and documented form: every field is always present, and unknown figures are
 * null. One case a line; in a single line with `inOneLine`, for several results.
 */
export async function* writeJsonReport(report: EvalReport, { inOneLine = false } = {}): AsyncGenerator<string> {
  const { record } = report;
  const line = inOneLine ? '' : '\n';
  const fields = (value: Record<string, unknown>) =>
    Object.entries(value)
      .map(([name, field]) => `${JSON.stringify(name)}:${inOneLine ? '' : ' '}${formatJson(field)}`)
      .join(`,${line}`);
  const { id, file, simulated, columns } = record;
  const head = { id, file: file ?? null, state: stateOf(record.state), simulated, columns: columns.map(toColumn) };
  yield `{${line}${fields(head)},${line}"cases":${inOneLine ? '' : ' '}[`;
  let piece = '';
  let separator = line;
  for await (const one of report.cases()) {
    piece += `${separator}${formatJson(toCase(one, record))}`;
    separator = `,${line}`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}${line}],${line}${fields(summaryOf(record))}${line}}\n`;
}

/** One line for each answer, with its case. */
export async function* writeJsonLinesReport(report: EvalReport): AsyncGenerator<string> {
  for await (const one of report.cases()) {
    const { id, dataset, number, inputs, expected, tags, group } = one.case;
    const shared = { id, dataset: dataset ?? null, row: number, inputs, expected, tags, group: group ?? null };
    const { cells } = toCase(one, report.record);
    const lines = one.cells.map(({ answer: { contexts, toolCalls } }, index) => {
      return `${formatJson({ ...shared, ...cells[index], contexts: contexts ?? null, toolCalls })}\n`;
    });
    yield lines.join('');
  }
}

/** An evaluation that lost its process is resumed like one that was stopped. */
function stateOf(state: EvalState): Exclude<EvalState, 'interrupted'> {
  return state === 'interrupted' ? 'stopped' : state;
}

function toColumn({ prompt, version, model, parameters, isBaseline }: EvalColumn) {
  return {
    prompt: prompt ?? null,
    version: version?.label ?? null,
    model: model ?? null,
    parameters,
    baseline: isBaseline,
  };
}

function toCase({ case: { id, inputs }, cells }: ReportCase, { columns, metrics }: EvalRecord) {
  return { id, inputs, cells: cells.map((cell) => toCell(cell, columns[cell.column], metrics)) };
}

function toCell(cell: CellWithAnswer, column: EvalColumn | undefined, metrics: readonly EvalMetric[]) {
  const { answer, cached } = cell;
  return {
    column: cell.column,
    prompt: column?.prompt ?? null,
    version: column?.version?.label ?? null,
    model: column?.model ?? null,
    repeat: cell.repeat,
    state: cell.state,
    output: answer.output,
    scores: cell.scores.map(({ value, passed, reason }, index) => {
      return { metric: metrics[index]?.name ?? null, value: figure(value), passed, reason: reason ?? null };
    }),
    inputTokens: answer.usage.inputTokens ?? null,
    outputTokens: answer.usage.outputTokens ?? null,
    costUsd: cached ? 0 : figure(answer.costUsd),
    ttftMs: figure(answer.ttftMs),
    latencyMs: figure(answer.latencyMs),
    cached,
    simulated: answer.simulated,
    error: answer.error ?? null,
  };
}

function summaryOf({ summary, totals, counts, metrics }: EvalRecord): Record<string, unknown> {
  const directions = new Map(metrics.map(({ name, direction }) => [name, direction]));
  return {
    metrics: summary?.metrics.map((one) => toMetric(one, directions.get(one.metric) ?? 'higher')) ?? [],
    gates: summary?.gates.map(({ gate, passed, reason }) => ({ gate, passed, reason })) ?? [],
    totals: {
      costUsd: figure(totals.costUsd),
      inputTokens: totals.inputTokens ?? null,
      outputTokens: totals.outputTokens ?? null,
      errors: counts.errors,
    },
  };
}

function toMetric(result: MetricResult, direction: EvalMetric['direction']) {
  const { metric, column, mean, interval, n, missing, baseline } = result;
  return {
    metric,
    column,
    direction,
    mean: figure(mean),
    interval: interval ?? null,
    n,
    missing,
    baseline: baseline
      ? {
          mean: baseline.mean,
          difference: baseline.difference,
          interval: baseline.interval ?? null,
          p: baseline.p,
          verdict: baseline.verdict,
          smallestDetectable: baseline.smallestDetectable ?? null,
        }
      : null,
  };
}

/** Without the noise of binary fractions; null if it is unknown. */
function figure(value: number | null | undefined): number | null {
  return value === undefined || value === null ? null : Number(value.toPrecision(12));
}
