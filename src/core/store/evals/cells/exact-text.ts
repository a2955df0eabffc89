import { Buffer } from 'node:buffer';

/** The ASCII record separator, which no stored plain text has: several are read as one text, and split by it. */
export const SEPARATOR = '\u001e';
const NOT_PLAIN = /[\0\u001e]/;

/** SQLite's text ends at a null byte for some functions, and UTF-8 has no lone surrogates: such texts are JSON in a blob. */
export function encodeText(text: string): string | Uint8Array {
  return text.isWellFormed() && !NOT_PLAIN.test(text) ? text : Buffer.from(JSON.stringify(text));
}

export function decodeText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? (JSON.parse(Buffer.from(value).toString()) as string) : '';
}
