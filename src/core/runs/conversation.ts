import { UserError } from '../base/errors.ts';
import type { Message, Part } from '../models/chat-model.ts';

/** What follows an answer: a user's turn, results for its tool calls, or both. */
export interface NextTurn {
  text?: string;
  toolResults?: { id: string; name: string; output: string; isError?: boolean }[];
}

/**
 * The messages of the next request: those sent before, the answer, then what follows it. Providers refuse a
 * conversation in which a tool call has no result, so each call must have one.
 */
export function continueConversation(sent: Message[], answer: Message, next: NextTurn): Message[] {
  const calls = answer.parts.filter((part) => part.type === 'tool-call');
  const results = next.toolResults ?? [];
  const unknown = results.find(({ id }) => calls.every((call) => call.id !== id));
  if (unknown) throw turnError(`The answer has no tool call "${unknown.id}" (${unknown.name}).`);
  const open = calls.find((call) => results.every(({ id }) => id !== call.id));
  if (open) throw turnError(`The tool call "${open.name}" has no result yet.`, 'Type in a result for each tool call.');
  const text = next.text?.trim() ? next.text : undefined;
  if (results.length === 0 && text === undefined) throw turnError('There is nothing to go on with.', 'Type a message.');
  const turns: Message[] = [...sent, { role: 'assistant', parts: sendable(answer.parts) }];
  const parts = results.map((result): Part => ({ type: 'tool-result', ...result }));
  if (parts.length > 0) turns.push({ role: 'tool', parts });
  if (text !== undefined) turns.push({ role: 'user', parts: [{ type: 'text', text }] });
  return turns;
}

/** The turns so far as a template's `{{history}}`: everything but the system's text. */
export function historyOf(sent: Message[], answer: Message | undefined): Message[] {
  const turns = sent.filter(({ role }) => role !== 'system');
  return answer ? [...turns, { role: 'assistant', parts: sendable(answer.parts) }] : turns;
}

/** An answer that was stopped before its first word still has a turn, which may not be empty. */
function sendable(parts: Part[]): Part[] {
  return parts.some((part) => part.type !== 'reasoning') ? parts : [...parts, { type: 'text', text: '…' }];
}

function turnError(message: string, hint = 'Run the column again, then go on from its answer.'): UserError {
  return new UserError(message, { code: 'usage', hint });
}
