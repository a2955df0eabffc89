/** Cuts a text into tokens, in two steps, so that the second is taken once for each distinct piece. */
export interface Tokenizer {
  /** Cuts at the places where no token can cross. */
  pieces(text: string): readonly string[];
  tokens(piece: string): readonly string[];
}

const MOST_PIECES = 100_000;
const MOST_TEXTS = 1_000;
/** Longer texts are rarely repeated, and would fill the memory. */
const LONGEST_KEPT = 10_000;

/** Tokens as numbers: equal tokens have equal numbers, from 0, until `reset`. */
export class Vocabulary {
  readonly #tokenizer: Tokenizer;
  readonly #ids = new Map<string, number>();
  readonly #pieces = new Map<string, Int32Array>();
  /** A reference is read again by every answer that it is compared with, and by every metric that has this vocabulary. */
  readonly #texts = new Map<string, Int32Array>();

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** The number of distinct tokens so far: all ids are smaller. */
  get size(): number {
    return this.#ids.size;
  }

  /** Forgets all if that became much. Call it before the first text of a sample: the ids of a sample must agree. */
  prepare(): void {
    if (this.#texts.size > MOST_TEXTS) this.#texts.clear();
    if (this.#pieces.size <= MOST_PIECES) return;
    this.#ids.clear();
    this.#pieces.clear();
    this.#texts.clear();
  }

  /** The tokens of a text, in their order. */
  idsOf(text: string): Int32Array {
    const known = this.#texts.get(text);
    if (known) return known;
    const lists = this.#tokenizer.pieces(text).map((piece) => this.#pieces.get(piece) ?? this.#addPiece(piece));
    const ids = join(lists);
    if (text.length <= LONGEST_KEPT) this.#texts.set(text, ids);
    return ids;
  }

  #addPiece(piece: string): Int32Array {
    const ids = Int32Array.from(this.#tokenizer.tokens(piece), (token) => {
      const id = this.#ids.get(token) ?? this.#ids.size;
      this.#ids.set(token, id);
      return id;
    });
    this.#pieces.set(piece, ids);
    return ids;
  }
}

function join(lists: readonly Int32Array[]): Int32Array {
  let length = 0;
  for (const list of lists) length += list.length;
  const all = new Int32Array(length);
  let at = 0;
  for (const list of lists) for (const id of list) all[at++] = id;
  return all;
}
