import { isRecord } from '../../base/is-record.ts';
import { isJson } from '../../base/json/is-json.ts';
import { writeToolCallSection, writeToolResultSection } from '../render/tool-sections.ts';
import { asText, type Inputs, type ToolCalls } from './draft.ts';
import { type MessagePart, textPart } from './template/message-parts.ts';
import type { Piece } from './template/pieces.ts';

export interface Reading {
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
export function contentParts(content: unknown, reading: Reading): SortedContent {
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
export function callParts(item: Record<string, unknown>, reading: Reading): MessagePart[] {
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
export function resultParts(item: Record<string, unknown>, reading: Reading): MessagePart[] {
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
