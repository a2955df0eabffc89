import { sanitize } from '../../../shared/sanitize.ts';
import { type Cell, writeCsv } from '../../datasets/write-rows.ts';
import type { CellWithAnswer, EvalRecord } from '../../store/evals/eval-record.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

const CASE_COLUMNS = ['case', 'dataset', 'row', 'tags', 'group', 'expected'];
const CELL_COLUMNS = ['prompt', 'version', 'commit', 'model', 'baseline', 'repeat', 'state', 'score', 'answer'];
const FIGURES = ['input_tokens', 'output_tokens', 'cost_usd', 'ttft_ms', 'latency_ms', 'cached', 'simulated', 'error'];
const USER_COLUMNS = ['rating', 'rating.csat', 'rating.completed', 'rating.escalated', 'comment'];

/** One row for each answer: inputs as `input.<name>`, a column with the value of each metric and one with its reason. */
export async function* writeCsvReport(report: EvalReport): AsyncGenerator<string> {
  const inputs = await report.inputNames();
  const metrics = report.record.metrics.map(({ name }) => name);
  const head = [
    ...CASE_COLUMNS,
    ...inputs.map((name) => `input.${name}`),
    ...CELL_COLUMNS,
    ...metrics,
    ...metrics.map((name) => `${name}.reason`),
    ...FIGURES,
    ...USER_COLUMNS,
  ];
  yield* writeCsv(head.map(sanitize), rowsOf(report, inputs));
}

async function* rowsOf(report: EvalReport, inputs: readonly string[]): AsyncGenerator<Cell[]> {
  for await (const one of report.cases()) {
    const shared = caseCells(one, inputs);
    for (const cell of one.cells) yield [...shared, ...answerCells(cell, report.record)];
  }
}

function caseCells({ case: stored }: ReportCase, inputs: readonly string[]): Cell[] {
  const { id, dataset, number, tags, group, expected } = stored;
  return [
    text(id),
    text(dataset),
    number,
    text(tags.join(', ')),
    text(group),
    expected.length > 1 ? text(JSON.stringify(expected)) : cellOf(expected[0]),
    ...inputs.map((name) => cellOf(stored.inputs[name])),
  ];
}

function answerCells(cell: CellWithAnswer, { columns }: EvalRecord): Cell[] {
  const { answer, cached } = cell;
  const column = columns[cell.column];
  const version = column?.version;
  return [
    ...[text(column?.prompt), text(version?.label), version?.commit, text(column?.model)],
    ...[column?.isBaseline, cell.repeat, cell.state, cell.score, text(answer.output)],
    ...cell.scores.map(({ value }) => value),
    ...cell.scores.map(({ reason }) => text(reason)),
    ...[answer.usage.inputTokens, answer.usage.outputTokens, cached ? 0 : answer.costUsd],
    ...[answer.ttftMs, answer.latencyMs, cached, answer.simulated, text(answer.error?.message)],
    ...[cell.rating, cell.csat, cell.completed, cell.escalated, text(cell.comment)],
  ];
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return text(value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
}

/** Control characters would be invisible, or move what is beside them. */
function text(value: string | undefined): Cell {
  return value === undefined ? undefined : sanitize(value);
}
