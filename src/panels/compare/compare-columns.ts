import { isDeepStrictEqual } from 'node:util';
import type { Message, Parameters, Part } from '../../core/models/chat-model.ts';
import type { Prompt } from '../../core/prompts/prompt.ts';
import type { NextTurn } from '../../core/runs/conversation.ts';
import type { RunRecord, RunVersion } from '../../core/store/runs/run-record.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ColumnVersion, ColumnView, RunEstimate } from '../../protocol/compare.ts';
import { runViewOf } from './run-views.ts';

/** A column on the host: what the webview shows, and what is needed to run or continue it. */
export interface Column extends ColumnView {
  /** The messages that the last run sent, and the answer with the provider's signatures. */
  last: { messages: Message[]; answer: Message | undefined } | undefined;
}

export type ColumnModel = Pick<Column, 'model' | 'simulated'>;

export function createColumn(id: string, { model, simulated }: ColumnModel, version?: ColumnVersion): Column {
  return {
    id,
    model,
    simulated,
    version,
    parameters: {},
    promptCaching: false,
    estimate: undefined,
    runs: [],
    turns: [],
    last: undefined,
  };
}

export function viewColumn({ last: _last, ...view }: Column): ColumnView {
  return { ...view, runs: view.runs.map((run) => ({ ...run })) };
}

/** A column without the content of its runs, for the `columns` event. */
export function outlineColumn({ last: _last, runs: _runs, ...outline }: Column): Omit<ColumnView, 'runs'> {
  return outline;
}

/** The columns of a recorded comparison, each with its repeats in order and the version that ran. */
export function columnsOfRecords(
  records: RunRecord[],
  newId: () => string,
): { column: Column; version: RunVersion | undefined }[] {
  const byColumn = Map.groupBy(records, (record) => record.column);
  return [...byColumn.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, runs]) => {
      const inOrder = runs.sort((a, b) => a.repeat - b.repeat);
      return { column: columnOfRuns(newId(), inOrder), version: inOrder.at(-1)?.version };
    });
}

/** A record has all parameters that were sent. Those that equal the file's are not overrides of the column. */
export function ownParameters(sent: Parameters, file: Parameters): Parameters {
  const inFile = new Map(Object.entries(file));
  return Object.fromEntries(
    Object.entries(sent).filter(([name, value]) => !isDeepStrictEqual(value, inFile.get(name))),
  );
}

function columnOfRuns(id: string, runs: RunRecord[]): Column {
  // Earlier runs of a column are in the history. The panel shows the latest run of each repeat.
  const latest = [...Map.groupBy(runs, (run) => run.repeat).values()].flatMap((same) => {
    const newest = same.reduce((a, b) => (b.startedAt >= a.startedAt ? b : a));
    return [newest];
  });
  const last = latest.at(-1);
  return {
    ...createColumn(id, last ?? { model: '', simulated: false }),
    parameters: last?.parameters ?? {},
    runs: latest.map(runViewOf),
    last: last && { messages: last.messages, answer: last.message },
  };
}

/**
 * Estimates the tokens and cost of each column if it ran now. Stores the estimates in the columns and returns them by
 * ID.
 */
export async function estimateColumns(
  workbench: Workbench,
  columns: readonly Column[],
  promptOf: (column: Column) => { prompt: Prompt; messages: Message[] } | undefined,
): Promise<[string, RunEstimate][]> {
  const { mergeParameters } = await import('../../core/runs/prepare-runs.ts');
  const entries = await Promise.all(
    columns.map(async (column): Promise<[string, RunEstimate] | undefined> => {
      const ready = promptOf(column);
      if (!ready) return undefined;
      const { prompt, messages } = ready;
      const parameters = mergeParameters(prompt.parameters, column.parameters);
      const { output, tools } = prompt;
      const estimate = await workbench.runs.estimate({ model: column.model, messages, parameters, output, tools });
      column.estimate = estimate;
      return [column.id, estimate];
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** The user's next turn, as the panel shows it. */
export function turnsOf({ text, toolResults = [] }: NextTurn): Message[] {
  const results = toolResults.map((result): Part => ({ type: 'tool-result', ...result }));
  return [
    ...(results.length ? [{ role: 'tool' as const, parts: results }] : []),
    ...(text?.trim() ? [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }] : []),
  ];
}
