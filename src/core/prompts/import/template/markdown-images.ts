import { mediaLines } from './message-parts.ts';
import { isText, mergeTexts, type Piece } from './pieces.ts';

/** Longer than any image description. */
const MOST_ALT = 1_000;

/** `![alt](picture.png)` and `![alt]({{url}})` in a text are images; also returns the variables for addresses. */
export function markdownImages(pieces: readonly Piece[]): { pieces: Piece[]; variables: string[] } {
  const merged = mergeTexts(pieces);
  const found: Piece[] = [];
  const variables: string[] = [];
  for (let index = 0; index < merged.length; index += 1) {
    const piece = merged[index];
    if (!isText(piece)) {
      if (piece) found.push(piece);
      continue;
    }
    const text = piece.text;
    const next = merged[index + 1];
    const after = merged[index + 2];
    const opening = /!\[[^\]\n]{0,1000}\]\($/.exec(text.slice(-MOST_ALT - 4));
    const path = next && 'code' in next ? /^\{\{~?((?:@root\.)?[\w.]+)~?\}\}$/.exec(next.code)?.[1] : undefined;
    if (opening && path && isText(after) && after.text.startsWith(')')) {
      addText(found, text.slice(0, text.length - opening[0].length));
      found.push({ code: `{{media url=${path}}}` });
      if (/^\w+$/.test(path)) variables.push(path);
      merged[index + 2] = { text: after.text.slice(1) };
      index += 1;
    } else addText(found, text);
  }
  return { pieces: mediaLines(found), variables };
}

/** The images with literal addresses, in one pass. */
function addText(pieces: Piece[], text: string): void {
  let end = 0;
  let stop = -1;
  for (let at = text.indexOf('!['); at >= 0; at = text.indexOf('![', Math.max(at + 2, end))) {
    const alt = /^!\[[^\]\n]{0,1000}\]\(/.exec(text.slice(at, at + MOST_ALT + 8))?.[0];
    if (alt === undefined) continue;
    const from = at + alt.length;
    // The end of an address; a result for one position holds for all positions before it.
    if (stop < from) stop = nextStop(text, from);
    if (stop === from || text[stop] !== ')') continue;
    const url = text.slice(from, stop);
    pieces.push({ text: text.slice(end, at) }, { code: `{{media url="${url}"}}` });
    end = stop + 1;
  }
  pieces.push({ text: text.slice(end) });
}

function nextStop(text: string, from: number): number {
  const pattern = /[)\s{}"]/g;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
