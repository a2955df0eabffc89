/** Where each symbol is in a sequence, as bits, so that 32 positions are one operation. Symbols are numbers from 0. */
export class PositionMasks {
  /** For each symbol as many words as the sequence needs. */
  masks = new Int32Array(1024);
  /** The index of a symbol's first word in `masks` + 1, 0 for a symbol that the sequence lacks. */
  #places = new Int32Array(1024);

  /** Reads a sequence, which `release` forgets. Returns how many words each symbol has. */
  set(sequence: readonly number[]): number {
    const { length } = sequence;
    const words = (length + 31) >>> 5;
    if (length * words > this.masks.length) this.masks = new Int32Array(2 * length * words);
    const { masks } = this;
    let places = this.#places;
    let used = 0;
    for (let at = 0; at < length; at += 1) {
      const symbol = sequence[at] ?? 0;
      if (symbol >= places.length) places = this.#grow(symbol);
      let place = places[symbol] ?? 0;
      if (place === 0) {
        place = used + 1;
        places[symbol] = place;
        for (const end = used + words; used < end; used += 1) masks[used] = 0;
      }
      const word = place - 1 + (at >>> 5);
      masks[word] = (masks[word] ?? 0) | (1 << (at & 31));
    }
    return words;
  }

  /** The index of the first word of a symbol in `masks`; −1 if the sequence lacks it. */
  placeOf(symbol: number): number {
    return (this.#places[symbol] ?? 0) - 1;
  }

  release(sequence: readonly number[]): void {
    const places = this.#places;
    for (let at = 0; at < sequence.length; at += 1) places[sequence[at] ?? 0] = 0;
  }

  #grow(symbol: number): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * symbol);
    larger.set(this.#places);
    this.#places = larger;
    return larger;
  }
}
