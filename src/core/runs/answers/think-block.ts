import { GrowingText } from './growing-text.ts';

export interface Piece {
  kind: 'text' | 'reasoning';
  text: string;
}

const OPEN = '<think>';
const CLOSE = '</think>';
const BLANK = /^\s*/;
/** Whitespace before the first word is held back no longer than this. */
const MOST_BLANKS = 1_000;

/**
 * Separates the reasoning of an answer in a `<think>…</think>` block at its start, as open-weight models write it if
 * their server does not remove it. The same tag anywhere else, and any other tag, is text.
 */
export function createThinkSplitter() {
  let state: 'start' | 'inside' | 'text' = 'start';
  let held = '';
  const prefix = new GrowingText();
  let found = false;
  let begun = false;

  const atStart = (): Piece[] => {
    const blanks = BLANK.exec(held)?.[0].length ?? 0;
    const rest = held.slice(blanks);
    if (rest.startsWith(OPEN)) {
      prefix.add(held.slice(0, blanks + OPEN.length));
      state = 'inside';
      found = true;
      begun = false;
      return inside(take(rest.slice(OPEN.length)));
    }
    if (OPEN.startsWith(rest) && blanks <= MOST_BLANKS) return [];
    state = 'text';
    // After a block, whitespace before the text belongs to the block.
    if (found) prefix.add(held.slice(0, blanks));
    const text = take(found ? rest : held);
    return pieceOf('text', text);
  };
  /** Clears the held text and returns it, to be examined again. */
  const take = (text: string): string => {
    held = '';
    return text;
  };
  const inside = (text: string): Piece[] => {
    const whole = held + text;
    const close = whole.indexOf(CLOSE);
    if (close < 0) {
      const end = whole.length - openEnd(whole);
      held = whole.slice(end);
      return reasoning(whole.slice(0, end));
    }
    const thought = reasoning(whole.slice(0, close));
    prefix.add(CLOSE);
    state = 'start';
    held = whole.slice(close + CLOSE.length);
    return [...thought, ...atStart()];
  };
  const reasoning = (text: string): Piece[] => {
    prefix.add(text);
    const shown = begun ? text : text.trimStart();
    begun ||= shown !== '';
    return pieceOf('reasoning', shown);
  };
  return {
    push(delta: string): Piece[] {
      if (state === 'text') return pieceOf('text', delta);
      if (state === 'inside') return inside(delta);
      held += delta;
      return atStart();
    },
    /** Held text that might have been the beginning of a tag. */
    end(): Piece[] {
      const rest = take(held);
      if (state === 'inside') return reasoning(rest);
      state = 'text';
      if (found) prefix.add(BLANK.exec(rest)?.[0] ?? '');
      return pieceOf('text', found ? rest.trimStart() : rest);
    },
    /** Exactly what preceded the text, tags and whitespace included; empty if the answer has no such block. */
    get prefix(): string {
      return found ? prefix.toString() : '';
    },
  };
}

function pieceOf(kind: Piece['kind'], text: string): Piece[] {
  return text === '' ? [] : [{ kind, text }];
}

/** The number of characters at the end that may be the beginning of the closing tag. */
function openEnd(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) {
    if (CLOSE.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
