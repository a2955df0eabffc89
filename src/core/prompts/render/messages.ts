import type { Message as DotpromptMessage, Part as DotpromptPart } from 'dotprompt';
import { UserError } from '../../base/errors.ts';
import type { Message, Part } from '../../models/chat-model.ts';
import type { MarkerGuard } from '../template/marker-guard.ts';
import { type MediaEnv, resolveMedia } from './media.ts';
import { nameToolResults, readToolSection, toToolPart } from './tool-sections.ts';

/**
 * Earlier turns as dotprompt's own type, so that `{{history}}` and its default place work. The template can see their
 * text; the originals are sent, found again by the identity of their content.
 */
export function toDotpromptHistory(history: readonly Message[]) {
  const originals = new Map<unknown, Message>();
  const messages = history.map((message): DotpromptMessage => {
    const content = message.parts.flatMap((part): DotpromptPart[] =>
      part.type === 'text' ? [{ text: part.text }] : [],
    );
    originals.set(content, message);
    return { role: message.role === 'assistant' ? 'model' : message.role, content };
  });
  return { messages, originals };
}

interface MessageContext {
  guard: MarkerGuard;
  originals: ReadonlyMap<unknown, Message>;
  /** The values that may refer to files. */
  media: ReadonlySet<string>;
  env: MediaEnv;
}

/** Maps dotprompt's rendered messages to ours. Except for those of tools, sections only structure the text. */
export async function toMessages(rendered: readonly DotpromptMessage[], context: MessageContext): Promise<Message[]> {
  const messages: Message[] = [];
  for (const message of rendered) {
    const original = context.originals.get(message.content);
    if (original) {
      messages.push(original);
      continue;
    }
    const parts = await toMessageParts(message.content, context);
    if (parts.length > 0) messages.push({ role: toRole(message.role), parts });
  }
  return nameToolResults(messages);
}

async function toMessageParts(content: readonly DotpromptPart[], context: MessageContext): Promise<Part[]> {
  const parts: Part[] = [];
  for (let index = 0; index < content.length; index += 1) {
    const part = content[index];
    if (part === undefined) continue;
    const purpose = 'text' in part ? undefined : part.metadata?.purpose;
    const section = typeof purpose === 'string' ? readToolSection(purpose) : undefined;
    if (section === undefined) {
      const mapped = await toPart(part, context);
      if (mapped) parts.push(mapped);
      continue;
    }
    const next = content[index + 1];
    const isText = next !== undefined && 'text' in next && next.text !== undefined;
    parts.push(toToolPart(section, isText ? context.guard.restore(String(next.text)) : ''));
    if (isText) index += 1;
  }
  return parts;
}

async function toPart(part: DotpromptPart, { guard, media, env }: MessageContext): Promise<Part | undefined> {
  if ('text' in part && part.text !== undefined) {
    const text = guard.restore(part.text);
    return text.trim() === '' ? undefined : { type: 'text', text };
  }
  if (!('media' in part) || part.media === undefined) return undefined;
  const url = guard.argument(part.media.url);
  const contentType = part.media.contentType ? guard.argument(part.media.contentType).text : undefined;
  return resolveMedia({ url: url.text, contentType, mayReadFile: url.literal || media.has(url.text) }, env);
}

function toRole(role: string): Message['role'] {
  if (role === 'model') return 'assistant';
  if (role === 'system' || role === 'user' || role === 'assistant' || role === 'tool') return role;
  throw new UserError(`Unknown role \`${role}\` in the template.`, {
    code: 'invalid-prompt',
    hint: 'Use system, user, model or tool.',
  });
}
