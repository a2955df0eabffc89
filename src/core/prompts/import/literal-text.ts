/**
 * Text as a template that renders to exactly that text. A brace pair is escaped with a backslash; where a backslash
 * already stands before it, an empty comment keeps the two apart, since Handlebars reads `\\{{` as an expression.
 */
export function escapeText(text: string): string {
  return text.replace(/(\\*)\{\{/g, (_all, slashes: string) => (slashes === '' ? '\\{{' : `${slashes}\\{{!----}}\\{{`));
}

/** Pieces of a template: literal text, and expressions that stand as they are. */
export type Piece = { text: string } | { code: string };

/**
 * Joins pieces so that no literal backslash or brace changes the expression beside it. A brace that touches one is kept
 * apart by a space, which the tag's `~` takes away again when it renders: `{ {{~name~}} }` gives `{value}`.
 */
export function joinPieces(pieces: readonly Piece[]): string {
  const merged = mergeTexts(pieces);
  const joined: string[] = [];
  for (const [index, piece] of merged.entries()) {
    const last = joined.at(-1) ?? '';
    if ('code' in piece) {
      joined.push(last.endsWith('{') ? ` ${piece.code.replace(/^\{\{~?/, '{{~')}` : piece.code);
      continue;
    }
    const text = escapeText(piece.text);
    if (index > 0 && text.startsWith('}')) joined[joined.length - 1] = `${last.replace(/~?\}\}$/, '~}}')} `;
    // Handlebars takes one of the backslashes before an expression.
    joined.push(text.endsWith('\\') && index < merged.length - 1 ? `${text}\\` : text);
  }
  return joined.join('');
}

/** Without empty pieces, and with neighbouring texts as one: braces of two texts would meet unescaped. */
function mergeTexts(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if ('text' in piece ? piece.text === '' : piece.code === '') continue;
    if ('text' in piece && last && 'text' in last) merged[merged.length - 1] = { text: last.text + piece.text };
    else merged.push(piece);
  }
  return merged;
}

const RESERVED = new Set(
  `role history section media json if unless each with ifEquals unlessEquals lookup log this true false null
  undefined else as`.split(/\s+/),
);

/** A path as a template writes it: a helper's name is reached through `this`, odd names stand in brackets. */
export function pathText(segments: readonly string[]): string {
  const [first = '', ...rest] = segments;
  const parts = [first, ...rest].map((part) =>
    /^[A-Za-z_][\w-]*$/.test(part) ? part : `[${part.replace(/[\]]/g, '')}]`,
  );
  return RESERVED.has(first) ? `this.${parts.join('.')}` : parts.join('.');
}

/** A name that Picoschema and templates take without quoting. */
export function cleanName(name: string): string {
  const cleaned = name
    .trim()
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+(?=.)|_+$/g, '');
  return /^[\p{L}_]/u.test(cleaned) ? cleaned : `input_${cleaned || '1'}`;
}
