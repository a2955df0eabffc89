import * as vscode from 'vscode';
import type { CellWithAnswer, EvalListed } from '../../../core/store/evals/eval-record.ts';
import { columnName } from '../describe-result.ts';
import { cellReason } from '../view/failed-cases.ts';
import type { ShownCase } from './test-items.ts';

type ShownResult = Pick<EvalListed, 'columns' | 'metrics'>;

interface Reported {
  result: ShownResult;
  stored: ShownCase;
  /** Of the item's columns; several models and repeats are one test. */
  cells: readonly CellWithAnswer[];
  /** False if the evaluation ended before all of them were there. */
  isWhole: boolean;
}

/** The state of a test: one that failed once has failed. A failure shows the expected next to the actual answer. */
export function reportCase(
  run: vscode.TestRun,
  item: vscode.TestItem,
  { result, stored, cells, isWhole }: Reported,
): void {
  const latencies = cells.flatMap(({ answer }) => answer.latencyMs ?? []);
  const durationMs = latencies.length > 0 ? Math.max(...latencies) : undefined;
  const wrong = cells.filter(({ state }) => state !== 'passed');
  const messages = wrong.map((cell) => messageOf(item, result, { stored, cell }));
  if (wrong.length === 0 && !isWhole) run.skipped(item);
  else if (wrong.length === 0) run.passed(item, durationMs);
  else if (wrong.some(({ state }) => state === 'error')) run.errored(item, messages, durationMs);
  else run.failed(item, messages, durationMs);
}

function messageOf(
  item: vscode.TestItem,
  result: ShownResult,
  { stored, cell }: { stored: ShownCase; cell: CellWithAnswer },
): vscode.TestMessage {
  const text = `${columnName(result, cell.column)}: ${cellReason(result, cell)}`;
  const [expected] = stored.expected;
  const { output, error } = cell.answer;
  const message =
    expected === undefined || error
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, readable(expected), readable(fromJson(output)));
  if (item.uri) message.location = new vscode.Location(item.uri, item.range ?? new vscode.Range(0, 0, 0, 0));
  return message;
}

/** JSON on lines of its own, so that a diff shows what differs. */
function readable(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function fromJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Ended = Pick<EvalListed, 'state' | 'error' | 'summary'>;

/** The evaluation itself fails by its gates. One that the user stopped has neither passed nor failed. */
export function reportFile(run: vscode.TestRun, item: vscode.TestItem, { state, error, summary }: Ended): void {
  const failed = (summary?.gates ?? []).filter(({ passed }) => passed === false);
  if (state === 'stopped') run.skipped(item);
  else if (state !== 'done') {
    const text = error ? [error.message, error.hint].filter(Boolean).join(' ') : `The evaluation is ${state}.`;
    run.errored(item, new vscode.TestMessage(text));
  } else if (failed.length === 0) run.passed(item);
  else {
    const messages = failed.map(({ gate, reason }) => new vscode.TestMessage(`Gate ${gate} failed. ${reason}`));
    run.failed(item, messages);
  }
}
