import { writePieces } from '../../core/base/files/write-pieces.ts';
import { type Cell, writeCsv, writeJsonLines } from '../../core/datasets/write-rows.ts';
import type { RunRecord } from '../../core/store/runs/run-record.ts';
import type { RunsExportFormat } from '../../protocol/runs.ts';

/** A run in exported form. The names are both CSV columns and JSON keys. Undefined is unknown. */
function toExported(run: RunRecord) {
  return {
    id: run.id,
    comparison: run.comparisonId,
    started_at: new Date(run.startedAt).toISOString(),
    prompt: run.promptName,
    prompt_path: run.promptPath,
    version: run.version?.label,
    commit: run.version?.commit,
    model: run.model,
    simulated: run.simulated,
    state: run.state,
    latency_ms: run.elapsedMs,
    time_to_first_token_ms: run.ttftMs,
    input_tokens: run.usage.inputTokens,
    output_tokens: run.usage.outputTokens,
    tokens_estimated: run.usageEstimated,
    cost_usd: run.costUsd,
    rating: run.rating,
    note: run.note,
    schema_valid: run.schemaValid,
    error: run.error?.message,
    parameters: run.parameters,
    input: run.input,
    answer: run.text,
  };
}

type Exported = ReturnType<typeof toExported>;

const NAMES = [
  ...['id', 'comparison', 'started_at', 'prompt', 'prompt_path', 'version', 'commit', 'model', 'simulated', 'state'],
  ...['latency_ms', 'time_to_first_token_ms', 'input_tokens', 'output_tokens', 'tokens_estimated', 'cost_usd'],
  ...['rating', 'note', 'schema_valid', 'error', 'parameters', 'input', 'answer'],
] as (keyof Exported)[];

interface ExportOptions {
  format: RunsExportFormat;
  signal: AbortSignal;
  /** Called with the number of runs in a page after all of them were passed on. */
  onRuns(count: number): void;
}

async function* exportedRuns(
  pages: AsyncIterable<RunRecord[]>,
  { signal, onRuns }: Omit<ExportOptions, 'format'>,
): AsyncGenerator<Exported> {
  for await (const runs of pages) {
    signal.throwIfAborted();
    for (const run of runs) yield toExported(run);
    onRuns(runs.length);
  }
}

async function* cellsOf(runs: AsyncIterable<Exported>): AsyncGenerator<Cell[]> {
  for await (const run of runs) yield NAMES.map((name) => cellOf(run[name]));
}

function cellOf(value: Exported[keyof Exported]): Cell {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** Writes runs to a file: all of them or nothing. */
export async function writeExport(
  file: string,
  pages: AsyncIterable<RunRecord[]>,
  options: ExportOptions,
): Promise<void> {
  const runs = exportedRuns(pages, options);
  const pieces = options.format === 'csv' ? writeCsv(NAMES, cellsOf(runs)) : writeJsonLines(runs);
  await writePieces(file, pieces, 'the runs');
}
