import { endsBlank, literal, mergeTexts, type Piece, startsBlank } from './pieces.ts';

/** A part of a message: a text, or a tag such as `{{media …}}` or `{{section …}}` that starts a part of its own. */
export type MessagePart = { text: Piece[] } | { tag: string };

/** Adjacent texts stay two parts, as in the source. */
const BETWEEN_TEXTS = '{{section "text"}}';

/** The parts of a message as one template: each tag on a line of its own if the adjacent texts allow that. */
export function joinParts(parts: readonly MessagePart[]): Piece[] {
  const pieces: Piece[] = [];
  const merged = parts.map((part): MessagePart => ('tag' in part ? part : { text: mergeTexts(part.text) }));
  for (const [index, part] of merged.entries()) {
    const last = merged[index - 1];
    if ('text' in part) {
      if (last && 'text' in last) pieces.push(...tagBetween(BETWEEN_TEXTS, last.text, part.text));
      for (const piece of part.text) pieces.push(piece);
    } else {
      const next = merged[index + 1];
      const before = last === undefined ? undefined : 'text' in last ? last.text : [];
      const after = next === undefined ? undefined : 'text' in next ? next.text : [];
      pieces.push(...tagBetween(part.tag, before, after, last !== undefined && 'tag' in last));
    }
  }
  return pieces;
}

/**
 * A tag between two texts; undefined is the message's edge. If a text has whitespace of its own at the tag, no line
 * break is inserted, since the tag would remove both.
 */
function tagBetween(
  tag: string,
  before: readonly Piece[] | undefined,
  after: readonly Piece[] | undefined,
  joinsTag = false,
): Piece[] {
  const line: Piece = { text: '', raw: '\n' };
  const left = before !== undefined && !endsBlank(before) && !joinsTag;
  const right = after !== undefined && !startsBlank(after);
  const start = left ? tag.replace(/^\{\{~?/, '{{~') : tag;
  const code = right ? start.replace(/~?\}\}$/, '~}}') : start;
  return [...(left ? [line] : []), { code }, ...(right ? [line] : [])];
}

export const textPart = (text: string): MessagePart => ({ text: literal(text) });

/** Images inside a text are separate parts: the adjacent texts lose the whitespace there. */
export function mediaLines(pieces: readonly Piece[]): Piece[] {
  const isMedia = (piece: Piece | undefined) =>
    piece !== undefined && 'code' in piece && /^\{\{~?media /.test(piece.code);
  if (!pieces.some(isMedia)) return [...pieces];
  const merged = mergeTexts(pieces);
  return merged.flatMap((piece, index): Piece[] => {
    const [last, next] = [merged[index - 1], merged[index + 1]];
    if (isMedia(piece) && 'code' in piece) {
      const edge = (beside: Piece | undefined) => (beside === undefined ? undefined : []);
      return tagBetween(piece.code, edge(last), edge(next), isMedia(last));
    }
    if (!('text' in piece)) return [piece];
    const start = isMedia(last) ? piece.text.trimStart() : piece.text;
    return literal(isMedia(next) ? start.trimEnd() : start);
  });
}
