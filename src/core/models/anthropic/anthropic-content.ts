import type Anthropic from '@anthropic-ai/sdk';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type { ChatWarning, Message, Part } from '../chat-model.ts';
import { readMedia } from '../transport/media.ts';

interface MapContext {
  can: Capabilities;
  warnings: ChatWarning[];
  /** Marks the system text and the last large block for Anthropic's prompt cache. */
  cache: boolean;
}

type Block = Anthropic.ContentBlockParam;

const REDACTED_PREFIX = 'redacted-thinking:';
/** Below this a block cannot reach the smallest cacheable prefix (1,024 tokens) by itself. */
const SMALLEST_CACHED_CHARS = 2_000;
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

/** Encrypted thinking is carried as a signature, so that a conversation can continue. */
export function packRedactedThinking(data: string): string {
  return REDACTED_PREFIX + data;
}

/** Leading system messages become `system`, tool results go into user turns, adjacent messages of a role are joined. */
export function toAnthropicMessages(
  messages: readonly Message[],
  context: MapContext,
): { system: Anthropic.TextBlockParam[]; messages: Anthropic.MessageParam[] } {
  const firstTurn = messages.findIndex(({ role }) => role !== 'system');
  const turns = firstTurn === -1 ? [] : messages.slice(firstTurn);
  const system = messages.slice(0, firstTurn === -1 ? undefined : firstTurn).flatMap(({ parts }) => toSystem(parts));
  const result: Anthropic.MessageParam[] = [];
  for (const message of turns) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    if (message.role === 'system') warnFolded(context.warnings);
    const content = message.parts.flatMap((part) => toBlocks(part, context));
    if (content.length === 0) continue;
    const last = result.at(-1);
    if (last?.role === role && Array.isArray(last.content)) last.content.push(...content);
    else result.push({ role, content });
  }
  if (context.cache) markForCache(system, result);
  return { system, messages: result };
}

function toSystem(parts: readonly Part[]): Anthropic.TextBlockParam[] {
  return parts.flatMap((part) =>
    part.type === 'text' && part.text !== '' ? [{ type: 'text' as const, text: part.text }] : [],
  );
}

function warnFolded(warnings: ChatWarning[]): void {
  if (warnings.some(({ code }) => code === 'system-folded')) return;
  warnings.push({
    code: 'system-folded',
    message:
      'A system message inside the conversation was sent as part of the user’s turn: Anthropic accepts system text only at the start.',
  });
}

function toBlocks(part: Part, context: MapContext): Block[] {
  switch (part.type) {
    case 'text':
      // Empty text blocks are rejected.
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'media':
      return toMediaBlocks(part, context);
    case 'tool-call':
      return [
        { type: 'tool_use', id: part.id, name: part.name, input: typeof part.input === 'object' ? part.input : {} },
      ];
    case 'tool-result':
      return [
        {
          type: 'tool_result',
          tool_use_id: part.id,
          content: part.output,
          ...(part.isError ? { is_error: true } : {}),
        },
      ];
    case 'reasoning':
      return toThinking(part);
  }
}

/** Thinking without its signature would be rejected, and other providers' reasoning means nothing here. */
function toThinking({ text, signature }: Extract<Part, { type: 'reasoning' }>): Block[] {
  if (signature === undefined || signature.startsWith('google-')) return [];
  if (signature.startsWith(REDACTED_PREFIX)) {
    return [{ type: 'redacted_thinking', data: signature.slice(REDACTED_PREFIX.length) }];
  }
  return [{ type: 'thinking', thinking: text, signature }];
}

function toMediaBlocks(part: Extract<Part, { type: 'media' }>, { can, warnings }: MapContext): Block[] {
  const media = readMedia(part);
  if (media.kind === 'text') return [{ type: 'text', text: media.text }];
  if (media.kind === 'image' && can.images !== false) {
    if ('url' in media) return [{ type: 'image', source: { type: 'url', url: media.url } }];
    const mediaType = IMAGE_TYPES.find((type) => type === media.contentType);
    if (mediaType) return [{ type: 'image', source: { type: 'base64', media_type: mediaType, data: media.base64 } }];
  }
  if (media.kind === 'pdf' && can.pdf !== false) {
    const source =
      'url' in media
        ? { type: 'url' as const, url: media.url }
        : { type: 'base64' as const, media_type: 'application/pdf' as const, data: media.base64 };
    return [{ type: 'document', source }];
  }
  warnings.push({
    code: 'media-unsupported',
    message: `A part of type ${media.contentType} was left out: this model supports JPEG, PNG, GIF, WebP${can.pdf === false ? '' : ' and PDF'}.`,
  });
  return [];
}

/** Two breakpoints of the four allowed: the system text, and the end of the last large block of the last turn. */
function markForCache(system: Anthropic.TextBlockParam[], messages: Anthropic.MessageParam[]): void {
  const mark = { type: 'ephemeral' } as const;
  const lastSystem = system.at(-1);
  if (lastSystem) lastSystem.cache_control = mark;
  const content = messages.at(-1)?.content;
  if (!Array.isArray(content)) return;
  const large =
    content.findLast((block) => sizeOf(block) >= SMALLEST_CACHED_CHARS) ?? (lastSystem ? undefined : content.at(-1));
  if (large && large.type !== 'thinking' && large.type !== 'redacted_thinking' && 'type' in large) {
    Object.assign(large, { cache_control: mark });
  }
}

function sizeOf(block: Block): number {
  if (block.type === 'text') return block.text.length;
  if (block.type === 'image' || block.type === 'document') return SMALLEST_CACHED_CHARS;
  return block.type === 'tool_result' && typeof block.content === 'string' ? block.content.length : 0;
}
