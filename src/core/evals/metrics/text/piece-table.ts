// The numbers of an entry: its length (0 if it is free), its last eight characters, and its id.
const LOW = 1;
const HIGH = 2;
const ID = 3;
const ENTRY = 4;
/** The characters that fit into an entry. */
const SHORT = 8;
// A piece that has several ids, or is longer, has a record instead: its entry has the complement of the record's place.
const HASH = 0;
const CODES = 1;
const COUNT = 2;
const RECORD = 3;

/**
 * Finds the ids of a piece of a text by its characters: a Map would need each piece as a string of its own. Most pieces
 * have up to eight characters of Latin-1, which are two numbers of its entry, so that nothing else is read. The numbers of
 * an entry are side by side, because most of the time is spent on reading memory.
 */
export class PieceTable {
  size = 0;
  readonly #isSeparator: (code: number) => boolean;
  /** 1 for separators of Latin-1, which most characters are looked up in. */
  readonly #separators: Uint8Array;
  #entries = new Int32Array(1024 * ENTRY);
  readonly #records: number[] = [];
  /** The characters of pieces that are longer. */
  readonly #codes: number[] = [];
  // of the piece that was scanned last
  #length = 0;
  #low = 0;
  #high = 0;
  #hash = 0;
  #isShort = true;

  constructor(isSeparator: (code: number) => boolean) {
    this.#isSeparator = isSeparator;
    this.#separators = Uint8Array.from({ length: 256 }, (_, code) => Number(isSeparator(code)));
  }

  /** The end of the piece that starts at a position. */
  scan(text: string, start: number): number {
    const separators = this.#separators;
    const end = Math.min(text.length, start + SHORT);
    let low = 0;
    let high = 0;
    let at = start;
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 255 ? this.#isSeparator(code) : separators[code] === 1) break;
      if (code > 255) return this.#scanLong(text, start);
      high = (high << 8) | (low >>> 24);
      low = (low << 8) | code;
    }
    if (at === start + SHORT && at < text.length && !this.#isSeparator(text.charCodeAt(at))) {
      return this.#scanLong(text, start);
    }
    this.#length = at - start;
    this.#low = low;
    this.#high = high;
    this.#isShort = true;
    this.#hash = shortHash(low, high);
    return at;
  }

  #scanLong(text: string, start: number): number {
    const separators = this.#separators;
    let hash = 0;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code < 256 ? separators[code] === 1 : this.#isSeparator(code)) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    this.#length = at - start;
    this.#low = hash;
    this.#high = 0;
    this.#isShort = false;
    this.#hash = hash;
    return at;
  }

  /** Writes the ids of the scanned piece into a list. Returns its new length; −1 if the piece is unknown. */
  writeIds(text: string, start: number, to: number[], length: number): number {
    const at = this.#find(text, start);
    const entries = this.#entries;
    if (entries[at] === 0) return -1;
    const id = entries[at + ID] ?? 0;
    if (id >= 0) {
      to[length] = id;
      return length + 1;
    }
    const count = this.#records[~id + COUNT] ?? 0;
    for (let index = 0; index < count; index += 1) to[length + index] = this.#records[~id + RECORD + index] ?? 0;
    return length + count;
  }

  /** The entry of the scanned piece, or the free one for it. */
  #find(text: string, start: number): number {
    const entries = this.#entries;
    const mask = entries.length - 1;
    const length = this.#length;
    for (let at = placeOf(this.#hash) & mask; ; at = (at + ENTRY) & mask) {
      const known = entries[at];
      if (known === 0) return at;
      if (known !== length || entries[at + LOW] !== this.#low || entries[at + HIGH] !== this.#high) continue;
      if (this.#isEqual(text, start, entries[at + ID] ?? 0)) return at;
    }
  }

  #isEqual(text: string, start: number, id: number): boolean {
    const from = id < 0 ? (this.#records[~id + CODES] ?? -1) : -1;
    if (from < 0) return this.#isShort;
    if (this.#isShort) return false;
    const codes = this.#codes;
    for (let at = 0; at < this.#length; at += 1) if (codes[from + at] !== text.charCodeAt(start + at)) return false;
    return true;
  }

  /** Adds the scanned piece, which is not known yet. */
  add(text: string, start: number, ids: readonly number[]): void {
    if (2 * this.size * ENTRY >= this.#entries.length) this.#grow();
    const id = this.#isShort && ids.length === 1 ? (ids[0] ?? 0) : ~this.#addRecord(text, start, ids);
    const at = this.#find(text, start);
    this.#entries[at] = this.#length;
    this.#entries[at + LOW] = this.#low;
    this.#entries[at + HIGH] = this.#high;
    this.#entries[at + ID] = id;
    this.size += 1;
  }

  #addRecord(text: string, start: number, ids: readonly number[]): number {
    const place = this.#records.length;
    this.#records.push(this.#hash, this.#isShort ? -1 : this.#codes.length, ids.length);
    for (const id of ids) this.#records.push(id);
    if (this.#isShort) return place;
    for (let at = start; at < start + this.#length; at += 1) this.#codes.push(text.charCodeAt(at));
    return place;
  }

  #grow(): void {
    const before = this.#entries;
    const entries = new Int32Array(4 * before.length);
    const mask = entries.length - 1;
    for (let from = 0; from < before.length; from += ENTRY) {
      if (before[from] === 0) continue;
      const id = before[from + ID] ?? 0;
      const hash = id < 0 ? this.#records[~id + HASH] : shortHash(before[from + LOW] ?? 0, before[from + HIGH] ?? 0);
      let at = placeOf(hash ?? 0) & mask;
      while (entries[at] !== 0) at = (at + ENTRY) & mask;
      for (let part = 0; part < ENTRY; part += 1) entries[at + part] = before[from + part] ?? 0;
    }
    this.#entries = entries;
  }
}

const shortHash = (low: number, high: number): number => Math.imul(low, 0x85ebca6b) ^ high;

/** The start of an entry, before it is limited to the table. */
const placeOf = (hash: number): number => (Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 8) * ENTRY;
