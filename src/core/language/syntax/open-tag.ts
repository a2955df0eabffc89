import type { Range } from '../../prompts/prompt.ts';

/** The tag that an offset stands in, read from the text alone: what is being typed rarely parses. */
export interface OpenTag {
  /** `#`, `/`, `>`, `^`, `&`, `else`, or nothing. */
  sigil: string;
  /** The first word after the sigil, if it is complete. */
  head: string | undefined;
  /** The complete words before the one at the offset. */
  words: readonly string[];
  /** The word at the offset, up to it. */
  typed: string;
  /** The quote of the text that the offset stands in, and the argument's name before it. */
  quoted: { name: string | undefined; mark: string } | undefined;
  /** The offset is in a call in parentheses. */
  nested: boolean;
  /** The word at the offset. Behind the offset only what is certain to be the tag's: in `{{na|text`, the rest is text. */
  range: Range;
  /** How many braces open the tag, and so how many close it. */
  braces: number;
  /** Where the closing braces end; undefined unless all of them are there. */
  closeEnd: number | undefined;
  /** Arguments follow the word at the offset. */
  followed: boolean;
  /** What ends the tag behind the word: the quote and the closing braces, without those that are there. */
  missing: string;
  /** Where `missing` goes: behind the quote and the closing braces that are there. */
  missingAt: number;
}

export function openTagAt(source: string, templateStart: number, offset: number): OpenTag | undefined {
  const open = offset < 2 ? -1 : source.lastIndexOf('{{', offset - 2);
  if (open < templateStart) return undefined;
  const inner = source.slice(open + 2, offset);
  if (inner.includes('}}') || /^[{~]*!/.test(inner)) return undefined;
  const { start, braces } = openingBraces(source, open, templateStart);
  if (source[start - 1] === '\\' && source[start - 2] !== '\\' && start > templateStart) return undefined;
  const [, sigil = '', rest = ''] = /^[{~]*((?:#>|#\*|[#/>^&]|else(?=\s))?)\s*(.*)$/s.exec(inner) ?? [];
  // The innermost call in parentheses is the one whose arguments are being written.
  const parenthesis = unclosedParenthesis(rest);
  const call = rest.slice(parenthesis + 1);
  const quoted = openQuote(call);
  const typed = (quoted ? /[^"']*$/ : /[^\s=("'|]*$/).exec(call)?.[0] ?? '';
  const words = call.slice(0, call.length - typed.length).match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return {
    sigil,
    head: words[0],
    words,
    typed,
    quoted,
    nested: parenthesis >= 0,
    braces,
    ...endOfTag(source, { start, offset, braces, quoted, wordStart: offset - typed.length }),
  };
}

/** `{` may stand before a tag; Handlebars takes up to four braces for the tag's own. */
function openingBraces(source: string, open: number, templateStart: number): { start: number; braces: number } {
  let start = open;
  while (start > templateStart && source[start - 1] === '{' && open + 2 - start < 4) start -= 1;
  return { start, braces: open + 2 - start };
}

interface Place {
  start: number;
  offset: number;
  braces: number;
  quoted: OpenTag['quoted'];
  wordStart: number;
}

type TagEnd = Pick<OpenTag, 'range' | 'closeEnd' | 'followed' | 'missing' | 'missingAt'>;

function endOfTag(source: string, { start, offset, braces, quoted, wordStart }: Place): TagEnd {
  const after = source.slice(offset, offset + 1000);
  const tail = (quoted ? /^[^"'\n{}]*/ : /^[\w.@/-]*/).exec(after)?.[0] ?? '';
  const hasQuote = quoted !== undefined && after[tail.length] === quoted.mark;
  const mark = quoted?.mark ?? '';
  // without its quote a text has no end, and what follows need not be in it
  const ownTail = quoted && !hasQuote ? '' : tail;
  const wordEnd = offset + ownTail.length + (hasQuote ? 1 : 0);
  const isOpen = /[\r\n]/.test(source.slice(start, offset));
  const close = closingBraces(source.slice(wordEnd, wordEnd + 1000), braces, isOpen);
  if (close) {
    return {
      range: { start: wordStart, end: offset + ownTail.length },
      closeEnd: wordEnd + close.end,
      followed: close.followed,
      missing: hasQuote ? '' : mark,
      missingAt: offset + ownTail.length,
    };
  }
  // In an open tag only the text between quotes is certain to be its own.
  const end = hasQuote ? wordEnd : offset;
  const present = /^\}*/.exec(source.slice(end, end + braces))?.[0].length ?? 0;
  return {
    range: { start: wordStart, end: hasQuote ? wordEnd - 1 : offset },
    closeEnd: undefined,
    followed: false,
    missing: `${mark}${'}'.repeat(braces)}`,
    missingAt: end + present,
  };
}

/**
 * The closing braces of a tag in the text behind a word of it. Between them stand arguments at most, and on further
 * lines only those of a call that is written over several: `}}` on the next line may as well be the end of JSON.
 */
function closingBraces(after: string, braces: number, isOpen: boolean): { end: number; followed: boolean } | undefined {
  const between = /^(?:[\w\s.@/$=()|~-]|"[^"\r\n]*"|'[^'\r\n]*')*/.exec(after)?.[0] ?? '';
  if (!after.startsWith('}'.repeat(braces), between.length)) return undefined;
  if (/[\r\n]/.test(between) && !isOpen && !between.includes('=')) return undefined;
  return { end: between.length + braces, followed: /[^\s~]/.test(between) };
}

function unclosedParenthesis(text: string): number {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') open.push(at);
    else if (text[at] === ')') open.pop();
  }
  return open.at(-1) ?? -1;
}

function openQuote(text: string): OpenTag['quoted'] {
  const rest = text.replace(/"[^"]*"|'[^']*'/g, '');
  const [, name, mark] = /(?:([\w-]+)=)?(["'])[^"']*$/.exec(rest) ?? [];
  return mark === undefined ? undefined : { name, mark };
}
