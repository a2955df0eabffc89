import { isJson } from '../../base/json/is-json.ts';
import { type HandleEvent, SseDecoder } from './sse.ts';

const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const JSON_BEGINS: ReadonlySet<number> = new Set([0x7b, 0x5b]);

/**
 * Reads a body as whatever it is: server-sent events, or one JSON document (or one per line). No field of server-sent
 * events starts with a bracket, so the first character that is not whitespace decides.
 */
export function createBodyReader() {
  const events = new SseDecoder();
  const pieces: Uint8Array[] = [];
  let kind: 'unknown' | 'events' | 'document' = 'unknown';
  return {
    /** True if the body was JSON and not a stream of events. */
    get isDocument(): boolean {
      return kind === 'document';
    },
    push(bytes: Uint8Array, take: HandleEvent): void {
      if (kind === 'unknown') {
        const first = bytes.find((byte) => !BLANKS.has(byte));
        if (first !== undefined) kind = JSON_BEGINS.has(first) ? 'document' : 'events';
      }
      if (kind === 'document') pieces.push(bytes);
      else events.push(bytes, take);
    },
    end(take: HandleEvent): void {
      if (kind !== 'document') {
        events.end(take);
        return;
      }
      const text = Buffer.concat(pieces).toString('utf8');
      pieces.length = 0;
      for (const document of splitDocuments(text)) take('', document);
    },
  };
}

/** One document, or (if it is not valid as one) the lines of a body with one document per line. */
function splitDocuments(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 1 && !isJson(text) && lines.every((line) => isJson(line)) ? lines : [text];
}
