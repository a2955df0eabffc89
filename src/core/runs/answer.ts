import type { Message, Part } from '../models/chat-model.ts';
import type { ToolCall } from './events.ts';

/** What has arrived of an answer, in the order in which it came. */
export interface Answer {
  addText(text: string): void;
  /** A signature closes the block of reasoning that it proves. */
  addReasoning(text: string, signature: string | undefined): void;
  addToolCall(call: ToolCall): void;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: ToolCall[];
  /** The assistant's turn, as the next request of a conversation sends it back. */
  message(): Message;
}

export function createAnswer(): Answer {
  const parts: Part[] = [];
  const toolCalls: ToolCall[] = [];
  let text = '';
  let reasoning = '';
  return {
    addText(delta) {
      text += delta;
      const last = parts.at(-1);
      if (last?.type === 'text') last.text += delta;
      else parts.push({ type: 'text', text: delta });
    },
    addReasoning(delta, signature) {
      reasoning += delta;
      const last = parts.at(-1);
      const open = last?.type === 'reasoning' && last.signature === undefined ? last : undefined;
      if (open) open.text += delta;
      const part = open ?? { type: 'reasoning' as const, text: delta };
      if (signature !== undefined) part.signature = signature;
      if (!open) parts.push(part);
    },
    addToolCall(call) {
      toolCalls.push(call);
      parts.push({ type: 'tool-call', ...call });
    },
    get text() {
      return text;
    },
    get reasoning() {
      return reasoning;
    },
    toolCalls,
    message: () => ({ role: 'assistant', parts: parts.map((part) => ({ ...part })) }),
  };
}
