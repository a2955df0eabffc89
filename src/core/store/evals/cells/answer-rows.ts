import { hash } from 'node:crypto';
import { toJson } from '../../database/json.ts';
import type { Database } from '../../database/sqlite.ts';
import type { StoredAnswer } from '../eval-record.ts';
import { numberOf, numberOrNull, type SqlValue } from '../eval-rows.ts';
import { decodeText, encodeText } from './exact-text.ts';

export const INSERT_ANSWER = `INSERT INTO eval_answers (cache_key, at, cost_usd, latency_ms, output, details)
  VALUES (?, ?, ?, ?, ?, ?)`;

export const ANSWER_COLUMNS = 'cache_key, at, cost_usd, latency_ms, output, details';

/** What is read of an answer but never searched by: one JSON column, in which usual values are left out. */
interface AnswerDetails extends Partial<Omit<StoredAnswer, 'output' | 'costUsd' | 'latencyMs' | 'at'>> {}

export function encodeAnswer(answer: StoredAnswer): SqlValue[] {
  const { output, costUsd, latencyMs, at, reasoning, toolCalls, usageEstimated, simulated, ...rest } = answer;
  const details: AnswerDetails = rest;
  if (reasoning !== '') details.reasoning = reasoning;
  if (toolCalls.length > 0) details.toolCalls = toolCalls;
  if (usageEstimated) details.usageEstimated = true;
  if (simulated) details.simulated = true;
  return [
    answer.cacheKey === undefined ? null : encodeCacheKey(answer.cacheKey),
    at,
    numberOrNull(costUsd),
    numberOrNull(latencyMs),
    encodeText(output),
    toJson(details) ?? toJson({ ...details, toolCalls: undefined }) ?? '{}',
  ];
}

export function decodeAnswer(row: Record<string, unknown>): StoredAnswer {
  const details = JSON.parse(String(row.details)) as AnswerDetails;
  return {
    cacheKey: details.cacheKey,
    output: decodeText(row.output),
    reasoning: details.reasoning ?? '',
    toolCalls: details.toolCalls ?? [],
    contexts: details.contexts,
    finishReason: details.finishReason,
    servedModel: details.servedModel,
    usage: details.usage ?? {},
    usageEstimated: details.usageEstimated ?? false,
    costUsd: numberOf(row.cost_usd),
    ttftMs: details.ttftMs ?? undefined,
    latencyMs: numberOf(row.latency_ms),
    simulated: details.simulated ?? false,
    error: details.error,
    at: Number(row.at),
  };
}

export function readAnswers(db: Database, ids: readonly number[]): (StoredAnswer | undefined)[] {
  const read = db.prepare(`SELECT ${ANSWER_COLUMNS} FROM eval_answers WHERE id = ?`);
  return ids.map((id) => {
    const row = read.get(id);
    return row && decodeAnswer(row);
  });
}

/** 128 bits are enough to never meet two requests with the same, and make an index of a third of the size. */
export function encodeCacheKey(cacheKey: string): Uint8Array {
  return hash('sha256', cacheKey, 'buffer').subarray(0, 16);
}
