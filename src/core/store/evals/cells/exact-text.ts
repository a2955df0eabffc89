import { Buffer } from 'node:buffer';

/** SQLite's text ends at a null byte for some functions, and UTF-8 has no lone surrogates: such texts are JSON in a blob. */
export function encodeText(text: string): string | Uint8Array {
  return text.isWellFormed() && !text.includes('\0') ? text : Buffer.from(JSON.stringify(text));
}

export function decodeText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? (JSON.parse(Buffer.from(value).toString()) as string) : '';
}
