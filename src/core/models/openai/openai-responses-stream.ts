import type OpenAI from 'openai';
import type { ChatEvent, FinishReason } from '../chat-model.ts';
import { noAnswer } from '../transport/errors/server-errors.ts';
import { createOmittedParts } from '../transport/omitted-parts.ts';
import { listOf, recordOf } from '../transport/plain-json.ts';
import { createUsageMeter } from '../transport/reported-usage.ts';
import type { StreamMapper } from '../transport/sdk-stream.ts';
import { servedTier } from '../transport/served-terms.ts';
import { packReasoning } from './openai-responses-input.ts';
import { readUsage } from './openai-usage.ts';
import { parseArguments } from './tool-arguments.ts';

type Response = OpenAI.Responses.Response;
/** A server that does not stream sends the complete response. */
type Chunk = OpenAI.Responses.ResponseStreamEvent | (Response & { type?: undefined });

/** Maps Responses API events to ours; the last one carries status and usage. */
export function createResponsesMapper(): StreamMapper<Chunk> {
  return new ResponsesMapper();
}

class ResponsesMapper implements StreamMapper<Chunk> {
  held = 0;
  private last: Response | undefined;
  private called = false;
  private refused = false;
  private hasText = false;
  private first: unknown;
  private readonly omitted = createOmittedParts();
  private readonly meter = createUsageMeter(() => this.hasText || this.called);

  map(chunk: Chunk, out: ChatEvent[]): void {
    this.first ??= chunk;
    switch (chunk.type) {
      case undefined:
        if (chunk.object === 'response' && Array.isArray(chunk.output)) this.addWhole(chunk, out);
        break;
      case 'response.function_call_arguments.delta':
        this.held += String(chunk.delta ?? '').length;
        break;
      case 'response.output_text.delta':
        this.hasText = true;
        out.push({ type: 'text-delta', text: chunk.delta });
        break;
      case 'response.refusal.delta':
        this.refused = true;
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
        this.addItem(chunk.item, out);
        break;
      case 'response.failed':
        throw failedResponse(chunk.response);
      case 'response.completed':
      case 'response.incomplete':
        this.finish(chunk.response, out);
        break;
    }
  }

  end(out: ChatEvent[], isComplete = false): boolean {
    if (!this.last && !isComplete) return false;
    if (!this.last && !this.hasText && !this.called) throw noAnswer(this.first);
    const rawReason = this.last?.incomplete_details?.reason ?? this.last?.status ?? undefined;
    this.omitted.end(this.hasText, out);
    this.meter.end(out);
    out.push({ type: 'finish', reason: this.reason(rawReason), rawReason, servedModel: this.last?.model });
    return true;
  }

  private reason(raw: string | undefined): FinishReason {
    if (!this.last) return this.called ? 'tool-calls' : 'unknown';
    if (raw === 'max_output_tokens') return 'length';
    if (raw === 'content_filter' || this.refused) return 'content-filter';
    if (raw !== undefined && raw !== 'completed') return 'unknown';
    return this.called ? 'tool-calls' : 'stop';
  }

  private finish(response: Response, out: ChatEvent[]): void {
    this.last = response;
    if (response.usage) this.meter.add({ ...readUsage(response.usage), ...servedTier(response.service_tier) }, out);
  }

  private addItem(item: OpenAI.Responses.ResponseOutputItem, out: ChatEvent[]): void {
    this.called ||= item.type === 'function_call';
    if (item.type === 'image_generation_call') this.omitted.add('image');
    out.push(...itemEvents(item));
  }

  private addWhole(response: Response, out: ChatEvent[]): void {
    if (response.status === 'failed') throw failedResponse(response);
    for (const item of response.output) {
      for (const part of listOf(recordOf(item)?.content)) {
        const { text, refusal, type } = recordOf(part) ?? {};
        if (typeof refusal === 'string') this.refused = true;
        const piece = typeof refusal === 'string' ? refusal : text;
        if (typeof piece !== 'string') continue;
        this.hasText ||= type !== 'reasoning_text';
        out.push({ type: type === 'reasoning_text' ? 'reasoning-delta' : 'text-delta', text: piece });
      }
      this.addItem(item, out);
    }
    this.finish(response, out);
  }
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

/** In the shape of the SDK's own errors, so that one function classifies both. */
function failedResponse({ error }: Response): Error {
  const statuses: Record<string, number> = { server_error: 500, rate_limit_exceeded: 429 };
  const message = error?.message ?? 'The response failed without an explanation.';
  const status = statuses[error?.code ?? 'server_error'] ?? 400;
  return Object.assign(new Error(message), { status, headers: undefined, error: { message, code: error?.code } });
}
