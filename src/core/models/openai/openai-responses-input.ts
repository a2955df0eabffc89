import type OpenAI from 'openai';
import type { Message, Part } from '../chat-model.ts';
import { readMedia, toDataUrl } from '../transport/media.ts';
import type { MapContext } from './openai-messages.ts';

type Item = OpenAI.Responses.ResponseInputItem;
type Content = OpenAI.Responses.ResponseInputContent;

const REASONING_PREFIX = 'openai-reasoning:';

/** An encrypted reasoning item is stored as the signature of a reasoning part and sent back unchanged. */
export function packReasoning(id: string, encrypted: string): string {
  return REASONING_PREFIX + JSON.stringify([id, encrypted]);
}

/** A conversation as the flat list of items for the Responses API. */
export function toResponsesInput(messages: readonly Message[], context: MapContext): Item[] {
  return messages.flatMap((message) => {
    const items: Item[] = [];
    const content: Content[] = [];
    const flush = () => {
      if (content.length === 0) return;
      if (message.role === 'assistant') items.push({ role: 'assistant', content: joinText(content) });
      else items.push({ role: message.role === 'system' ? 'system' : 'user', content: [...content] });
      content.length = 0;
    };
    for (const part of message.parts) {
      const item = toItem(part);
      if (item) {
        flush();
        items.push(item);
      } else content.push(...toContent(part, context));
    }
    flush();
    return items;
  });
}

function toItem(part: Part): Item | undefined {
  if (part.type === 'tool-call') {
    const args = typeof part.input === 'string' ? part.input : JSON.stringify(part.input ?? {});
    return { type: 'function_call', call_id: part.id, name: part.name, arguments: args };
  }
  if (part.type === 'tool-result') {
    const output = part.isError ? `Error: ${part.output}` : part.output;
    return { type: 'function_call_output', call_id: part.id, output };
  }
  return part.type === 'reasoning' ? unpackReasoning(part.signature) : undefined;
}

function unpackReasoning(signature: string | undefined): Item | undefined {
  if (!signature?.startsWith(REASONING_PREFIX)) return undefined;
  try {
    const [id, encrypted]: unknown[] = JSON.parse(signature.slice(REASONING_PREFIX.length));
    if (typeof id !== 'string' || typeof encrypted !== 'string') return undefined;
    return { type: 'reasoning', id, summary: [], encrypted_content: encrypted };
  } catch {
    return undefined;
  }
}

function toContent(part: Part, { dialect, can, warnings }: MapContext): Content[] {
  if (part.type === 'text') return part.text === '' ? [] : [{ type: 'input_text', text: part.text }];
  if (part.type !== 'media') return [];
  const media = readMedia(part);
  if (media.kind === 'text') return [{ type: 'input_text', text: media.text }];
  const url = 'url' in media ? media.url : toDataUrl(media.contentType, media.base64);
  if (media.kind === 'image' && can.images !== false) return [{ type: 'input_image', image_url: url, detail: 'auto' }];
  if (media.kind === 'pdf' && can.pdf !== false) {
    return 'url' in media
      ? [{ type: 'input_file', file_url: url }]
      : [{ type: 'input_file', filename: 'document.pdf', file_data: url }];
  }
  warnings.push({
    code: 'media-unsupported',
    message: `A part of type ${media.contentType} was left out: ${dialect.name} does not support it here.`,
  });
  return [];
}

function joinText(content: readonly Content[]): string {
  return content.flatMap((part) => (part.type === 'input_text' ? [part.text] : [])).join('');
}
