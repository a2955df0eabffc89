import { toJson } from '../../database/json.ts';
import type { StoredAnswer } from '../eval-record.ts';
import { numberOf, type SqlValue, textOf } from '../eval-rows.ts';
import { decodeText, encodeText } from './exact-text.ts';

export const INSERT_ANSWER = `INSERT INTO eval_answers (cache_key, at, cost_usd, latency_ms, output, details)
  VALUES (?, ?, ?, ?, ?, ?)`;

export const ANSWER_COLUMNS = 'cache_key, at, cost_usd, latency_ms, output, details';

/** What is read of an answer but never searched by: one JSON column, in which usual values are left out. */
type AnswerDetails = Partial<Omit<StoredAnswer, 'cacheKey' | 'output' | 'costUsd' | 'latencyMs' | 'at'>>;

/** Answers on their way to the store's thread, as they are stored. */
export interface EncodedAnswers {
  cacheKeys: (string | undefined)[];
  outputs: (string | Uint8Array)[];
  details: string[];
  /** Those that are errors, or only a part of an answer. */
  failed: boolean[];
  /** Five of each answer; NaN is unknown. */
  figures: Float64Array<ArrayBuffer>;
}

interface AnswerFigures {
  at: number;
  costUsd: number;
  latencyMs: number;
  inputTokens: number;
  outputTokens: number;
}

const FIGURES = 5;

export function encodeAnswers(answers: readonly StoredAnswer[]): EncodedAnswers {
  const figures = new Float64Array(FIGURES * answers.length);
  answers.forEach(({ at, costUsd, latencyMs, usage }, index) => {
    const known = [at, costUsd, latencyMs, usage.inputTokens, usage.outputTokens];
    figures.set(
      known.map((figure) => figure ?? Number.NaN),
      FIGURES * index,
    );
  });
  return {
    cacheKeys: answers.map(({ cacheKey }) => cacheKey),
    outputs: answers.map(({ output }) => encodeText(output)),
    details: answers.map(encodeDetails),
    failed: answers.map(({ error }) => error !== undefined),
    figures,
  };
}

export function figuresOf({ figures }: EncodedAnswers, index: number): AnswerFigures {
  const [
    at = Number.NaN,
    costUsd = Number.NaN,
    latencyMs = Number.NaN,
    inputTokens = Number.NaN,
    outputTokens = Number.NaN,
  ] = figures.subarray(FIGURES * index, FIGURES * (index + 1));
  return { at, costUsd, latencyMs, inputTokens, outputTokens };
}

function encodeDetails(answer: StoredAnswer): string {
  const details: AnswerDetails = {
    reasoning: answer.reasoning === '' ? undefined : answer.reasoning,
    toolCalls: answer.toolCalls.length > 0 ? answer.toolCalls : undefined,
    contexts: answer.contexts,
    finishReason: answer.finishReason,
    servedModel: answer.servedModel,
    usage: answer.usage,
    usageEstimated: answer.usageEstimated || undefined,
    ttftMs: answer.ttftMs,
    simulated: answer.simulated || undefined,
    error: answer.error,
  };
  return toJson(details) ?? toJson({ ...details, toolCalls: undefined }) ?? '{}';
}

/** The values that `INSERT_ANSWER` binds. */
export function answerValues(
  answers: EncodedAnswers,
  index: number,
  { at, costUsd, latencyMs }: AnswerFigures,
): SqlValue[] {
  return [
    answers.cacheKeys[index] ?? null,
    at,
    known(costUsd),
    known(latencyMs),
    answers.outputs[index] ?? '',
    answers.details[index] ?? '{}',
  ];
}

function known(figure: number): number | null {
  return Number.isFinite(figure) ? figure : null;
}

export function decodeAnswer(row: Record<string, unknown>): StoredAnswer {
  const details = JSON.parse(String(row.details)) as AnswerDetails;
  return {
    cacheKey: textOf(row.cache_key),
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
