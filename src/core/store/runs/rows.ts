import { fromJson, toJson } from '../database/json.ts';
import type { RunRecord, RunSummary } from './run-record.ts';

const PREVIEW_LENGTH = 200;

/** The columns of `runs` that a summary needs. */
export const SUMMARY_COLUMNS = [
  'seq, id, comparison_id, column_no, repeat_no, started_at, ended_at, state, model, prompt_path, prompt_name',
  'cost_usd, rating, note, usage, preview, details, content_hash, simulated',
].join(', ');

/** What is shown of a run but never filtered by: one JSON column. */
type RunDetails = Pick<
  RunRecord,
  | 'sourceHash'
  | 'version'
  | 'parameters'
  | 'finishReason'
  | 'servedModel'
  | 'usageEstimated'
  | 'ttftMs'
  | 'elapsedMs'
  | 'tokensPerSecond'
  | 'schemaValid'
  | 'schemaProblems'
  | 'warnings'
  | 'error'
>;

type InputBody = Pick<RunRecord, 'input' | 'messages' | 'output'>;

export type AnswerBody = Pick<RunRecord, 'text' | 'rawText' | 'reasoning'> & { message?: RunRecord['message'] };

type Row = Record<string, unknown>;
export type SqlValue = string | number | null;

/** The values of `runs` by column name, as the upsert binds them. */
export function encodeRun(run: RunRecord): Record<string, SqlValue> {
  const details: RunDetails = {
    sourceHash: run.sourceHash,
    version: run.version,
    parameters: run.parameters,
    finishReason: run.finishReason,
    servedModel: run.servedModel,
    usageEstimated: run.usageEstimated,
    ttftMs: run.ttftMs,
    elapsedMs: run.elapsedMs,
    tokensPerSecond: run.tokensPerSecond,
    schemaValid: run.schemaValid,
    schemaProblems: run.schemaProblems,
    warnings: run.warnings,
    error: run.error,
  };
  return {
    id: run.id,
    comparison_id: run.comparisonId,
    column_no: run.column,
    repeat_no: run.repeat,
    started_at: run.startedAt,
    ended_at: run.endedAt ?? null,
    state: run.state,
    model: run.model,
    prompt_path: run.promptPath ?? null,
    prompt_name: run.promptName,
    cost_usd: encodeNumber(run.costUsd),
    rating: run.rating ?? null,
    note: run.note === undefined ? null : JSON.stringify(run.note),
    usage: JSON.stringify(run.usage),
    preview: encodePreview(run.text),
    details: toJson(details) ?? toJson({ ...details, parameters: {} }) ?? '{}',
    content_hash: run.contentHash ?? null,
    simulated: run.simulated ? 1 : 0,
  };
}

export function encodeNumber(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The first 200 characters, never half of a surrogate pair. */
export function encodePreview(text: string): string {
  const cut = text.slice(0, PREVIEW_LENGTH);
  const whole = text.length > PREVIEW_LENGTH && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
  return JSON.stringify(whole);
}

export function encodeInputs(run: RunRecord): string {
  const body: InputBody = { input: run.input, messages: run.messages, output: run.output };
  return toJson(body) ?? '{}';
}

export function encodeAnswer({ text, rawText, reasoning, message }: AnswerBody): string {
  return toJson({ text, rawText, reasoning, message }) ?? JSON.stringify({ text, rawText, reasoning });
}

/** Undefined if nothing raw was recorded. */
export function encodeRaw(run: RunRecord): string | undefined {
  const { rawRequest, rawResponse, rawResponseJson } = run;
  if (rawRequest === undefined && rawResponse === undefined && rawResponseJson === undefined) return undefined;
  if (rawResponseJson === undefined) return toJson({ request: rawRequest, response: rawResponse });
  return `{"request":${toJson(rawRequest) ?? 'null'},"response":${rawResponseJson}}`;
}

export function decodeSummary(row: Row): RunSummary {
  const details = fromJson<Partial<RunDetails>>(row.details, {});
  return {
    id: String(row.id),
    comparisonId: String(row.comparison_id),
    column: Number(row.column_no),
    repeat: Number(row.repeat_no),
    startedAt: Number(row.started_at),
    endedAt: decodeNumber(row.ended_at),
    state: row.state as RunRecord['state'],
    model: String(row.model),
    simulated: row.simulated === 1,
    promptPath: decodeText(row.prompt_path),
    promptName: String(row.prompt_name),
    sourceHash: details.sourceHash ?? '',
    contentHash: decodeText(row.content_hash),
    version: details.version,
    parameters: details.parameters ?? {},
    text: fromJson(row.preview, ''),
    finishReason: details.finishReason,
    servedModel: details.servedModel,
    usage: decodeUsage(row.usage),
    usageEstimated: details.usageEstimated ?? false,
    costUsd: decodeNumber(row.cost_usd),
    ttftMs: details.ttftMs ?? undefined,
    elapsedMs: details.elapsedMs ?? undefined,
    tokensPerSecond: details.tokensPerSecond ?? undefined,
    schemaValid: details.schemaValid,
    schemaProblems: details.schemaProblems ?? [],
    warnings: details.warnings ?? [],
    error: details.error,
    rating: decodeText(row.rating) as RunRecord['rating'],
    note: fromJson<string | undefined>(row.note, undefined),
  };
}

/** `row` has a summary's columns and `inputs`, `answer`, `raw`. */
export function decodeRun(row: Row): RunRecord {
  const inputs = fromJson<Partial<InputBody>>(row.inputs, {});
  const answer = fromJson<Partial<AnswerBody>>(row.answer, {});
  const raw = fromJson<{ request?: unknown; response?: unknown[] }>(row.raw, {});
  return {
    ...decodeSummary(row),
    input: inputs.input ?? {},
    messages: inputs.messages ?? [],
    output: inputs.output ?? { format: 'text' },
    text: answer.text ?? '',
    ...(answer.rawText === undefined ? {} : { rawText: answer.rawText }),
    reasoning: answer.reasoning ?? '',
    message: answer.message,
    rawRequest: raw.request,
    rawResponse: raw.response,
  };
}

function decodeNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function decodeText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** JSON writes NaN as null; unknown is undefined, so nulls are dropped. */
function decodeUsage(text: unknown): RunRecord['usage'] {
  const usage = fromJson<Record<string, number | null>>(text, {});
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
}
