import type { Message, Part } from '../../models/chat-model.ts';
import type { ToolCall } from '../events.ts';
import { GrowingText } from './growing-text.ts';

type Growing =
  | { type: 'text'; text: GrowingText }
  | { type: 'reasoning'; text: GrowingText; signature: string | undefined }
  | { type: 'tool-call'; call: ToolCall };

export type Answer = ReturnType<typeof createAnswer>;

/** The received parts of an answer, in their order. */
export function createAnswer() {
  const parts: Growing[] = [];
  const toolCalls: ToolCall[] = [];
  const textOf = (type: 'text' | 'reasoning'): string =>
    parts.reduce((all, part) => (part.type === type ? all + part.text.toString() : all), '');
  return {
    addText(delta: string): void {
      const last = parts.at(-1);
      const open = last?.type === 'text' ? last : { type: 'text' as const, text: new GrowingText() };
      open.text.add(delta);
      if (open !== last) parts.push(open);
    },
    /** A signature closes the reasoning block that it belongs to. */
    addReasoning(delta: string, signature: string | undefined): void {
      const last = parts.at(-1);
      const goesOn = last?.type === 'reasoning' && last.signature === undefined;
      const open = goesOn ? last : { type: 'reasoning' as const, text: new GrowingText(), signature };
      open.text.add(delta);
      open.signature = signature;
      if (open !== last) parts.push(open);
    },
    addToolCall(call: ToolCall): void {
      toolCalls.push(call);
      parts.push({ type: 'tool-call', call });
    },
    get text() {
      return textOf('text');
    },
    get reasoning() {
      return textOf('reasoning');
    },
    toolCalls,
    /** The assistant's turn, as the next request of a conversation sends it back. */
    message: (): Message => ({ role: 'assistant', parts: parts.map(toPart) }),
  };
}

function toPart(part: Growing): Part {
  if (part.type === 'tool-call') return { type: 'tool-call', ...part.call };
  if (part.type === 'text') return { type: 'text', text: part.text.toString() };
  const { signature } = part;
  const text = part.text.toString();
  return { type: 'reasoning', text, ...(signature === undefined ? {} : { signature }) };
}
