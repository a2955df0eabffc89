import type { Range } from '../../prompts/prompt.ts';

/** The tag around an offset, read from the text alone: text that is being typed rarely parses. */
export interface OpenTag {
  /** `#`, `/`, `>`, `^`, `&`, `else`, or nothing. */
  sigil: string;
  /** The first word after the sigil, if it is complete. */
  head: string | undefined;
  /** The complete words before the one at the offset. */
  words: readonly string[];
  /** The word at the offset, up to it. */
  typed: string;
  /** The quote of the text around the offset, and the argument's name before it. */
  quoted: { name: string | undefined; mark: string } | undefined;
  /** The offset is in a call in parentheses. */
  nested: boolean;
  /** The word at the offset; after the offset, only what must belong to the tag: in `{{na|text`, the rest is text. */
  range: Range;
  /** The number of opening braces of the tag, and so of closing ones. */
  braces: number;
  /** The end of the closing braces; undefined unless all of them are there. */
  closeEnd: number | undefined;
  /** Arguments follow the word at the offset. */
  followed: boolean;
  /** The missing end of the tag after the word: the quote and the closing braces, without those that are there. */
  missing: string;
  /** The position of `missing`: after the existing quote and closing braces. */
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
  // The innermost call in parentheses contains the argument being typed.
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

/** `{` may precede a tag; Handlebars treats up to four braces as the tag's own. */
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
  // without its quote a text has no end, and the rest of the line may not belong to it
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
 * The closing braces of a tag in the text after a word of it. Only arguments may be between them, and on further lines
 * only those of a call that spans several: `}}` on the next line may as well be the end of JSON.
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
