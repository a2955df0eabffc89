/** Longer texts are written in pieces of this length. */
const LONGEST_PIECE = 64 * 1024;

/**
 * The JSON of a value with texts of megabytes, piece by piece: as one string it would be in memory several times, while
 * it is created, copied and written. Joined, the pieces equal the result of `format`, character by character.
 */
export function* jsonPieces(
  value: unknown,
  format: (value: unknown) => string = (item) => JSON.stringify(item),
): Generator<string> {
  const long: string[] = [];
  const mark = `\u0001${Math.random().toString(36).slice(2)}:`;
  const short = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'string' || item.length <= LONGEST_PIECE) return item;
    return `${mark}${long.push(item) - 1}`;
  });
  const whole = format(JSON.parse(short));
  const written = JSON.stringify(mark).slice(1, -1);
  const [head = '', ...rest] = whole.split(`"${written}`);
  yield head;
  for (const part of rest) {
    const [index = ''] = /^\d+/.exec(part) ?? [];
    yield '"';
    for (const piece of textPieces(long[Number(index)] ?? '')) yield format(piece).slice(1, -1);
    yield part.slice(index.length);
  }
}

/** Splits a long text without splitting a character or a line ending. */
export function* textPieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = at + LONGEST_PIECE;
    // Half a character would be escaped, or written as an invalid one.
    while (end < text.length && /[\ud800-\udbff]|\r/.test(text.charAt(end - 1))) end += 1;
    yield text.slice(at, end);
    at = end;
  }
}
