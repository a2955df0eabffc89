import { isRecord } from '../../../shared/is-record.ts';
import type { Message, Part } from '../../models/chat-model.ts';
import { readCall } from './read-tool-calls.ts';

/** The roles of OpenAI's API, and those of LangChain and ragas. */
const ROLE_NAMES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  tool: 'tool',
};

/** A conversation of a dataset: a list of messages with `role` (or `type`) and `content`. Undefined if it is none. */
export function readMessages(value: unknown): Message[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const messages = value.map(readMessage);
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

function readMessage(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  const role = ROLE_NAMES[String(value.role ?? value.type).toLowerCase()];
  const text = textOf(value.content);
  const calls = Array.isArray(value.tool_calls) ? value.tool_calls.map(readCall) : [];
  if (role === undefined || text === undefined || calls.includes(undefined)) return undefined;
  if (role === 'tool') {
    const id = String(value.tool_call_id ?? '');
    return { role, parts: [{ type: 'tool-result', id, name: String(value.name ?? ''), output: text }] };
  }
  const parts: Part[] = text === '' ? [] : [{ type: 'text', text }];
  for (const [index, call] of calls.entries()) {
    const written: unknown = Array.isArray(value.tool_calls) ? value.tool_calls[index] : undefined;
    const id = isRecord(written) ? String(written.id ?? '') : '';
    if (call) parts.push({ type: 'tool-call', id, name: call.name, input: call.arguments });
  }
  return { role, parts };
}

/** Text, or a list of parts that are all text; no content is that of a message with only tool calls. */
function textOf(content: unknown): string | undefined {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part: unknown) => {
    return isRecord(part) && typeof part.text === 'string' ? part.text : undefined;
  });
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}
