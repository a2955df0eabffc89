import { formatJson } from '../../core/base/json/format-json.ts';
import { jsonPieces } from '../../core/base/json/json-pieces.ts';

/** Writes the same text as `formatJson`, in pieces: strings may have megabytes. */
export function writeJson(value: unknown, indent: number | undefined, out: (text: string) => void): void {
  for (const piece of jsonPieces(value, (item) => formatJson(item, indent))) out(piece);
}
