import { isRecord } from '../../base/is-record.ts';
import { asText, type DraftMessage, type Inputs, type ToolCalls, toRole } from './draft.ts';
import { mediaPart } from './template/media-part.ts';
import { joinParts, type MessagePart } from './template/message-parts.ts';
import { hasContent, literal, type Piece } from './template/pieces.ts';
import { callParts, contentParts, type Reading, resultParts } from './tool-messages.ts';

type ConvertText = (text: string) => Piece[];

interface ChatContext {
  inputs: Inputs;
  notes: string[];
  /** Converts the texts' own placeholders; without it they are literal. */
  convert?: ConvertText;
  /** Calls of earlier messages, for callers that read a conversation message by message. */
  calls?: ToolCalls;
}

/** The messages of a chat request as templates. */
export function readChatMessages(list: readonly unknown[], context: ChatContext): DraftMessage[] {
  const reading: Reading = {
    ...context,
    convert: context.convert ?? literal,
    calls: context.calls ?? { open: [], count: 0 },
  };
  return list.flatMap((item) => readMessage(item, reading));
}

function readMessage(item: unknown, reading: Reading): DraftMessage[] {
  const { notes, convert } = reading;
  if (typeof item === 'string') return [{ role: 'user', content: convert(item) }];
  if (!isRecord(item)) return [];
  if (item.type === 'placeholder' || item.type === 'messages_placeholder') {
    const name = asText(item.name);
    if (name && name !== 'history') notes.push(`The messages of \`${name}\` go where \`{{history}}\` is.`);
    return [{ role: 'user', content: [], history: true }];
  }
  noteKeys(item, notes);
  const own = messageOfItem(item, reading);
  if (own) return own;
  const role = toRole(item.role, notes);
  const { results, calls, rest } = contentParts(item.content, reading);
  const parts: MessagePart[] = [
    ...rest.flatMap((part) => readPart(part, reading)),
    ...calls,
    ...callParts(item, reading),
  ];
  const messages: DraftMessage[] = results.length > 0 ? [{ role: 'tool', content: joinParts(results) }] : [];
  const content = joinParts(parts);
  return hasContent(content) ? [...messages, { role, content }] : messages;
}

/** Items of the responses API that are a call or its result, and a tool's messages of the chat API. */
function messageOfItem(item: Record<string, unknown>, reading: Reading): DraftMessage[] | undefined {
  if (item.type === 'function_call') {
    return [{ role: 'model', content: joinParts(callParts({ tool_calls: [item] }, reading)) }];
  }
  const isResult = item.type === 'function_call_output' || /^(?:tool|function)$/i.test(String(item.role));
  if (isResult) return [{ role: 'tool', content: joinParts(resultParts(item, reading)) }];
  if (item.type !== undefined && item.type !== 'message' && item.role === undefined) {
    reading.notes.push(`An item of type \`${String(item.type)}\` is not imported.`);
    return [];
  }
  return undefined;
}

const KEYS = new Set(
  'role content type id status tool_calls tool_call_id function_call name call_id arguments output parts'.split(' '),
);

function noteKeys(item: Record<string, unknown>, notes: string[]): void {
  for (const [key, value] of Object.entries(item)) {
    const isDropped =
      !KEYS.has(key) || (key === 'name' && item.type === undefined && !/tool|function/i.test(String(item.role)));
    if (isDropped && value !== null && value !== undefined)
      notes.push(`The key \`${key}\` of a message is not imported.`);
  }
}

/** One part of a message's content. */
function readPart(part: unknown, { inputs, notes, convert }: Reading): MessagePart[] {
  if (typeof part === 'string') return [{ text: convert(part) }];
  if (!isRecord(part)) return [];
  const { type, text, image_url, source, ...more } = part;
  for (const key of Object.keys(more)) notes.push(`The key \`${key}\` of a part of a message is not imported.`);
  if (typeof text === 'string') return text === '' ? [] : [{ text: convert(text) }];
  const image = isRecord(image_url) ? image_url.url : image_url;
  if (isRecord(image_url) && image_url.detail !== undefined && image_url.detail !== 'auto')
    notes.push('The detail level of an image is not imported.');
  const named = isRecord(source) ? (source.url ?? dataUrl(source)) : undefined;
  const url = [image, named].find((value) => typeof value === 'string');
  if (typeof url === 'string') return [mediaPart(convert(url), { inputs, notes })];
  notes.push(`A part of type \`${String(type)}\` is not imported.`);
  return [];
}

function dataUrl({ media_type, data }: Record<string, unknown>): string | undefined {
  return typeof data === 'string' ? `data:${String(media_type)};base64,${data}` : undefined;
}
