/** As many as an operation on numbers has bits. */
export const POSITIONS = 32;

/**
 * Where a reference of up to 32 symbols has each symbol of an answer, as bits. Metrics that read the same tokens share
 * this, so the last pair is kept.
 */
export class CommonPositions {
  /** For each symbol its positions in the reference; 0 for all others, also between two pairs. */
  #bits = new Int32Array(1024);
  #found = new Int32Array(64);
  #answer: readonly number[] | undefined;
  #reference: readonly number[] | undefined;

  /** The positions for each symbol of the answer, until the next call. They must not be changed. Symbols are numbers from 0. */
  find(answer: readonly number[], reference: readonly number[]): Int32Array {
    if (answer === this.#answer && reference === this.#reference) return this.#found;
    if (answer.length > this.#found.length) this.#found = new Int32Array(2 * answer.length);
    let bits = this.#bits;
    const found = this.#found;
    for (let at = 0; at < reference.length; at += 1) {
      const symbol = reference[at] ?? 0;
      if (symbol >= bits.length) bits = this.#grow(symbol);
      bits[symbol] = (bits[symbol] ?? 0) | (1 << at);
    }
    for (let at = 0; at < answer.length; at += 1) found[at] = bits[answer[at] ?? 0] ?? 0;
    for (let at = 0; at < reference.length; at += 1) bits[reference[at] ?? 0] = 0;
    this.#answer = answer;
    this.#reference = reference;
    return found;
  }

  #grow(symbol: number): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * symbol);
    larger.set(this.#bits);
    this.#bits = larger;
    return larger;
  }
}
