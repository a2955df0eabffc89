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
const MOST_TEXTS = 1_000;
/** Longer texts are rarely repeated, and would fill the memory. */
const LONGEST_KEPT = 10_000;

/** Tokens as numbers: equal tokens have equal numbers, from 0, until `prepare` forgets them. */
export class Vocabulary {
  readonly #tokenizer: Tokenizer;
  readonly #isSeparator: (code: number) => boolean;
  /** 1 for separators of ASCII, which most characters are looked up in. */
  readonly #separators: Uint8Array;
  #pieces = new PieceTable();
  readonly #ids = new Map<string, number>();
  /** A reference is read again by every answer that it is compared with, and by every metric that has this vocabulary. */
  readonly #texts = new Map<string, readonly number[]>();

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#isSeparator = tokenizer.isSeparator ?? isSpace;
    this.#separators = Uint8Array.from({ length: 128 }, (_, code) => Number(this.#isSeparator(code)));
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
    this.#pieces = new PieceTable();
    this.#texts.clear();
  }

  /** The tokens of a text, in their order. */
  idsOf(text: string): readonly number[] {
    const known = this.#texts.get(text);
    if (known) return known;
    const ids = this.#read(this.#tokenizer.prepare?.(text) ?? text);
    if (text.length <= LONGEST_KEPT) this.#texts.set(text, ids);
    return ids;
  }

  #read(text: string): number[] {
    const { length } = text;
    const separators = this.#separators;
    const pieces = this.#pieces;
    const all: number[] = [];
    for (let at = 0; at < length; at += 1) {
      const start = at;
      let hash = 0;
      let codes: Uint16Array = pieces.codes;
      for (; at < length; at += 1) {
        const code = text.charCodeAt(at);
        if (code < 128 ? separators[code] === 1 : this.#isSeparator(code)) break;
        if (at - start === codes.length) codes = pieces.growCodes();
        codes[at - start] = code;
        hash = (Math.imul(hash, 31) + code) | 0;
      }
      if (at === start) continue;
      let piece = pieces.find(at - start, hash);
      if (piece < 0) piece = pieces.add(at - start, hash, this.#idsOfPiece(text.slice(start, at)));
      pieces.pushIds(piece, all);
    }
    return all;
  }

  #idsOfPiece(piece: string): number[] {
    const tokens = this.#tokenizer.tokens?.(piece) ?? [piece];
    return tokens.map((token) => {
      const id = this.#ids.get(token) ?? this.#ids.size;
      this.#ids.set(token, id);
      return id;
    });
  }
}

/** Finds the number of a piece by its characters: a Map would need each piece as a string of its own. */
class PieceTable {
  /** The characters of the piece that is looked for. */
  codes: Uint16Array = new Uint16Array(64);
  size = 0;
  #hashes = new Int32Array(1024);
  /** Where the characters and the ids of each piece start; those of the next one end them. */
  #codeStarts = new Int32Array(1025);
  #idStarts = new Int32Array(1025);
  #allCodes: Uint16Array = new Uint16Array(8192);
  readonly #allIds: number[] = [];
  /** The number of the piece + 1, 0 for a free slot. */
  #slots = new Int32Array(2048);

  growCodes(): Uint16Array {
    this.codes = copyLarger(this.codes, 2 * this.codes.length);
    return this.codes;
  }

  /** −1 if there is no such piece. */
  find(length: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0 || (this.#hashes[number] === hash && this.#isEqual(number, length))) return number;
    }
  }

  #isEqual(number: number, length: number): boolean {
    const start = this.#codeStarts[number] ?? 0;
    if ((this.#codeStarts[number + 1] ?? 0) - start !== length) return false;
    const known = this.#allCodes;
    const { codes } = this;
    for (let at = 0; at < length; at += 1) if (known[start + at] !== codes[at]) return false;
    return true;
  }

  add(length: number, hash: number, ids: readonly number[]): number {
    const number = this.size;
    if (number === this.#hashes.length) this.#grow();
    const start = this.#codeStarts[number] ?? 0;
    if (start + length > this.#allCodes.length) this.#allCodes = copyLarger(this.#allCodes, 2 * (start + length));
    this.#allCodes.set(this.codes.subarray(0, length), start);
    this.#codeStarts[number + 1] = start + length;
    for (const id of ids) this.#allIds.push(id);
    this.#idStarts[number + 1] = this.#allIds.length;
    this.#hashes[number] = hash;
    this.#place(number, hash);
    this.size += 1;
    return number;
  }

  pushIds(number: number, to: number[]): void {
    const ids = this.#allIds;
    const end = this.#idStarts[number + 1] ?? 0;
    for (let at = this.#idStarts[number] ?? 0; at < end; at += 1) to.push(ids[at] ?? 0);
  }

  #place(number: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    const size = 2 * this.#hashes.length;
    this.#hashes = copyLarger(this.#hashes, size);
    this.#codeStarts = copyLarger(this.#codeStarts, size + 1);
    this.#idStarts = copyLarger(this.#idStarts, size + 1);
    this.#slots = new Int32Array(2 * size);
    for (let number = 0; number < this.size; number += 1) this.#place(number, this.#hashes[number] ?? 0);
  }
}

const spread = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 8;

function copyLarger<T extends Int32Array | Uint16Array>(array: T, length: number): T {
  const larger = (array instanceof Int32Array ? new Int32Array(length) : new Uint16Array(length)) as T;
  larger.set(array);
  return larger;
}
