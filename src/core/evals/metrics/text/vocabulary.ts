import { PieceTable } from './piece-table.ts';
import { isSpace } from './python-text.ts';

/** Cuts a text into tokens in two steps, so that the second is taken once for each distinct piece. */
export interface Tokenizer {
  /** Changes the text before it is cut. */
  prepare?(text: string): string;
  /** True for a character between pieces; white space if omitted. */
  isSeparator?(code: number): boolean;
  /** The tokens of a piece; the piece itself if omitted. */
  tokens?(piece: string): readonly string[];
}

const MOST_PIECES = 100_000;
/** The texts of a sample, which every metric that has this vocabulary reads. */
const KEPT_TEXTS = 8;
const LONGEST_SCRATCH = 10_000;

/** Tokens as numbers: equal tokens have equal numbers, from 0, until `prepare` forgets them. */
export class Vocabulary {
  readonly #tokenizer: Tokenizer;
  readonly #isSeparator: (code: number) => boolean;
  #pieces: PieceTable;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Array<string>(KEPT_TEXTS).fill('');
  /** −1 for none. Most texts differ in their length, which is faster to see than their characters. */
  readonly #lengths = new Int32Array(KEPT_TEXTS).fill(-1);
  readonly #idsOfTexts = new Array<readonly number[]>(KEPT_TEXTS).fill([]);
  #nextText = 0;
  /** The ids of the text that is read; a list that grows would be copied several times. */
  readonly #scratch: number[] = [];

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#isSeparator = tokenizer.isSeparator ?? isSpace;
    this.#pieces = new PieceTable(this.#isSeparator);
  }

  /** Forgets all if that became much. Call it before the first text of a sample: the ids of a sample must agree. */
  prepare(): void {
    if (this.#pieces.size <= MOST_PIECES) return;
    this.#ids.clear();
    this.#pieces = new PieceTable(this.#isSeparator);
    this.#lengths.fill(-1);
  }

  /** The tokens of a text, in their order. */
  idsOf(text: string): readonly number[] {
    const texts = this.#texts;
    const lengths = this.#lengths;
    for (let at = 0; at < KEPT_TEXTS; at += 1) {
      if (lengths[at] === text.length && texts[at] === text) return this.#idsOfTexts[at] ?? [];
    }
    const ids = this.#read(this.#tokenizer.prepare?.(text) ?? text);
    texts[this.#nextText] = text;
    this.#lengths[this.#nextText] = text.length;
    this.#idsOfTexts[this.#nextText] = ids;
    this.#nextText = (this.#nextText + 1) % KEPT_TEXTS;
    return ids;
  }

  #read(text: string): number[] {
    const pieces = this.#pieces;
    const ids = this.#scratch;
    let length = 0;
    for (let start = 0; start < text.length; ) {
      const end = pieces.scan(text, start);
      if (end > start) {
        let next = pieces.writeIds(text, start, ids, length);
        if (next < 0) {
          pieces.add(text, start, this.#idsOfPiece(text.slice(start, end)));
          next = pieces.writeIds(text, start, ids, length);
        }
        length = next;
      }
      start = end + 1;
    }
    const read = ids.slice(0, length);
    if (ids.length > LONGEST_SCRATCH) ids.length = 0;
    return read;
  }

  #idsOfPiece(piece: string): number[] {
    const tokens = this.#tokenizer.tokens?.(piece);
    // each piece is a token of its own
    if (!tokens) return [this.#pieces.size];
    const ids: number[] = [];
    for (const token of tokens) {
      const id = this.#ids.get(token) ?? this.#ids.size;
      if (id === this.#ids.size) this.#ids.set(token, id);
      ids.push(id);
    }
    return ids;
  }
}
