/**
 * A part of a template: literal text, or one tag, written unchanged. `text` is the rendered result; `raw` is how the
 * text is written where whitespace control or a line with only a tag removes a part of it.
 */
export type Piece = { text: string; raw?: string } | { code: string };

/** A comment that renders nothing and keeps adjacent text from being treated as a standalone line. */
export const GUARD = '{{!}}';

/**
 * Text as a template that renders to exactly that text. A brace pair is escaped with a backslash; if a backslash
 * precedes it, an empty comment separates the two, since Handlebars reads `\\{{` as an expression.
 */
export function escapeText(given: string): string {
  // A marker in the text itself is not one of dotprompt's: split in two, it is only text.
  const text = given.replaceAll(MARKER, `${MARKER}\u0000`);
  return escapeBraces(text).replaceAll(`${MARKER}\u0000`, `${MARKER}${GUARD}`);
}

const MARKER = '<<<dotprompt:';

function escapeBraces(text: string): string {
  if (!text.includes('{{')) return text;
  return text.replace(/(?<!\\)(\\*)\{\{/g, (_all, slashes: string) =>
    slashes === '' ? '\\{{' : `${slashes}\\{{!----}}\\{{`,
  );
}

/** Text without placeholders. */
export const literal = (text: string): Piece[] => (text === '' ? [] : [{ text }]);

export const isText = (piece: Piece | undefined): piece is { text: string; raw?: string } =>
  piece !== undefined && 'text' in piece;

/** A comment renders nothing, wherever it is. */
export const isComment = (code: string): boolean => /^\{\{~?!/.test(code);

/** True if something other than whitespace, or a value, would be rendered. */
export function hasContent(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => ('text' in piece ? piece.text.trim() !== '' : !isComment(piece.code)));
}

export const startsBlank = ([first]: readonly Piece[]): boolean => isText(first) && /^\s/.test(first.text);

export function endsBlank(pieces: readonly Piece[]): boolean {
  const last = pieces.at(-1);
  return isText(last) && /\s$/.test(last.text);
}

/** Without empty pieces, and with adjacent texts joined: braces of two texts would meet unescaped. */
export function mergeTexts(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if ('code' in piece) {
      if (piece.code !== '') merged.push(piece);
    } else if (isText(last)) {
      merged[merged.length - 1] = joined(last, piece);
    } else if (piece.text !== '' || piece.raw) merged.push(piece);
  }
  return merged;
}

function joined(left: { text: string; raw?: string }, right: { text: string; raw?: string }): Piece {
  const text = left.text + right.text;
  if (left.raw === undefined && right.raw === undefined) return { text };
  return { text, raw: (left.raw ?? left.text) + (right.raw ?? right.text) };
}

/** Without the whitespace at its outer edges, as far as it is literal. */
export function trimPieces(pieces: readonly Piece[], start: RegExp = /^\s+/, end: RegExp = /\s+$/): Piece[] {
  const merged = mergeTexts(pieces);
  const edge = (indices: number[], make: (text: string) => string) => {
    for (const index of indices) {
      const piece = merged[index];
      if (!isText(piece)) {
        // A comment renders nothing: the edge is behind it.
        if (piece && isComment(piece.code)) continue;
        return;
      }
      const text = make(piece.text);
      if (text !== piece.text) merged[index] = { text };
      if (text !== '') return;
    }
  };
  const indices = [...merged.keys()];
  edge(indices, (text) => text.replace(start, ''));
  edge(indices.reverse(), (text) => trimEnd(text, end));
  return mergeTexts(merged);
}

/** `\s+$` alone would try every run of whitespace in a long text. */
function trimEnd(text: string, end: RegExp): string {
  const kept = text.trimEnd().length;
  return text.slice(0, kept) + text.slice(kept).replace(end, '');
}
