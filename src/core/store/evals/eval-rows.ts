import type { ErrorInfo } from '../../base/errors.ts';
import { UserError } from '../../base/errors.ts';
import { fromJson, toJson } from '../database/json.ts';
import type { Database } from '../database/sqlite.ts';
import {
  type EvalChanges,
  type EvalColumn,
  type EvalListed,
  type EvalMetric,
  type EvalRecord,
  type EvalSummary,
  isAsked,
} from './eval-record.ts';

export type SqlValue = string | number | null | Uint8Array;

/** What reading and writing the cells of an evaluation needs to know about it. */
export interface EvalLayout {
  seq: number;
  cases: number;
  columns: number;
  repeats: number;
  metrics: number;
  metricSet: number;
}

/** Throws `unknown-result` for a result that was deleted, possibly by another window. */
export function layoutOf(db: Database, id: string): EvalLayout {
  const row = db
    .prepare(
      `SELECT seq, cases, column_count, repeats, metric_set, json_array_length(metrics) AS metrics FROM evaluations
      JOIN eval_metric_sets ON evaluation = seq AND number = metric_set WHERE id = ? AND is_deleted = 0`,
    )
    .get(id);
  if (row === undefined) throw unknownResult(id);
  return {
    seq: Number(row.seq),
    cases: Number(row.cases),
    columns: Number(row.column_count),
    repeats: Number(row.repeats),
    metrics: Number(row.metrics),
    metricSet: Number(row.metric_set),
  };
}

export function unknownResult(id: string): UserError {
  return new UserError(`There is no evaluation result ${id}.`, {
    code: 'unknown-result',
    hint: 'It may have been deleted in another window. List the results to see those that exist.',
  });
}

/** The columns of `evaluations` by name, without the counts. */
export function encodeRecord(record: EvalRecord): Record<string, SqlValue> {
  return {
    id: record.id,
    started_at: record.startedAt,
    repeats: record.repeats,
    column_count: record.columns.length,
    metric_set: 0,
    is_pinned: record.isPinned ? 1 : 0,
    columns: toJson(record.columns) ?? '[]',
    plan: toJson(record.plan) ?? null,
    ...encodeChanges(record),
    cost_usd: numberOrNull(record.totals.costUsd),
    input_tokens: numberOrNull(record.totals.inputTokens),
    output_tokens: numberOrNull(record.totals.outputTokens),
  };
}

/** The columns that these changes set; a field that is undefined empties its column, one that is missing does not. */
export function encodeChanges(changes: EvalChanges): Record<string, SqlValue> {
  const values: Record<string, SqlValue> = {};
  if (changes.name !== undefined) values.name = changes.name;
  if (changes.state !== undefined) values.state = changes.state;
  if (changes.simulated !== undefined) values.simulated = changes.simulated ? 1 : 0;
  if ('file' in changes) values.file = changes.file ?? null;
  if ('endedAt' in changes) values.ended_at = numberOrNull(changes.endedAt);
  if ('workedMs' in changes) values.worked_ms = numberOrNull(changes.workedMs);
  if ('workingSince' in changes) values.working_since = numberOrNull(changes.workingSince);
  if ('baselineId' in changes) values.baseline_id = changes.baselineId ?? null;
  if ('error' in changes) values.error = toJson(changes.error) ?? null;
  if ('summary' in changes) values.summary = toJson(changes.summary) ?? null;
  if ('plan' in changes) values.plan = toJson(changes.plan) ?? null;
  for (const [name, count] of Object.entries(changes.counts ?? {})) values[name] = count;
  return values;
}

/**
 * A result has requests, of none of which the cost is known: all failed. What it has cost is unknown then, and not 0. The
 * highest possible cost of a request is no known one.
 */
const IS_UNKNOWN = `(cost_usd = 0
  AND EXISTS (SELECT 1 FROM ledger WHERE simulated = 0 AND evaluation = evaluations.id AND (usd IS NULL OR reserved = 1))
  AND NOT EXISTS (SELECT 1 FROM ledger WHERE simulated = 0 AND evaluation = evaluations.id AND usd >= 0 AND reserved = 0))`;

/** All columns but the plan, which may have the texts of many prompts; with the current metrics. */
export const LISTED = `SELECT seq, id, name, file, state, started_at, ended_at, worked_ms, working_since, simulated, repeats, cases, cells, passed,
  failed, errors, cached, cost_usd, input_tokens, output_tokens, bytes, is_pinned, baseline_id, columns, error, summary, ${IS_UNKNOWN} AS is_unknown,
  (SELECT metrics FROM eval_metric_sets WHERE evaluation = seq AND number = metric_set) AS metrics FROM evaluations`;

export function decodeListed(row: Record<string, unknown>): EvalListed {
  const columns = decodeColumns(row.columns);
  return {
    id: String(row.id),
    name: String(row.name),
    file: textOf(row.file),
    state: row.state as EvalRecord['state'],
    startedAt: Number(row.started_at),
    endedAt: numberOf(row.ended_at),
    workedMs: numberOf(row.worked_ms) ?? elapsedMs(row),
    workingSince: numberOf(row.working_since),
    simulated: row.simulated === 1,
    columns,
    metrics: decodeMetrics(row.metrics),
    repeats: Number(row.repeats),
    counts: {
      cases: Number(row.cases),
      cells: Number(row.cells),
      passed: Number(row.passed),
      failed: Number(row.failed),
      errors: Number(row.errors),
      cached: Number(row.cached),
    },
    totals: isAsked(columns) ? decodeTotals(row) : { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    summary: decodeSummary(row.summary),
    baselineId: textOf(row.baseline_id),
    isPinned: row.is_pinned === 1,
    error: fromJson<ErrorInfo | undefined>(row.error, undefined),
    bytes: Number(row.bytes),
  };
}

/** Of results that were stored before the time of work was. */
function elapsedMs({ started_at, ended_at }: Record<string, unknown>): number | undefined {
  return typeof ended_at === 'number' ? ended_at - Number(started_at) : undefined;
}

function decodeTotals(row: Record<string, unknown>): EvalListed['totals'] {
  const isUnknown = row.is_unknown === 1;
  const tokens = (value: unknown) => (isUnknown && value === 0 ? undefined : numberOf(value));
  return {
    costUsd: isUnknown ? undefined : numberOf(row.cost_usd),
    inputTokens: tokens(row.input_tokens),
    outputTokens: tokens(row.output_tokens),
  };
}

/** JSON has no undefined: fields that are missing in it are undefined, as the types say. */
function decodeColumns(text: unknown): EvalColumn[] {
  return fromJson<Partial<EvalColumn>[]>(text, []).map((column) => ({
    prompt: column.prompt,
    promptPath: column.promptPath,
    version: column.version,
    sourceHash: column.sourceHash,
    contentHash: column.contentHash,
    model: column.model,
    parameters: column.parameters ?? {},
    isBaseline: column.isBaseline ?? false,
    baselineColumn: column.baselineColumn,
    simulated: column.simulated ?? false,
  }));
}

export function decodeMetrics(text: unknown): EvalMetric[] {
  return fromJson<EvalMetric[]>(text, []).map((metric) => ({ ...metric, threshold: metric.threshold }));
}

function decodeSummary(text: unknown): EvalSummary | undefined {
  const summary = fromJson<EvalSummary | undefined>(text, undefined);
  if (summary === undefined) return undefined;
  const metrics = summary.metrics.map(({ mean, interval, baseline, ...rest }) => ({
    ...rest,
    mean,
    interval,
    baseline: baseline && {
      ...baseline,
      interval: baseline.interval,
      smallestDetectable: baseline.smallestDetectable,
    },
  }));
  return { ...summary, metrics, unmatched: summary.unmatched };
}

export function numberOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
