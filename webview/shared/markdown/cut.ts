import { Lexer, type Token } from 'marked';

/**
 * A block that was cut because of its length. `prefix` is added before `rest` for parsing, so that it is read as the
 * same kind of block.
 */
interface Cut {
  head: string;
  prefix: string;
  rest: string;
}

/**
 * Cuts text near `length` at the least visible place: between two blocks, list items, table rows or lines of code. Only
 * used for answers with a single block of many pages.
 */
export function cutBlock(text: string, length: number): Cut {
  const lexer = new Lexer({ gfm: true });
  const blocks = lexer.blockTokens(text, []).filter((token) => token.type !== 'space');
  const last = blocks.at(-1);
  const begin = last && blocks.length > 1 ? text.lastIndexOf(last.raw) : 0;
  if (begin > 0) return { head: text.slice(0, begin), prefix: '', rest: text.slice(begin) };
  return cutOne(text, length, last);
}

function cutOne(text: string, length: number, block: Token | undefined): Cut {
  const prefix = openingLines(text, block);
  const limit = prefix.length + length;
  const at = (block?.type === 'list' && itemBefore(text, limit)) || lineBefore(text, limit, prefix.length);
  return { head: text.slice(0, at), prefix, rest: text.slice(at) };
}

/** The lines that the rest needs to be read as the same kind of block. */
function openingLines(text: string, block: Token | undefined): string {
  const lines = /^.*\n/.exec(text)?.[0] ?? '';
  if (block?.type === 'table') return /^.*\n.*\n/.exec(text)?.[0] ?? '';
  return block?.type === 'code' && /^ {0,3}(```|~~~)/.test(text) ? lines : '';
}

function itemBefore(text: string, limit: number): number | undefined {
  let found: number | undefined;
  for (const match of text.slice(0, limit).matchAll(/^(?:[-*+]|\d{1,9}[.)])[ \t]/gm)) {
    if (match.index > 0) found = match.index;
  }
  return found;
}

function lineBefore(text: string, limit: number, after: number): number {
  const line = text.lastIndexOf('\n', limit) + 1;
  if (line > after) return line;
  const word = text.lastIndexOf(' ', limit) + 1;
  return word > after ? word : limit;
}
