import type OpenAI from 'openai';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type { ChatWarning, Message, Part, ReasoningEffort } from '../chat-model.ts';
import { readMedia, toDataUrl } from '../transport/media.ts';

/** The differences between servers that support OpenAI's chat completions. */
export interface ChatDialect {
  /** For warnings: "OpenAI", "Gemini", the connection's name. */
  name: string;
  maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Open-weight servers support `top_k`; OpenAI and Gemini's endpoint reject unknown fields. */
  topK: boolean;
  /** OpenAI needs its strict subset; the others accept the schema unchanged. */
  structuredOutput: 'strict' | 'as-is';
  /** PDF as a `file` part. */
  pdf: boolean;
  /** The efforts that the endpoint supports, whatever the model; undefined: all. */
  efforts?: readonly ReasoningEffort[];
  /** Gemini attaches thought signatures to tool calls (`extra_content`), and they must be sent back with them. */
  thoughtSignatures: boolean;
}

type MessageParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ContentPart = OpenAI.Chat.Completions.ChatCompletionContentPart;
type ToolCallParam = OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall;

/** What decides how a request is mapped, and the warnings about what is left out. */
export interface MapContext {
  dialect: ChatDialect;
  can: Capabilities;
  warnings: ChatWarning[];
}

/** Messages in OpenAI's shape: one `tool` message per result, tool calls on the assistant's message. */
export function toOpenAiMessages(messages: readonly Message[], context: MapContext): MessageParam[] {
  return messages.flatMap((message): MessageParam[] => {
    if (message.role === 'assistant') return [toAssistant(message, context)];
    const results = message.parts.filter((part) => part.type === 'tool-result').map(toToolMessage);
    const rest = message.parts.filter((part) => part.type !== 'tool-result');
    if (rest.length === 0) return results;
    if (message.role === 'system') return [...results, { role: 'system', content: joinText(rest) }];
    return [...results, { role: 'user', content: toContent(rest, context) }];
  });
}

function toToolMessage(part: Extract<Part, { type: 'tool-result' }>): MessageParam {
  const content = part.isError ? `Error: ${part.output}` : part.output;
  return { role: 'tool', tool_call_id: part.id, content };
}

function toAssistant(message: Message, { dialect }: MapContext): MessageParam {
  const text = joinText(message.parts);
  const signatures = dialect.thoughtSignatures ? readThoughtSignatures(message.parts) : new Map<string, string>();
  const calls = message.parts
    .filter((part) => part.type === 'tool-call')
    .map((part) => withSignature(toToolCall(part), signatures.get(part.id)));
  return calls.length > 0
    ? { role: 'assistant', content: text === '' ? null : text, tool_calls: calls }
    : { role: 'assistant', content: text };
}

function toToolCall(part: Extract<Part, { type: 'tool-call' }>): ToolCallParam {
  const args = typeof part.input === 'string' ? part.input : JSON.stringify(part.input ?? {});
  return { id: part.id, type: 'function', function: { name: part.name, arguments: args } };
}

function withSignature(call: ToolCallParam, signature: string | undefined): ToolCallParam {
  if (signature === undefined) return call;
  const signed: ToolCallParam & { extra_content: unknown } = {
    ...call,
    extra_content: { google: { thought_signature: signature } },
  };
  return signed;
}

const SIGNATURE_PREFIX = 'google-tool-call:';

/** A Gemini thought signature belongs to one tool call; it is stored as the signature of an empty reasoning part. */
export function packThoughtSignature(toolCallId: string, signature: string): string {
  return SIGNATURE_PREFIX + JSON.stringify([toolCallId, signature]);
}

export function readThoughtSignatures(parts: readonly Part[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of parts) {
    if (part.type !== 'reasoning' || !part.signature?.startsWith(SIGNATURE_PREFIX)) continue;
    try {
      const [id, signature]: unknown[] = JSON.parse(part.signature.slice(SIGNATURE_PREFIX.length));
      if (typeof id === 'string' && typeof signature === 'string') found.set(id, signature);
    } catch {
      // A signature that was tampered with is useless to the provider, too.
    }
  }
  return found;
}

function toContent(parts: readonly Part[], context: MapContext): string | ContentPart[] {
  if (parts.every((part) => part.type === 'text')) return joinText(parts);
  return parts.flatMap((part): ContentPart[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    return part.type === 'media' ? toMedia(part, context) : [];
  });
}

function toMedia(part: Extract<Part, { type: 'media' }>, { dialect, can, warnings }: MapContext): ContentPart[] {
  const media = readMedia(part);
  if (media.kind === 'text') return [{ type: 'text', text: media.text }];
  if (media.kind === 'image' && can.images !== false) {
    const url = 'url' in media ? media.url : toDataUrl(media.contentType, media.base64);
    return [{ type: 'image_url', image_url: { url } }];
  }
  if (media.kind === 'pdf' && dialect.pdf && can.pdf !== false && 'base64' in media) {
    const data = toDataUrl(media.contentType, media.base64);
    return [{ type: 'file', file: { filename: 'document.pdf', file_data: data } }];
  }
  const address = media.kind === 'pdf' && 'url' in media && dialect.pdf ? ' by URL; pass it as a file' : '';
  warnings.push({
    code: 'media-unsupported',
    message: `A part of type ${media.contentType} was left out: ${dialect.name} does not support it here${address}.`,
  });
  return [];
}

function joinText(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}
