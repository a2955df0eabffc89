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
export class ThinkSplitter {
  private state: 'start' | 'inside' | 'text' = 'start';
  private held = '';
  /** What preceded the text, as far as it was received. */
  private readonly before = new GrowingText();
  private found = false;
  private begun = false;

  push(delta: string): Piece[] {
    if (this.state === 'text') return pieceOf('text', delta);
    if (this.state === 'inside') return this.inside(delta);
    this.held += delta;
    return this.atStart();
  }

  /** Held text that might have been the beginning of a tag. */
  end(): Piece[] {
    const rest = this.take(this.held);
    if (this.state === 'inside') return this.reasoning(rest);
    this.state = 'text';
    if (this.found) this.before.add(BLANK.exec(rest)?.[0] ?? '');
    return pieceOf('text', this.found ? rest.trimStart() : rest);
  }

  /** Exactly what preceded the text, tags and whitespace included; empty if the answer has no such block. */
  get prefix(): string {
    return this.found ? this.before.toString() : '';
  }

  private atStart(): Piece[] {
    const blanks = BLANK.exec(this.held)?.[0].length ?? 0;
    const rest = this.held.slice(blanks);
    if (rest.startsWith(OPEN)) {
      this.before.add(this.held.slice(0, blanks + OPEN.length));
      this.state = 'inside';
      this.found = true;
      this.begun = false;
      return this.inside(this.take(rest.slice(OPEN.length)));
    }
    if (OPEN.startsWith(rest) && blanks <= MOST_BLANKS) return [];
    this.state = 'text';
    // After a block, whitespace before the text belongs to the block.
    if (this.found) this.before.add(this.held.slice(0, blanks));
    const text = this.take(this.found ? rest : this.held);
    return pieceOf('text', text);
  }

  /** Clears the held text and returns it, to be examined again. */
  private take(text: string): string {
    this.held = '';
    return text;
  }

  private inside(text: string): Piece[] {
    const whole = this.held + text;
    const close = whole.indexOf(CLOSE);
    if (close < 0) {
      const end = whole.length - openEnd(whole);
      this.held = whole.slice(end);
      return this.reasoning(whole.slice(0, end));
    }
    const thought = this.reasoning(whole.slice(0, close));
    this.before.add(CLOSE);
    this.state = 'start';
    this.held = whole.slice(close + CLOSE.length);
    return [...thought, ...this.atStart()];
  }

  private reasoning(text: string): Piece[] {
    this.before.add(text);
    const shown = this.begun ? text : text.trimStart();
    this.begun ||= shown !== '';
    return pieceOf('reasoning', shown);
  }
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
