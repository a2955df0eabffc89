import type { Message } from '../../models/chat-model.ts';

/** A conversation in the shape of OpenAI's API, as `readMessages` reads it. Media and reasoning are left out. */
export function writeMessages(messages: readonly Message[]): Record<string, unknown>[] {
  return messages.map(({ role, parts }) => {
    const content = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const result = parts.find((part) => part.type === 'tool-result');
    if (result) return { role, tool_call_id: result.id, name: result.name, content: result.output };
    const calls = parts.flatMap((part) => {
      if (part.type !== 'tool-call') return [];
      return [{ id: part.id, type: 'function', function: { name: part.name, arguments: JSON.stringify(part.input) } }];
    });
    return calls.length > 0 ? { role, content, tool_calls: calls } : { role, content };
  });
}
