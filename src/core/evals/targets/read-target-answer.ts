import { isRecord } from '../../../shared/is-record.ts';
import { definedFields } from '../../base/defined-fields.ts';
import type { Usage } from '../../models/chat-model.ts';
import { readUsage } from '../../models/openai/openai-usage.ts';
import { countOf } from '../../models/transport/plain-json.ts';
import type { StoredAnswer } from '../../store/evals/eval-record.ts';
import { readToolCalls } from '../cases/read-tool-calls.ts';

/** What a target says about a case. */
export type TargetAnswer = Pick<StoredAnswer, 'output' | 'contexts' | 'toolCalls' | 'usage' | 'costUsd'>;

/** The values that were found for each part; undefined for one that is not there. */
export type AnswerParts = Partial<Record<'answer' | 'contexts' | 'toolCalls' | 'usage', unknown>>;

/** The parts of an answer in their types, or what is wrong with one, the rest of a sentence about the application. */
export function readTargetAnswer({ answer, contexts, toolCalls, usage }: AnswerParts): TargetAnswer | string {
  const texts = readContexts(contexts);
  if (texts === null) {
    return 'gave contexts that are not a list of texts. Set a path to the texts, such as $.sources[*].text.';
  }
  const calls = toolCalls === undefined || toolCalls === null ? [] : readToolCalls(toolCalls);
  if (!calls) return 'gave tool calls that are not a list of maps with "name" and "arguments".';
  if (usage !== undefined && usage !== null && !isRecord(usage)) return 'gave a usage that is not a map of counts.';
  const counts = isRecord(usage) ? readCounts(usage) : {};
  const output = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '');
  return { output, contexts: texts, toolCalls: calls, usage: counts, costUsd: counts.reportedCostUsd };
}

/** Null if they are none. */
function readContexts(value: unknown): string[] | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

/** The names of OpenAI's and Anthropic's APIs, and those of this product; also a cost in dollars. */
function readCounts(usage: Record<string, unknown>): Usage {
  const own = {
    inputTokens: countOf(usage.inputTokens),
    outputTokens: countOf(usage.outputTokens),
    reasoningTokens: countOf(usage.reasoningTokens),
    reportedCostUsd: countOf(usage.costUsd) ?? countOf(usage.cost_usd),
  };
  return { ...readUsage(usage), ...definedFields(own) };
}
