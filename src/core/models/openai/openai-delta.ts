import { isRecord } from '../../../shared/is-record.ts';
import type { ChatEvent } from '../chat-model.ts';
import type { OmittedParts } from '../transport/omitted-parts.ts';
import { listOf, recordOf, textOf } from '../transport/plain-json.ts';

type Delta = Record<string, unknown>;

/** The field names of compatible servers for thoughts; the first one that is filled in counts. */
const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'] as const;
const MEDIA_KINDS: Record<string, string> = {
  image: 'image',
  image_url: 'image',
  output_image: 'image',
  input_audio: 'audio clip',
  audio: 'audio clip',
  file: 'file',
};

/** The text and the thoughts in a delta or a whole message, in any of the known shapes. */
export function deltaEvents(delta: Delta, omitted: OmittedParts): ChatEvent[] {
  const thought = recordOf(recordOf(delta.extra_content)?.google)?.thought === true;
  const events = [...reasoningEvents(delta), ...contentEvents(delta.content, omitted)];
  for (const image of listOf(delta.images)) if (isRecord(image)) omitted.add('image');
  const audio = recordOf(delta.audio);
  const spoken = textOf(audio?.transcript);
  if (spoken !== undefined) events.push({ type: 'text-delta', text: spoken });
  // The clip comes in many pieces, of which the first has its id.
  if (textOf(audio?.id) !== undefined) omitted.add('audio clip');
  return thought ? events.map(toThought) : events;
}

function reasoningEvents(delta: Delta): ChatEvent[] {
  for (const field of REASONING_FIELDS) {
    const text = flatText(delta[field]);
    if (text !== '') return [{ type: 'reasoning-delta', text }];
  }
  const texts = listOf(delta.reasoning_details).flatMap((detail) => {
    const { text, summary } = recordOf(detail) ?? {};
    return textOf(text) ?? textOf(summary) ?? [];
  });
  return texts.length === 0 ? [] : [{ type: 'reasoning-delta', text: texts.join('') }];
}

/** A text, or the list of parts that Mistral and others send instead; an object is never converted to text. */
function contentEvents(content: unknown, omitted: OmittedParts): ChatEvent[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text-delta', text: content }];
  if (typeof content === 'number' || typeof content === 'boolean')
    return [{ type: 'text-delta', text: String(content) }];
  const parts = isRecord(content) ? [content] : listOf(content);
  return parts.flatMap((part) => partEvents(part, omitted));
}

function partEvents(part: unknown, omitted: OmittedParts): ChatEvent[] {
  if (!isRecord(part)) return contentEvents(part, omitted);
  const type = textOf(part.type) ?? 'text';
  if (/thinking|reasoning|thought/.test(type)) {
    const text = flatText(part.thinking ?? part.reasoning ?? part.summary ?? part.text ?? part.content);
    return text === '' ? [] : [{ type: 'reasoning-delta', text }];
  }
  const kind = MEDIA_KINDS[type];
  if (kind !== undefined) {
    omitted.add(kind);
    return [];
  }
  const text = flatText(part.text ?? part.content ?? part.refusal);
  if (text !== '') return [{ type: 'text-delta', text }];
  // An empty text, or one that only refers to sources.
  if (!/text|reference|citation/.test(type)) omitted.add(`part of type ${type}`);
  return [];
}

/** Thoughts are lists of texts inside their part. */
function flatText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flatText).join('');
  return isRecord(value) ? flatText(value.text ?? value.thinking ?? value.value ?? value.content ?? '') : '';
}

/** Gemini marks thoughts in `extra_content` and wraps them in a tag. */
function toThought(event: ChatEvent): ChatEvent {
  if (event.type !== 'text-delta') return event;
  return { type: 'reasoning-delta', text: event.text.replace(/^<thought>|<\/thought>$/g, '') };
}
