import type OpenAI from 'openai';
import type { ChatEvent, FinishReason, Usage } from '../chat-model.ts';
import type { StreamMapper } from '../wire/sdk-stream.ts';
import { servedTier } from '../wire/served-terms.ts';
import { packReasoning } from './openai-responses-input.ts';
import { parseArguments } from './openai-stream.ts';

type Chunk = OpenAI.Responses.ResponseStreamEvent;
type Response = OpenAI.Responses.Response;

/** Events of the Responses API to ours; the last one carries status and usage. */
export function createResponsesMapper(): StreamMapper<Chunk> {
  let last: Response | undefined;
  let called = false;
  let refused = false;

  return {
    map(chunk, out) {
      switch (chunk.type) {
        case 'response.output_text.delta':
          out.push({ type: 'text-delta', text: chunk.delta });
          break;
        case 'response.refusal.delta':
          refused = true;
          out.push({ type: 'text-delta', text: chunk.delta });
          break;
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          out.push({ type: 'reasoning-delta', text: chunk.delta });
          break;
        case 'response.reasoning_summary_part.added':
          if (chunk.summary_index > 0) out.push({ type: 'reasoning-delta', text: '\n\n' });
          break;
        case 'response.output_item.done':
          called ||= chunk.item.type === 'function_call';
          out.push(...itemEvents(chunk.item));
          break;
        case 'response.failed':
          throw failedResponse(chunk.response);
        case 'response.completed':
        case 'response.incomplete':
          last = chunk.response;
          if (last.usage)
            out.push({ type: 'usage', usage: { ...readUsage(last.usage), ...servedTier(last.service_tier) } });
          break;
      }
    },
    end(out) {
      if (!last) return false;
      const rawReason = last.incomplete_details?.reason ?? last.status ?? undefined;
      const reason = reasonOf(rawReason, { called, refused });
      out.push({ type: 'finish', reason, rawReason, servedModel: last.model });
      return true;
    },
  };
}

function itemEvents(item: OpenAI.Responses.ResponseOutputItem): ChatEvent[] {
  if (item.type === 'function_call') {
    return [{ type: 'tool-call', id: item.call_id, name: item.name, input: parseArguments(item.arguments) }];
  }
  if (item.type === 'reasoning' && item.encrypted_content) {
    return [{ type: 'reasoning-delta', text: '', signature: packReasoning(item.id, item.encrypted_content) }];
  }
  return [];
}

function reasonOf(raw: string | undefined, { called, refused }: { called: boolean; refused: boolean }): FinishReason {
  if (raw === 'max_output_tokens') return 'length';
  if (raw === 'content_filter' || refused) return 'content-filter';
  if (raw !== undefined && raw !== 'completed') return 'unknown';
  return called ? 'tool-calls' : 'stop';
}

function readUsage(raw: OpenAI.Responses.ResponseUsage): Usage {
  const usage: Usage = { inputTokens: raw.input_tokens, outputTokens: raw.output_tokens };
  const { input_tokens_details: input, output_tokens_details: output } = raw;
  if (input?.cached_tokens !== undefined) usage.cacheReadTokens = input.cached_tokens;
  if (input?.cache_write_tokens !== undefined) usage.cacheWriteTokens = input.cache_write_tokens;
  if (output?.reasoning_tokens !== undefined) usage.reasoningTokens = output.reasoning_tokens;
  return usage;
}

/** In the shape of the SDK's own errors, which is where errors are told apart. */
function failedResponse({ error }: Response): Error {
  const statuses: Record<string, number> = { server_error: 500, rate_limit_exceeded: 429 };
  const message = error?.message ?? 'The response failed without an explanation.';
  const status = statuses[error?.code ?? 'server_error'] ?? 400;
  return Object.assign(new Error(message), { status, headers: undefined, error: { message, code: error?.code } });
}
