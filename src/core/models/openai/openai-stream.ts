import type OpenAI from 'openai';
import type { ChatEvent, FinishReason, Usage } from '../chat-model.ts';
import type { StreamMapper } from '../wire/sdk-stream.ts';
import { openAiAudio, servedTier } from '../wire/served-terms.ts';
import { packThoughtSignature } from './openai-messages.ts';

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type Delta = Chunk['choices'][number]['delta'];

/** What compatible servers add to OpenAI's chunk: reasoning under two names, Gemini's thoughts and signatures. */
interface ExtendedDelta extends Delta {
  reasoning_content?: string | null;
  reasoning?: string | null;
  extra_content?: { google?: { thought?: boolean; thought_signature?: string } };
}
type ToolCallDelta = NonNullable<Delta['tool_calls']>[number] & Pick<ExtendedDelta, 'extra_content'>;

interface PendingCall {
  id: string;
  name: string;
  args: string;
  signature: string | undefined;
}

const REASONS: Record<string, FinishReason> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
};

/** Chunks of a chat completion to events; tool calls are held until the model has finished them. */
export function createChatMapper(): StreamMapper<Chunk> {
  const calls = new Map<number, PendingCall>();
  const finished: PendingCall[] = [];
  let rawReason: string | undefined;
  let refused = false;
  let servedModel: string | undefined;
  let tier: unknown;

  const addCall = (delta: ToolCallDelta) => {
    const index = delta.index ?? calls.size;
    const known = calls.get(index);
    // Some servers give every parallel call the index 0; a new id tells them apart.
    const isNew = known === undefined || (delta.id && known.id !== delta.id && delta.function?.name);
    const call = isNew ? { id: delta.id ?? '', name: '', args: '', signature: undefined } : known;
    if (isNew && known) finished.push(known);
    call.name += delta.function?.name ?? '';
    call.args += delta.function?.arguments ?? '';
    call.signature ??= delta.extra_content?.google?.thought_signature;
    calls.set(index, call);
  };

  return {
    map(chunk, out) {
      if (chunk.model) servedModel = chunk.model;
      tier = chunk.service_tier ?? tier;
      if (chunk.usage) out.push({ type: 'usage', usage: { ...readUsage(chunk.usage), ...servedTier(tier) } });
      const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
      if (!choice) return;
      if (choice.finish_reason) rawReason = choice.finish_reason;
      const delta: ExtendedDelta | undefined = choice.delta;
      if (!delta) return;
      const reasoning = delta.reasoning_content ?? delta.reasoning;
      if (typeof reasoning === 'string' && reasoning !== '') out.push({ type: 'reasoning-delta', text: reasoning });
      if (delta.content) out.push(contentEvent(delta));
      if (delta.refusal) {
        refused = true;
        out.push({ type: 'text-delta', text: delta.refusal });
      }
      for (const call of delta.tool_calls ?? []) addCall(call);
    },
    end(out) {
      if (rawReason === undefined) return false;
      const all = [...finished, ...calls.values()];
      for (const [index, call] of all.entries()) out.push(...callEvents(call, index));
      out.push({
        type: 'finish',
        reason: reasonOf(rawReason, { refused, called: all.length > 0 }),
        rawReason,
        servedModel,
      });
      return true;
    },
  };
}

/** Gemini marks thoughts in `extra_content` and wraps them in a tag. */
function contentEvent(delta: ExtendedDelta): ChatEvent {
  const text = delta.content ?? '';
  if (!delta.extra_content?.google?.thought) return { type: 'text-delta', text };
  return { type: 'reasoning-delta', text: text.replace(/^<thought>|<\/thought>$/g, '') };
}

function callEvents(call: PendingCall, index: number): ChatEvent[] {
  const id = call.id || `call_${index}`;
  const events: ChatEvent[] = [];
  if (call.signature !== undefined) {
    events.push({ type: 'reasoning-delta', text: '', signature: packThoughtSignature(id, call.signature) });
  }
  events.push({ type: 'tool-call', id, name: call.name, input: parseArguments(call.args) });
  return events;
}

/** Arguments that are not JSON are shown as the text that they are. */
export function parseArguments(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Some servers say `stop` although they called a tool, and OpenAI says `stop` when it refuses. */
function reasonOf(raw: string, { refused, called }: { refused: boolean; called: boolean }): FinishReason {
  const reason = REASONS[raw.toLowerCase()] ?? 'unknown';
  if (reason !== 'stop') return reason;
  return refused ? 'content-filter' : called ? 'tool-calls' : 'stop';
}

type RawUsage = OpenAI.CompletionUsage & { prompt_cache_hit_tokens?: number };

/** `completion_tokens` includes reasoning at OpenAI, but not at Gemini and xAI, where only the total shows it. */
export function readUsage(raw: RawUsage): Usage {
  const { prompt_tokens: input, completion_tokens: completion, total_tokens: total } = raw;
  const details = raw.completion_tokens_details;
  const hidden = isCount(total) && isCount(input) && isCount(completion) ? Math.max(0, total - input - completion) : 0;
  const usage: Usage = openAiAudio(raw.prompt_tokens_details, details);
  if (isCount(input)) usage.inputTokens = input;
  if (isCount(completion)) usage.outputTokens = completion + hidden;
  const cached = raw.prompt_tokens_details?.cached_tokens ?? raw.prompt_cache_hit_tokens;
  if (isCount(cached)) usage.cacheReadTokens = cached;
  const written = raw.prompt_tokens_details?.cache_write_tokens;
  if (isCount(written)) usage.cacheWriteTokens = written;
  const reasoning = details?.reasoning_tokens ?? (hidden > 0 ? hidden : undefined);
  if (isCount(reasoning)) usage.reasoningTokens = reasoning;
  return usage;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
