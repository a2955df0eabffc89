/** A larger table does not fit into the caches of a processor, where a hash table is as fast. */
const MOST_ENTRIES = 2 ** 21;
const MOST_NUMBERS = 2 ** 30;

/**
 * Counts n-grams and their clipped matches exactly, for an answer and one reference: the n-grams of the reference are a
 * tree, and each position of the answer is followed into it as deep as it goes. A node is a row of a table: how often the
 * reference has its n-gram (less each match), then the row that follows for each symbol of the reference. Nothing is
 * cleared between two references: what is not above `#base` is left over from earlier ones.
 */
export class NgramTrie {
  readonly #order: number;
  #rows = new Int32Array(2 ** 15);
  #base = 0;
  /** The symbols of the current reference have the numbers from 1, above `#firstSymbol`. */
  #symbols = new Int32Array(1024);
  #firstSymbol = 0;
  #answer = new Int32Array(1024);
  #reference = new Int32Array(1024);
  /** Where the next node begins. */
  #end = 0;

  constructor(order: number) {
    this.#order = order;
  }

  /**
   * For each order from 1, how many n-grams of the answer are in the reference, at most as often as there. Symbols are
   * numbers from 0. Undefined if the reference is too long for a table.
   */
  count(answer: readonly number[], reference: readonly number[]): number[] | undefined {
    const width = 1 + this.#number(answer, reference);
    const inner = 1 + reference.length * (this.#order - 1);
    const size = width * inner + reference.length;
    if (size > MOST_ENTRIES) return undefined;
    if (size > this.#rows.length) this.#rows = new Int32Array(2 * size);
    if (this.#base > MOST_NUMBERS) {
      this.#rows.fill(0);
      this.#base = 0;
    }
    this.#add(reference.length, width);
    const found: number[] = [];
    for (let order = 1; order <= this.#order; order += 1) found.push(0);
    this.#match(answer.length, found);
    // counts are left over too
    this.#base += Math.max(this.#end, reference.length);
    return found;
  }

  /** Numbers the symbols of both; 0 is one that the reference lacks. Returns how many the reference has. */
  #number(answer: readonly number[], reference: readonly number[]): number {
    if (answer.length > this.#answer.length) this.#answer = new Int32Array(2 * answer.length);
    if (reference.length > this.#reference.length) this.#reference = new Int32Array(2 * reference.length);
    if (this.#firstSymbol > MOST_NUMBERS) {
      this.#symbols.fill(0);
      this.#firstSymbol = 0;
    }
    const first = this.#firstSymbol;
    let symbols = this.#symbols;
    let count = 0;
    for (let at = 0; at < reference.length; at += 1) {
      const symbol = reference[at] ?? 0;
      if (symbol >= symbols.length) symbols = this.#growSymbols(symbol);
      let number = (symbols[symbol] ?? 0) - first;
      if (number <= 0) {
        count += 1;
        number = count;
        symbols[symbol] = first + number;
      }
      this.#reference[at] = number;
    }
    for (let at = 0; at < answer.length; at += 1) {
      const number = (symbols[answer[at] ?? 0] ?? 0) - first;
      this.#answer[at] = Math.max(0, number);
    }
    this.#firstSymbol = first + count;
    return count;
  }

  #growSymbols(symbol: number): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * symbol);
    larger.set(this.#symbols);
    this.#symbols = larger;
    return larger;
  }

  /** Adds the n-grams that begin at each position. Those of the highest order have no row, only their count. */
  #add(length: number, width: number): void {
    const rows = this.#rows;
    const reference = this.#reference;
    const base = this.#base;
    const order = this.#order;
    let free = width;
    for (let start = 0; start < length; start += 1) {
      const end = Math.min(length, start + order);
      let row = 0;
      for (let at = start; at < end; at += 1) {
        const entry = row + (reference[at] ?? 0);
        row = (rows[entry] ?? 0) - base;
        if (row > 0) {
          rows[row] = (rows[row] ?? 0) + 1;
          continue;
        }
        row = free;
        free += at - start === order - 1 ? 1 : width;
        rows[entry] = base + row;
        rows[row] = 1;
      }
    }
    this.#end = free;
  }

  #match(length: number, found: number[]): void {
    const rows = this.#rows;
    const answer = this.#answer;
    const base = this.#base;
    const order = this.#order;
    for (let start = 0; start < length; start += 1) {
      const end = Math.min(length, start + order);
      let row = 0;
      for (let at = start; at < end; at += 1) {
        const number = answer[at] ?? 0;
        if (number === 0) break;
        row = (rows[row + number] ?? 0) - base;
        if (row <= 0) break;
        const left = rows[row] ?? 0;
        if (left === 0) continue;
        rows[row] = left - 1;
        found[at - start] = (found[at - start] ?? 0) + 1;
      }
    }
  }
}
