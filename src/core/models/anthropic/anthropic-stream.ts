import type Anthropic from '@anthropic-ai/sdk';
import { isRecord } from '../../../shared/is-record.ts';
import { definedFields } from '../../base/defined-fields.ts';
import type { ChatEvent, FinishReason, Usage } from '../chat-model.ts';
import { parseArguments } from '../openai/tool-arguments.ts';
import { noAnswer } from '../transport/errors/server-errors.ts';
import { createOmittedParts } from '../transport/omitted-parts.ts';
import { countOf, listOf } from '../transport/plain-json.ts';
import { createUsageMeter, readReportedCost } from '../transport/reported-usage.ts';
import type { StreamMapper } from '../transport/sdk-stream.ts';
import { servedTerms } from '../transport/served-terms.ts';
import { packRedactedThinking } from './anthropic-content.ts';

/** A server that does not stream sends the complete message. */
type Chunk = Anthropic.RawMessageStreamEvent | Anthropic.Message;
/** Servers that imitate the protocol send images in it. */
type StartBlock = Anthropic.RawContentBlockStartEvent['content_block'] | { type: 'image' };

interface OpenCall {
  id: string;
  name: string;
  args: string;
  input: unknown;
}

const REASONS: Record<string, FinishReason> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  error: 'error',
};

const BEGINS: ReadonlySet<string> = new Set(['message', 'message_start', 'content_block_start', 'content_block_delta']);

/** Maps Messages API events to ours; a tool call is emitted when its block ends. */
export function createMessagesMapper(): StreamMapper<Chunk> {
  return new MessagesMapper();
}

class MessagesMapper implements StreamMapper<Chunk> {
  held = 0;
  private readonly calls = new Map<number, OpenCall>();
  private readonly omitted = createOmittedParts();
  private counts: Counts = {};
  private rawReason: string | undefined;
  private servedModel: string | undefined;
  private stopped = false;
  private begun = false;
  private first: unknown;
  private hasContent = false;
  private hasText = false;
  private readonly meter = createUsageMeter(() => this.hasContent || this.omitted.count > 0);

  map(chunk: Chunk, out: ChatEvent[]): void {
    this.first ??= chunk;
    this.begun ||= BEGINS.has(chunk.type);
    switch (chunk.type) {
      case 'message':
        this.addMessage(chunk, out);
        if (chunk.usage) this.addUsage(chunk.usage, out);
        break;
      case 'message_start':
        this.servedModel = chunk.message?.model;
        if (chunk.message?.usage) this.addUsage(chunk.message.usage, out);
        break;
      case 'message_stop':
        this.stopped = true;
        break;
      case 'content_block_start':
        this.startBlock(chunk, out);
        break;
      case 'content_block_delta':
        this.addDelta(chunk, out);
        break;
      case 'content_block_stop': {
        const call = this.calls.get(chunk.index);
        this.calls.delete(chunk.index);
        if (call) out.push(toolCall(call));
        break;
      }
      case 'message_delta':
        this.rawReason = chunk.delta?.stop_reason ?? this.rawReason;
        if (chunk.usage) this.addUsage(chunk.usage, out);
        break;
    }
  }

  end(out: ChatEvent[], isComplete = false): boolean {
    if (this.rawReason === undefined && !this.stopped && !isComplete) return false;
    if (!this.begun && this.rawReason === undefined) throw noAnswer(this.first);
    // Servers that imitate the protocol omit the end of a block.
    for (const call of this.calls.values()) out.push(toolCall(call));
    this.omitted.end(this.hasText, out);
    this.meter.end(out);
    const reason = this.rawReason === undefined ? 'unknown' : (REASONS[this.rawReason] ?? 'unknown');
    out.push({ type: 'finish', reason, rawReason: this.rawReason, servedModel: this.servedModel });
    return true;
  }

  private startBlock({ index, content_block }: Anthropic.RawContentBlockStartEvent, out: ChatEvent[]): void {
    const block = content_block as StartBlock | null | undefined;
    if (!block) return;
    if (block.type === 'tool_use') {
      this.calls.set(index, { id: block.id, name: block.name, args: '', input: block.input });
      this.hasContent = true;
    } else if (block.type === 'image') this.omitted.add('image');
    else this.push(blockEvents(block), out);
  }

  private addDelta({ index, delta }: Anthropic.RawContentBlockDeltaEvent, out: ChatEvent[]): void {
    if (!isRecord(delta)) return;
    if (delta.type !== 'input_json_delta') {
      this.push(deltaEvents(delta), out);
      return;
    }
    const call = this.calls.get(index);
    const piece: unknown = delta.partial_json;
    if (call && typeof piece === 'string') {
      call.args += piece;
      this.held += piece.length;
    } else if (call && isRecord(piece)) call.input = piece;
  }

  private push(events: readonly ChatEvent[], out: ChatEvent[]): void {
    this.hasText ||= events.some(({ type }) => type === 'text-delta');
    // Thoughts are billed as output, too.
    this.hasContent ||= events.length > 0;
    out.push(...events);
  }

  private addUsage(usage: Counts, out: ChatEvent[]): void {
    this.counts = mergeCounts(this.counts, usage);
    const latest = toUsage(this.counts);
    const cost = isRecord(usage) ? readReportedCost(usage) : undefined;
    if (cost !== undefined) latest.reportedCostUsd = cost;
    this.meter.add(latest, out);
  }

  /** A server that does not stream sends the complete message. */
  private addMessage(message: Anthropic.Message, out: ChatEvent[]): void {
    this.servedModel = message.model;
    const content: unknown = message.content;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
    for (const [index, block] of blocks.entries()) {
      this.map({ type: 'content_block_start', index, content_block: block as never }, out);
      this.map({ type: 'content_block_stop', index }, out);
    }
    this.rawReason = message.stop_reason ?? undefined;
    this.stopped = true;
  }
}

function toolCall({ id, name, args, input }: OpenCall): ChatEvent {
  return { type: 'tool-call', id, name, input: args === '' ? (input ?? {}) : parseArguments(args) };
}

function blockEvents(block: StartBlock): ChatEvent[] {
  if (block.type === 'text' && block.text) return [{ type: 'text-delta', text: block.text }];
  if (block.type === 'thinking' && block.thinking) return [{ type: 'reasoning-delta', text: block.thinking }];
  if (block.type === 'redacted_thinking') {
    return [{ type: 'reasoning-delta', text: '', signature: packRedactedThinking(block.data) }];
  }
  return [];
}

function deltaEvents(delta: Anthropic.RawContentBlockDelta): ChatEvent[] {
  if (delta.type === 'text_delta')
    return typeof delta.text === 'string' ? [{ type: 'text-delta', text: delta.text }] : [];
  if (delta.type === 'thinking_delta' && typeof delta.thinking === 'string')
    return [{ type: 'reasoning-delta', text: delta.thinking }];
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

type CountName = 'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens';

/** Later events carry cumulative counts, or null or 0 for what they do not repeat. */
function mergeCounts(before: Counts, after: Counts): Counts {
  const latest = (name: CountName) => {
    const count = countOf(after[name]);
    return count === undefined || (count === 0 && before[name]) ? before[name] : count;
  };
  return {
    input_tokens: latest('input_tokens') ?? null,
    output_tokens: latest('output_tokens') ?? null,
    cache_read_input_tokens: latest('cache_read_input_tokens') ?? null,
    cache_creation_input_tokens: latest('cache_creation_input_tokens') ?? null,
    output_tokens_details: after.output_tokens_details ?? before.output_tokens_details ?? null,
    cache_creation: after.cache_creation ?? before.cache_creation ?? null,
    service_tier: after.service_tier ?? before.service_tier ?? null,
    inference_geo: after.inference_geo ?? before.inference_geo ?? null,
    speed: after.speed ?? before.speed ?? null,
  };
}

/** Anthropic's `input_tokens` excludes cache reads and writes; ours is the whole input. */
function toUsage(counts: Counts): Usage {
  const read = counts.cache_read_input_tokens ?? undefined;
  const written = counts.cache_creation_input_tokens ?? undefined;
  const { input_tokens: rest, service_tier: serviceTier, speed, inference_geo: inferenceGeo } = counts;
  return definedFields({
    inputTokens: typeof rest === 'number' ? rest + (read ?? 0) + (written ?? 0) : undefined,
    outputTokens: countOf(counts.output_tokens),
    cacheReadTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: counts.output_tokens_details?.thinking_tokens,
    cacheWrite1hTokens: countOf(counts.cache_creation?.ephemeral_1h_input_tokens),
    served: servedTerms({ serviceTier, speed, inferenceGeo, endpoint: undefined }),
  });
}
