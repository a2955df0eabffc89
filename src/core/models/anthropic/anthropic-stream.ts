import type Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent, FinishReason, Usage } from '../chat-model.ts';
import { parseArguments } from '../openai/openai-stream.ts';
import type { StreamMapper } from '../wire/sdk-stream.ts';
import { servedTerms } from '../wire/served-terms.ts';
import { packRedactedThinking } from './anthropic-content.ts';

type Chunk = Anthropic.RawMessageStreamEvent;

const REASONS: Record<string, FinishReason> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

/** Events of the Messages API to ours; a tool call is told when its block has ended. */
export function createMessagesMapper(): StreamMapper<Chunk> {
  const calls = new Map<number, { id: string; name: string; args: string; input: unknown }>();
  let counts: Counts = {};
  let rawReason: string | undefined;
  let servedModel: string | undefined;

  const addUsage = (usage: Counts, out: ChatEvent[]) => {
    counts = mergeCounts(counts, usage);
    out.push({ type: 'usage', usage: toUsage(counts) });
  };

  return {
    map(chunk, out) {
      switch (chunk.type) {
        case 'message_start':
          servedModel = chunk.message.model;
          if (chunk.message.usage) addUsage(chunk.message.usage, out);
          break;
        case 'content_block_start': {
          const block = chunk.content_block;
          if (block.type === 'tool_use')
            calls.set(chunk.index, { id: block.id, name: block.name, args: '', input: block.input });
          else out.push(...blockEvents(block));
          break;
        }
        case 'content_block_delta': {
          const call = calls.get(chunk.index);
          if (chunk.delta.type === 'input_json_delta') {
            if (call) call.args += chunk.delta.partial_json;
          } else out.push(...deltaEvents(chunk.delta));
          break;
        }
        case 'content_block_stop': {
          const call = calls.get(chunk.index);
          calls.delete(chunk.index);
          if (call)
            out.push({
              type: 'tool-call',
              id: call.id,
              name: call.name,
              input: call.args === '' ? (call.input ?? {}) : parseArguments(call.args),
            });
          break;
        }
        case 'message_delta':
          rawReason = chunk.delta.stop_reason ?? rawReason;
          if (chunk.usage) addUsage(chunk.usage, out);
          break;
      }
    },
    end(out) {
      if (rawReason === undefined) return false;
      out.push({ type: 'finish', reason: REASONS[rawReason] ?? 'unknown', rawReason, servedModel });
      return true;
    },
  };
}

function blockEvents(block: Anthropic.RawContentBlockStartEvent['content_block']): ChatEvent[] {
  if (block.type === 'text' && block.text) return [{ type: 'text-delta', text: block.text }];
  if (block.type === 'thinking' && block.thinking) return [{ type: 'reasoning-delta', text: block.thinking }];
  if (block.type === 'redacted_thinking') {
    return [{ type: 'reasoning-delta', text: '', signature: packRedactedThinking(block.data) }];
  }
  return [];
}

function deltaEvents(delta: Anthropic.RawContentBlockDelta): ChatEvent[] {
  if (delta.type === 'text_delta') return [{ type: 'text-delta', text: delta.text }];
  if (delta.type === 'thinking_delta') return [{ type: 'reasoning-delta', text: delta.thinking }];
  if (delta.type === 'signature_delta') return [{ type: 'reasoning-delta', text: '', signature: delta.signature }];
  return [];
}

interface Counts {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  output_tokens_details?: { thinking_tokens?: number } | null;
  cache_creation?: { ephemeral_1h_input_tokens?: number } | null;
  service_tier?: string | null;
  inference_geo?: string | null;
  speed?: string | null;
}

/** Later events carry cumulative counts, or null for what they do not repeat. */
function mergeCounts(before: Counts, after: Counts): Counts {
  return {
    input_tokens: after.input_tokens ?? before.input_tokens ?? null,
    output_tokens: after.output_tokens ?? before.output_tokens ?? null,
    cache_read_input_tokens: after.cache_read_input_tokens ?? before.cache_read_input_tokens ?? null,
    cache_creation_input_tokens: after.cache_creation_input_tokens ?? before.cache_creation_input_tokens ?? null,
    output_tokens_details: after.output_tokens_details ?? before.output_tokens_details ?? null,
    cache_creation: after.cache_creation ?? before.cache_creation ?? null,
    service_tier: after.service_tier ?? before.service_tier ?? null,
    inference_geo: after.inference_geo ?? before.inference_geo ?? null,
    speed: after.speed ?? before.speed ?? null,
  };
}

/** Anthropic's `input_tokens` leaves out what was read from or written to the cache; ours is the whole input. */
function toUsage(counts: Counts): Usage {
  const read = counts.cache_read_input_tokens ?? undefined;
  const written = counts.cache_creation_input_tokens ?? undefined;
  const thinking = counts.output_tokens_details?.thinking_tokens;
  const usage: Usage = {};
  if (typeof counts.input_tokens === 'number') usage.inputTokens = counts.input_tokens + (read ?? 0) + (written ?? 0);
  if (typeof counts.output_tokens === 'number') usage.outputTokens = counts.output_tokens;
  if (read !== undefined) usage.cacheReadTokens = read;
  if (written !== undefined) usage.cacheWriteTokens = written;
  if (thinking !== undefined) usage.reasoningTokens = thinking;
  const hour = counts.cache_creation?.ephemeral_1h_input_tokens;
  if (typeof hour === 'number') usage.cacheWrite1hTokens = hour;
  const { service_tier: serviceTier, speed, inference_geo: inferenceGeo } = counts;
  const served = servedTerms({ serviceTier, speed, inferenceGeo, endpoint: undefined });
  if (served !== undefined) usage.served = served;
  return usage;
}
