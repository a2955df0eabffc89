import { jsonPieces } from '../../core/base/json/json-pieces.ts';

/** JSON that is as harmless on a terminal as in a file: JSON itself escapes only the older control characters. */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Writes JSON whose texts may be megabytes. The result is that of `formatJson`, character by character. */
export function writeJson(value: unknown, indent: number | undefined, out: (text: string) => void): void {
  for (const piece of jsonPieces(value, (item) => formatJson(item, indent))) out(piece);
}
