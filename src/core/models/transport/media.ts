import type { Part } from '../chat-model.ts';

/** A media part as a provider can send it: bytes, a public URL, or the text of a text file. */
type MediaSource =
  | { kind: 'image' | 'pdf' | 'other'; contentType: string; base64: string }
  | { kind: 'image' | 'pdf' | 'other'; contentType: string; url: string }
  | { kind: 'text'; text: string };

const BY_EXTENSION: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

/** Reads a data: or http(s) URL; a URL without a known type is treated as an image, as browsers would. */
export function readMedia(part: Extract<Part, { type: 'media' }>): MediaSource {
  const data = /^data:([^;,]*)((?:;[^;,]+)*),([\s\S]*)$/.exec(part.url);
  if (!data) {
    const extension = /\.(\w+)(?:[?#]|$)/.exec(part.url)?.[1]?.toLowerCase() ?? '';
    const contentType = part.contentType ?? BY_EXTENSION[extension] ?? 'image/*';
    return { kind: kindOf(contentType), contentType, url: part.url };
  }
  const contentType = part.contentType ?? (data[1] || 'text/plain');
  const isBase64 = /;base64$/i.test(data[2] ?? '');
  const payload = data[3] ?? '';
  if (isText(contentType)) {
    return { kind: 'text', text: isBase64 ? Buffer.from(payload, 'base64').toString('utf8') : decodePercent(payload) };
  }
  const base64 = isBase64 ? payload : Buffer.from(decodePercent(payload), 'latin1').toString('base64');
  return { kind: kindOf(contentType), contentType, base64 };
}

export function toDataUrl(contentType: string, base64: string): string {
  return `data:${contentType};base64,${base64}`;
}

function kindOf(contentType: string): 'image' | 'pdf' | 'other' {
  if (contentType.startsWith('image/')) return 'image';
  return contentType === 'application/pdf' ? 'pdf' : 'other';
}

function isText(contentType: string): boolean {
  return contentType.startsWith('text/') || /^application\/(json|yaml|xml|x-ndjson)/.test(contentType);
}

/** The text itself if its percent-encoding is invalid. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
