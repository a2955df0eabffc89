import { isRecord } from '../../../shared/is-record.ts';
import type { ChatEvent, FinishReason } from '../chat-model.ts';
import { noAnswer, StreamError } from '../transport/errors/server-errors.ts';
import { createOmittedParts } from '../transport/omitted-parts.ts';
import { listOf, recordOf, textOf } from '../transport/plain-json.ts';
import { createUsageMeter } from '../transport/reported-usage.ts';
import type { StreamMapper } from '../transport/sdk-stream.ts';
import { servedTier } from '../transport/served-terms.ts';
import { deltaEvents } from './openai-delta.ts';
import { ToolCalls } from './openai-tool-calls.ts';
import { readUsage, type UsageRules } from './openai-usage.ts';

/** A chunk of a stream, or the complete answer of a server that does not stream: any JSON object. */
export type ChatChunk = Record<string, unknown>;

const REASONS: Record<string, FinishReason> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  sensitive: 'content-filter',
  error: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
  abort: 'error',
};

/** Above this size a message in pieces is not compared with the next one. */
const LONGEST_COMPARED = 64 * 1024;

/** Maps chunks of a chat completion to events; tool calls are held back until the model has finished them. */
export function createChatMapper(rules: UsageRules = {}): StreamMapper<ChatChunk> {
  return new ChatMapper(rules);
}

class ChatMapper implements StreamMapper<ChatChunk> {
  private readonly rules: UsageRules;
  private readonly calls = new ToolCalls();
  private readonly omitted = createOmittedParts();
  private readonly usage = createUsageMeter(() => this.hasContent || this.calls.count > 0 || this.omitted.count > 0);
  private hasText = false;
  /** Thoughts are billed as output, too. */
  private hasContent = false;
  private hasChoice = false;
  private first: ChatChunk | undefined;
  /** The content so far of messages that repeat the whole answer. */
  private repeated = { text: '', reasoning: '', grows: false };
  private streamed = false;
  private rawReason: string | undefined;
  private refused = false;
  private servedModel: string | undefined;
  private tier: unknown;

  constructor(rules: UsageRules) {
    this.rules = rules;
  }

  get held(): number {
    return this.calls.size;
  }

  map(chunk: ChatChunk, out: ChatEvent[]): void {
    this.servedModel = textOf(chunk.model) ?? this.servedModel;
    this.tier = chunk.service_tier ?? this.tier;
    const choice = listOf(chunk.choices).find((item) => isRecord(item) && Number(item.index ?? 0) === 0);
    this.first ??= chunk;
    if (isRecord(choice)) {
      this.hasChoice = true;
      this.mapChoice(choice, out);
    }
    // Groq and Moonshot put the counts elsewhere.
    for (const usage of [recordOf(choice)?.usage, recordOf(chunk.x_groq)?.usage, chunk.usage]) {
      if (usage) this.usage.add({ ...readUsage(usage, this.rules), ...servedTier(this.tier) }, out);
    }
  }

  end(out: ChatEvent[], isComplete = false): boolean {
    if (this.rawReason === undefined && !isComplete) return false;
    if (!this.hasChoice) throw noAnswer(this.first);
    out.push(...this.calls.events());
    this.omitted.end(this.hasText, out);
    this.usage.end(out);
    out.push({ type: 'finish', reason: this.reason(), rawReason: this.rawReason, servedModel: this.servedModel });
    return true;
  }

  private mapChoice(choice: Record<string, unknown>, out: ChatEvent[]): void {
    this.rawReason = textOf(choice.finish_reason) ?? this.rawReason;
    const delta = recordOf(choice.delta);
    const before = out.length;
    const called = this.calls.size + this.calls.count;
    if (delta) this.mapDelta(delta, out);
    const saysSomething = out.length > before || this.calls.size + this.calls.count > called;
    if (saysSomething) this.streamed = true;
    else if (isRecord(choice.message)) this.mapMessage(choice.message, out);
    else if (textOf(choice.text)) this.push(out, [{ type: 'text-delta', text: String(choice.text) }]);
    // Last, so that text in the same chunk is kept.
    if (choice.error) throw new StreamError(choice.error);
  }

  private mapDelta(delta: Record<string, unknown>, out: ChatEvent[], whole = false): void {
    this.push(out, deltaEvents(delta, this.omitted));
    const refusal = textOf(delta.refusal);
    if (refusal !== undefined) {
      this.refused = true;
      this.push(out, [{ type: 'text-delta', text: refusal }]);
    }
    const calls = isRecord(delta.tool_calls) ? [delta.tool_calls] : listOf(delta.tool_calls);
    for (const call of calls) this.calls.add(call, whole);
    if (delta.function_call) this.calls.addLegacy(delta.function_call);
  }

  /** Instead of deltas: one complete answer, pieces of it, or the whole answer so far in every chunk. */
  private mapMessage(message: Record<string, unknown>, out: ChatEvent[]): void {
    // After deltas it only repeats them.
    if (this.streamed) return;
    const events: ChatEvent[] = [];
    const known = this.calls.count;
    if (known > 0) this.push(events, deltaEvents(message, this.omitted));
    else this.mapDelta(message, events, true);
    for (const event of events) {
      if (event.type !== 'text-delta' && event.type !== 'reasoning-delta') out.push(event);
      else out.push(...this.unrepeated(event));
    }
  }

  private unrepeated(event: Extract<ChatEvent, { type: 'text-delta' | 'reasoning-delta' }>): ChatEvent[] {
    const field = event.type === 'text-delta' ? 'text' : 'reasoning';
    const known = this.repeated[field];
    const grows = known !== '' && event.text.length > known.length && event.text.startsWith(known);
    // These are pieces, so the text so far is no longer needed.
    if (!grows && !this.repeated.grows && known.length > LONGEST_COMPARED) return [event];
    if (grows) this.repeated.grows = true;
    if (!grows && this.repeated.grows && known.startsWith(event.text)) return [];
    this.repeated[field] = grows ? event.text : known + event.text;
    return [grows ? { ...event, text: event.text.slice(known.length) } : event];
  }

  private push(out: ChatEvent[], events: readonly ChatEvent[]): void {
    this.hasText ||= events.some(({ type }) => type === 'text-delta');
    this.hasContent ||= events.length > 0;
    out.push(...events);
  }

  /** Some servers report `stop` although they called a tool, and OpenAI reports `stop` when it refuses. */
  private reason(): FinishReason {
    const raw = this.rawReason?.toLowerCase();
    const reason = raw === undefined ? undefined : (REASONS[raw] ?? 'unknown');
    if (reason !== undefined && reason !== 'stop') return reason;
    if (this.refused) return 'content-filter';
    return this.calls.count > 0 ? 'tool-calls' : (reason ?? 'unknown');
  }
}
