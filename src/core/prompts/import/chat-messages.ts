import { asText, type Draft, type DraftMessage, isRecord, toRole } from './draft.ts';
import { escapeText } from './literal-text.ts';

export type ConvertText = (text: string) => string;

/** The messages of a chat request as templates. `convert` reads the texts' own placeholders; without it they are literal. */
export function readChatMessages(
  list: readonly unknown[],
  notes: string[],
  convert: ConvertText = escapeText,
): DraftMessage[] {
  return list.flatMap((item): DraftMessage[] => {
    if (typeof item === 'string') return [{ role: 'user', text: convert(item) }];
    if (!isRecord(item)) return [];
    if (item.type === 'placeholder' || item.type === 'messages_placeholder') {
      const name = asText(item.name);
      if (name && name !== 'history') notes.push(`The messages of \`${name}\` go where \`{{history}}\` stands.`);
      return [{ role: 'user', text: '', history: true }];
    }
    if (item.tool_calls) notes.push('Calls of tools inside the conversation are not carried.');
    const text = contentText(item.content, notes, convert);
    return text.trim() === '' ? [] : [{ role: toRole(item.role, notes), text }];
  });
}

function contentText(content: unknown, notes: string[], convert: ConvertText): string {
  if (typeof content === 'string') return convert(content);
  if (!Array.isArray(content)) {
    if (content !== undefined && content !== null) notes.push('A message whose content is no text is not carried.');
    return '';
  }
  return content.map((part) => partText(part, notes, convert)).join('\n');
}

function partText(part: unknown, notes: string[], convert: ConvertText): string {
  if (typeof part === 'string') return convert(part);
  if (!isRecord(part)) return '';
  if (typeof part.text === 'string') return convert(part.text);
  const image = isRecord(part.image_url) ? part.image_url.url : part.image_url;
  const source = isRecord(part.source) ? (part.source.url ?? dataUrl(part.source)) : undefined;
  const url = [image, source].find((value) => typeof value === 'string');
  if (typeof url === 'string') {
    const variable = /^\s*\{\{\s*([A-Za-z_][\w.]*)\s*\}\}\s*$/.exec(convert(url));
    return variable ? `{{media url=${variable[1]}}}` : `{{media url=${JSON.stringify(url)}}}`;
  }
  notes.push(`A part of type \`${String(part.type)}\` is not carried.`);
  return '';
}

function dataUrl({ media_type, data }: Record<string, unknown>): string | undefined {
  return typeof data === 'string' ? `data:${String(media_type)};base64,${data}` : undefined;
}

/** A file can hold only so much of one conversation: neighbours of one role are one message. */
export function joinNeighbours(draft: Draft): void {
  const joined: DraftMessage[] = [];
  for (const message of draft.messages) {
    const last = joined.at(-1);
    if (last && last.role === message.role && !last.history && !message.history && message.role === 'system') {
      last.text = `${last.text.trimEnd()}\n\n${message.text.trimStart()}`;
    } else joined.push({ ...message });
  }
  draft.messages = joined;
}
