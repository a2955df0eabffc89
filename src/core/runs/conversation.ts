import { UserError } from '../base/errors.ts';
import type { Message, Part } from '../models/chat-model.ts';

/** What follows an answer: a user's turn, results for its tool calls, or both. */
export interface NextTurn {
  text?: string;
  toolResults?: { id: string; name: string; output: string; isError?: boolean }[];
}

/**
 * The messages of the next request: the previous ones, the answer, then what follows it. Providers reject a
 * conversation with a tool call without a result, so each call must have one.
 */
export function continueConversation(sent: Message[], answer: Message, next: NextTurn): Message[] {
  const calls = answer.parts.filter((part) => part.type === 'tool-call');
  const results = next.toolResults ?? [];
  const unknown = results.find(({ id }) => calls.every((call) => call.id !== id));
  if (unknown) throw turnError(`The answer has no tool call "${unknown.id}" (${unknown.name}).`);
  const open = calls.find((call) => results.every(({ id }) => id !== call.id));
  if (open) throw turnError(`The tool call "${open.name}" has no result yet.`, 'Enter a result for each tool call.');
  const text = next.text?.trim() ? next.text : undefined;
  if (results.length === 0 && text === undefined) throw turnError('There is nothing to send.', 'Enter a message.');
  const turns: Message[] = [...sent, { role: 'assistant', parts: sendable(answer.parts) }];
  const parts = results.map((result): Part => ({ type: 'tool-result', ...result }));
  if (parts.length > 0) turns.push({ role: 'tool', parts });
  if (text !== undefined) turns.push({ role: 'user', parts: [{ type: 'text', text }] });
  return turns;
}

/** The turns so far for a template's `{{history}}`: everything except the system text. */
export function historyOf(sent: Message[], answer: Message | undefined): Message[] {
  const turns = sent.filter(({ role }) => role !== 'system');
  return answer ? [...turns, { role: 'assistant', parts: sendable(answer.parts) }] : turns;
}

/** True if the template itself determines the place of earlier turns. */
export function placesHistory(template: string): boolean {
  return /\{\{~?\s*history\s*~?\}\}/.test(template);
}

/**
 * The next request of a prompt with `{{history}}`: `rendered` is the template with the turns so far in their place. Its
 * text before and after them stays (for example a reminder to the system); its own last question was asked already, so
 * `turn` replaces it. Undefined if the template omitted the turns.
 */
export function placeTurn(rendered: Message[], history: Message[], turn: Message): Message[] | undefined {
  const last = rendered.findLastIndex((message) => history.includes(message));
  if (last < 0) return undefined;
  const question = rendered.findLastIndex(({ role }, index) => role === 'user' && index > last);
  return question < 0 ? [...rendered, turn] : [...rendered.slice(0, question), turn, ...rendered.slice(question + 1)];
}

/** An answer that was stopped before its first word still has a turn, which may not be empty. */
function sendable(parts: Part[]): Part[] {
  return parts.some((part) => part.type !== 'reasoning') ? parts : [...parts, { type: 'text', text: '…' }];
}

function turnError(message: string, hint = 'Run the column again, then continue from its answer.'): UserError {
  return new UserError(message, { code: 'usage', hint });
}
