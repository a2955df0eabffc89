import { isRecord } from '../../../shared/is-record.ts';
import { isJson } from '../../base/json/is-json.ts';
import { writeToolCallSection, writeToolResultSection } from '../render/tool-sections.ts';
import { asText, type DraftMessage, type Inputs, type ToolCalls, toRole } from './draft.ts';
import { mediaPart } from './template/media-part.ts';
import { joinParts, type MessagePart, textPart } from './template/message-parts.ts';
import { hasContent, literal, type Piece } from './template/pieces.ts';

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

interface Reading {
  inputs: Inputs;
  notes: string[];
  convert: (text: string) => Piece[];
  calls: ToolCalls;
}

interface SortedContent {
  results: MessagePart[];
  calls: MessagePart[];
  /** Texts, images and other parts. */
  rest: unknown[];
}

/** A message's content as a list of parts; Anthropic includes calls and results. */
function contentParts(content: unknown, reading: Reading): SortedContent {
  if (content === undefined || content === null) return { results: [], calls: [], rest: [] };
  if (typeof content === 'string') return { results: [], calls: [], rest: [content] };
  if (!Array.isArray(content)) {
    reading.notes.push('A message whose content is not text is not imported.');
    return { results: [], calls: [], rest: [] };
  }
  const sorted: SortedContent = { results: [], calls: [], rest: [] };
  for (const part of content) {
    if (isRecord(part) && part.type === 'tool_use') {
      const { id, name, input } = part;
      sorted.calls.push(...callPart({ id, name, arguments: input }, reading));
    } else if (isRecord(part) && part.type === 'tool_result') {
      const { tool_use_id, content: output } = part;
      sorted.results.push(...resultParts({ tool_call_id: tool_use_id, content: output ?? '' }, reading));
    } else sorted.rest.push(part);
  }
  return sorted;
}

/** The calls of a message besides its text. */
function callParts(item: Record<string, unknown>, reading: Reading): MessagePart[] {
  const calls: Record<string, unknown>[] = Array.isArray(item.tool_calls) ? item.tool_calls.filter(isRecord) : [];
  const legacy: Record<string, unknown>[] = isRecord(item.function_call) ? [{ function: item.function_call }] : [];
  return [...calls, ...legacy].flatMap((call) => {
    const { name, arguments: given, args } = isRecord(call.function) ? call.function : call;
    return callPart({ id: call.call_id ?? call.id, name, arguments: given ?? args }, reading);
  });
}

function callPart(call: { id: unknown; name: unknown; arguments: unknown }, { calls, notes }: Reading): MessagePart[] {
  const name = asText(call.name);
  if (name === undefined) {
    notes.push('A call of a tool without a name is not imported.');
    return [];
  }
  calls.count += 1;
  const id = asText(call.id) ?? `call_${calls.count}`;
  const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {});
  if (text.trim() !== '' && !isJson(text))
    notes.push(`The arguments of the tool call \`${id}\` (${name}) are not valid JSON: a run will refuse them.`);
  calls.open.push({ id, name });
  return [{ tag: `{{section "${writeToolCallSection(id, name)}"}}` }, textPart(text.trim())];
}

/** A tool's result, at the position of the call that it answers. */
function resultParts(item: Record<string, unknown>, reading: Reading): MessagePart[] {
  const { calls, notes } = reading;
  const given = asText(item.tool_call_id) ?? asText(item.call_id);
  const found =
    given === undefined
      ? (calls.open.find(({ name }) => name === item.name) ?? calls.open[0])
      : calls.open.find(({ id }) => id === given);
  calls.open = calls.open.filter((call) => call !== found);
  const id = found?.id ?? given;
  const output = item.output ?? item.content;
  const text = typeof output === 'string' ? output : outputText(output, reading);
  if (!found) {
    notes.push(
      `The result of the tool call \`${id ?? 'without an id'}\` has no call before it: a run will refuse the prompt until you add the call.`,
    );
  }
  const content: MessagePart[] = text === '' ? [] : [{ text: reading.convert(text) }];
  return id === undefined ? content : [{ tag: `{{section "${writeToolResultSection(id)}"}}` }, ...content];
}

/** A result can contain only texts. */
function outputText(output: unknown, { notes }: Reading): string {
  if (!Array.isArray(output)) return output === undefined || output === null ? '' : JSON.stringify(output);
  const texts = output.map((part: unknown) => (isRecord(part) ? part.text : part));
  if (texts.some((text) => typeof text !== 'string'))
    notes.push('Content other than text in a tool result is not imported.');
  const kept = texts.filter((text) => typeof text === 'string');
  if (kept.length > 1) notes.push('The texts of a tool result were joined with line breaks.');
  return kept.join('\n');
}
