import { isRecord } from '../../../shared/is-record.ts';
import type { ChatEvent, FinishReason, Usage } from '../chat-model.ts';
import { packThoughtSignature } from '../openai/openai-messages.ts';
import { createOmittedParts } from '../transport/omitted-parts.ts';
import type { StreamMapper } from '../transport/sdk-stream.ts';
import { geminiAudio, servedTraffic } from '../transport/served-terms.ts';

/** A GenerateContentResponse in its REST form: proto3's defaults omitted, bytes in base64, enums as names. */
export type GenerateChunk = Record<string, unknown>;

const FILTERED = new Set(
  'SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII MODEL_ARMOR JAILBREAK IMAGE_SAFETY'.split(' '),
);

export function createGeminiMapper(): StreamMapper<GenerateChunk> {
  return new GeminiMapper();
}

class GeminiMapper implements StreamMapper<GenerateChunk> {
  private servedModel: string | undefined;
  private rawReason: string | undefined;
  private blocked = false;
  private calls = 0;
  private hasText = false;
  private readonly omitted = createOmittedParts();
  private responseId = '';
  /** Every chunk repeats the counts; an event is sent when they change. */
  private counted: string | undefined;

  map(chunk: GenerateChunk, out: ChatEvent[]): void {
    if (typeof chunk.modelVersion === 'string' && chunk.modelVersion) this.servedModel = chunk.modelVersion;
    if (typeof chunk.responseId === 'string' && chunk.responseId) this.responseId = chunk.responseId;
    const candidate: unknown = Array.isArray(chunk.candidates) ? chunk.candidates[0] : undefined;
    if (isRecord(candidate)) {
      const parts = isRecord(candidate.content) ? candidate.content.parts : undefined;
      if (Array.isArray(parts)) for (const part of parts) if (isRecord(part)) this.mapPart(part, out);
      this.rawReason = readName(candidate.finishReason) ?? this.rawReason;
    }
    // A refused prompt has no candidate: the reason is in the feedback, and it is the end.
    const block = isRecord(chunk.promptFeedback) ? chunk.promptFeedback : undefined;
    const reason = readName(block?.blockReason);
    if (reason !== undefined) {
      this.rawReason = reason;
      this.blocked = true;
    }
    const usage = readUsage(chunk.usageMetadata, this.rawReason !== undefined);
    const counted = JSON.stringify(usage);
    if (usage && counted !== this.counted) out.push({ type: 'usage', usage });
    this.counted = counted;
  }

  end(out: ChatEvent[]): boolean {
    if (this.rawReason === undefined) return false;
    this.omitted.end(this.hasText, out);
    out.push({ type: 'finish', reason: this.finishReason(), rawReason: this.rawReason, servedModel: this.servedModel });
    return true;
  }

  private mapPart(part: Record<string, unknown>, out: ChatEvent[]): void {
    const signature = typeof part.thoughtSignature === 'string' ? part.thoughtSignature : undefined;
    if (isRecord(part.functionCall)) {
      const { name, args } = part.functionCall;
      // This API gives calls no ids; results are matched to them by name and order.
      const id = `${this.responseId || 'call'}-${this.calls}`;
      this.calls += 1;
      if (signature) out.push({ type: 'reasoning-delta', text: '', signature: packThoughtSignature(id, signature) });
      out.push({ type: 'tool-call', id, name: String(name ?? ''), input: args ?? {} });
      return;
    }
    const media = isRecord(part.inlineData) ? part.inlineData : part.fileData;
    if (isRecord(media)) this.omitted.add(String(media.mimeType ?? '').startsWith('image/') ? 'image' : 'file');
    const text = typeof part.text === 'string' ? part.text : readCode(part);
    this.hasText ||= Boolean(text) && part.thought !== true;
    if (text) out.push({ type: part.thought === true ? 'reasoning-delta' : 'text-delta', text });
  }

  private finishReason(): FinishReason {
    if (this.blocked || FILTERED.has(this.rawReason ?? '')) return 'content-filter';
    if (this.rawReason === 'MAX_TOKENS') return 'length';
    if (this.rawReason === 'MALFORMED_FUNCTION_CALL') return 'error';
    if (this.rawReason !== 'STOP') return 'unknown';
    return this.calls > 0 ? 'tool-calls' : 'stop';
  }
}

/**
 * Gemini does not include thoughts in the candidates' tokens, but includes cached ones in the prompt's. Proto3 cannot
 * distinguish a count of 0 from none, so 0 is accepted only for the output of a finished answer.
 */
function readUsage(value: unknown, finished: boolean): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const count = (name: string) => (typeof value[name] === 'number' ? value[name] : 0);
  const input = count('promptTokenCount') + count('toolUsePromptTokenCount');
  const output = count('candidatesTokenCount') + count('thoughtsTokenCount');
  if (input === 0 && output === 0) return undefined;
  const usage: Usage = { ...geminiAudio(value), ...servedTraffic(value.trafficType) };
  if (input > 0) usage.inputTokens = input;
  if (output > 0 || finished) usage.outputTokens = output;
  if (count('cachedContentTokenCount') > 0) usage.cacheReadTokens = count('cachedContentTokenCount');
  if (count('thoughtsTokenCount') > 0) usage.reasoningTokens = count('thoughtsTokenCount');
  return usage;
}

function readName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.endsWith('_UNSPECIFIED')) {
    // A reason newer than the installed protos arrives as its number.
    return typeof value === 'number' && value !== 0 ? String(value) : undefined;
  }
  return value;
}

/** Code that the model ran and its output are part of the answer; as Markdown they are readable. */
function readCode(part: Record<string, unknown>): string | undefined {
  if (isRecord(part.executableCode)) return `\n\`\`\`python\n${String(part.executableCode.code ?? '')}\n\`\`\`\n`;
  if (isRecord(part.codeExecutionResult)) return `\n\`\`\`\n${String(part.codeExecutionResult.output ?? '')}\n\`\`\`\n`;
  return undefined;
}
