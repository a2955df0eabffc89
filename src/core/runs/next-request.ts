import type { Message } from '../models/chat-model.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import { continueConversation, historyOf, type NextTurn, placesHistory, placeTurn } from './conversation.ts';

/** A conversation so far, and what follows it. */
export interface Conversation {
  input: Record<string, unknown>;
  /** The messages of the last run, and the assistant's turn. */
  sent: Message[];
  answer: Message;
  next: NextTurn;
}

/** The messages that follow an answer; a template with `{{history}}` is rendered again around the turns so far. */
export async function nextRequest(
  { render }: Pick<Prompts, 'render'>,
  prompt: Prompt,
  { input, sent, answer, next }: Conversation,
): Promise<Message[]> {
  const messages = continueConversation(sent, answer, next);
  const turn = messages.at(-1);
  // Results of tool calls must follow the calls directly: nothing from the template may come between.
  if (turn?.role !== 'user' || next.toolResults?.length || !placesHistory(prompt.template.text)) return messages;
  const history = historyOf(messages.slice(0, -1), undefined);
  const rendered = await render(prompt, { input, history });
  return placeTurn(rendered.messages, history, turn) ?? messages;
}
