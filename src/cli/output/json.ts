import { jsonPieces } from '../../core/base/json/json-pieces.ts';
import { formatJson } from './terminal.ts';

/** Writes JSON whose texts may be megabytes. The result is that of `formatJson`, character by character. */
export function writeJson(value: unknown, indent: number | undefined, out: (text: string) => void): void {
  for (const piece of jsonPieces(value, (item) => formatJson(item, indent))) out(piece);
}
