import { isRecord } from '../../../shared/is-record.ts';
import { definedFields } from '../../base/defined-fields.ts';
import type { Usage } from '../chat-model.ts';
import { countOf, recordOf } from '../transport/plain-json.ts';
import { readReportedCost } from '../transport/reported-usage.ts';
import { openAiAudio } from '../transport/served-terms.ts';

export interface UsageRules {
  /** Thoughts are part of the total only, as with Gemini's endpoint; elsewhere a larger total has another cause. */
  hiddenReasoning?: boolean;
}

/**
 * `completion_tokens` includes reasoning at OpenAI. At xAI and others it does not: there the total is the sum of all
 * three, or the reasoning alone exceeds the completion.
 */
export function readUsage(value: unknown, { hiddenReasoning = false }: UsageRules = {}): Usage {
  if (!isRecord(value)) return {};
  const input = countOf(value.prompt_tokens) ?? countOf(value.input_tokens);
  const completion = countOf(value.completion_tokens) ?? countOf(value.output_tokens);
  const details = recordOf(value.completion_tokens_details) ?? recordOf(value.output_tokens_details);
  const total = countOf(value.total_tokens);
  const rest = total === undefined || input === undefined ? 0 : Math.max(0, total - input - (completion ?? 0));
  const reported = countOf(details?.reasoning_tokens) ?? countOf(value.reasoning_tokens);
  const hidden = reported === undefined && hiddenReasoning && rest > 0;
  const beside =
    hidden || (reported !== undefined && reported > 0 && (reported === rest || reported > (completion ?? reported)));
  const reasoning = hidden ? rest : reported;
  const prompt = recordOf(value.prompt_tokens_details) ?? recordOf(value.input_tokens_details);
  const outputTokens = completion === undefined ? undefined : completion + (beside ? (reasoning ?? 0) : 0);
  const cacheReadTokens = most([
    prompt?.cached_tokens,
    value.cached_tokens,
    value.prompt_cache_hit_tokens,
    value.cache_read_input_tokens,
  ]);
  const cacheWriteTokens = most([
    prompt?.cache_write_tokens,
    prompt?.cache_creation_tokens,
    prompt?.cache_creation_input_tokens,
    value.cache_creation_input_tokens,
  ]);
  const counts = { inputTokens: input, outputTokens, reasoningTokens: reasoning, cacheReadTokens, cacheWriteTokens };
  return { ...openAiAudio(prompt, details), ...definedFields({ ...counts, reportedCostUsd: readReportedCost(value) }) };
}

/** Servers that report a count under several names fill in one and leave the others at 0. */
function most(values: readonly unknown[]): number | undefined {
  const counts = values.flatMap((value) => countOf(value) ?? []);
  return counts.length === 0 ? undefined : Math.max(...counts);
}
