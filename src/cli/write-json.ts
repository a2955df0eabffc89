import { formatJson } from './terminal.ts';

/** A text longer than this is written in pieces of this length. */
const LONGEST_PIECE = 64 * 1024;

/**
 * Writes JSON whose texts may be megabytes: as one string it would be in memory several times over, while it is made,
 * copied and written. The result is that of `formatJson`, character by character.
 */
export function writeJson(value: unknown, indent: number | undefined, out: (text: string) => void): void {
  const long: string[] = [];
  const mark = `\u0001${Math.random().toString(36).slice(2)}:`;
  const short = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'string' || item.length <= LONGEST_PIECE) return item;
    return `${mark}${long.push(item) - 1}`;
  });
  const whole = formatJson(JSON.parse(short), indent);
  const written = JSON.stringify(mark).slice(1, -1);
  const [head = '', ...rest] = whole.split(`"${written}`);
  out(head);
  for (const part of rest) {
    const [index = ''] = /^\d+/.exec(part) ?? [];
    out('"');
    for (const piece of piecesOf(long[Number(index)] ?? '')) out(formatJson(piece).slice(1, -1));
    out(part.slice(index.length));
  }
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = at + LONGEST_PIECE;
    // Half a character would be escaped.
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end += 1;
    yield text.slice(at, end);
    at = end;
  }
}
