/**
 * Counts n-grams and their clipped matches exactly, without a string for each: an n-gram has a number, which is found by
 * the number of its first n − 1 symbols and its last symbol. Numbers of a reference are found in a hash table with open
 * addressing; an n-gram of an answer whose beginning the reference lacks cannot match and is not looked up.
 */
export class NgramMatches {
  readonly #order: number;
  #slots = new Int32Array(1024);
  #stamps = new Int32Array(1024);
  #stamp = 0;
  // for each n-gram of the current order, by its number
  #first = new Int32Array(512);
  #last = new Int32Array(512);
  #references = new Int32Array(512);
  #counts = new Int32Array(512);
  #size = 0;

  constructor(order: number) {
    this.#order = order;
  }

  /** For each order from 1, how many n-grams of the answer are in the references, at most as often as in one of them. */
  count(answer: Int32Array, references: readonly Int32Array[]): Int32Array {
    const found = new Int32Array(this.#order);
    // numbers of the n-grams of the order before, by their position
    const own = new Int32Array(answer.length);
    const theirs = references.map(({ length }) => new Int32Array(length));
    for (let order = 1; order <= this.#order && answer.length >= order; order += 1) {
      this.#start(references);
      for (const [index, reference] of references.entries()) this.#addAll(reference, theirs[index] ?? own, order);
      this.#lookUp(answer, own, order);
      found[order - 1] = this.#match(own, answer.length - order + 1);
    }
    return found;
  }

  #start(references: readonly Int32Array[]): void {
    let most = 0;
    for (const { length } of references) most += length;
    if (most * 2 > this.#slots.length) this.#grow(2 ** Math.ceil(Math.log2(most * 2)));
    this.#size = 0;
    this.#stamp += 1;
  }

  #grow(slots: number): void {
    this.#slots = new Int32Array(slots);
    this.#stamps = new Int32Array(slots);
    this.#first = new Int32Array(slots / 2);
    this.#last = new Int32Array(slots / 2);
    this.#references = new Int32Array(slots / 2);
    this.#counts = new Int32Array(slots / 2);
    this.#stamp = 0;
  }

  /** Numbers the n-grams of a reference. One that several references have counts as in the one with the most of it. */
  #addAll(symbols: Int32Array, numbers: Int32Array, order: number): void {
    const length = symbols.length - order + 1;
    for (let at = 0; at < length; at += 1) {
      const number = this.#add(numbers[at] ?? 0, symbols[at + order - 1] ?? 0);
      numbers[at] = number;
      this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    }
    for (let at = 0; at < length; at += 1) {
      const number = numbers[at] ?? 0;
      const count = this.#counts[number] ?? 0;
      if (count > (this.#references[number] ?? 0)) this.#references[number] = count;
      this.#counts[number] = 0;
    }
  }

  #add(first: number, last: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, last) & mask;
    while (this.#stamps[slot] === this.#stamp) {
      const number = this.#slots[slot] ?? 0;
      if (this.#first[number] === first && this.#last[number] === last) return number;
      slot = (slot + 1) & mask;
    }
    const number = this.#size++;
    this.#stamps[slot] = this.#stamp;
    this.#slots[slot] = number;
    this.#first[number] = first;
    this.#last[number] = last;
    this.#references[number] = 0;
    this.#counts[number] = 0;
    return number;
  }

  /** Numbers the n-grams of the answer, with −1 for one that no reference has. */
  #lookUp(symbols: Int32Array, numbers: Int32Array, order: number): void {
    for (let at = 0; at + order <= symbols.length; at += 1) {
      const first = numbers[at] ?? 0;
      numbers[at] = first < 0 ? -1 : this.#find(first, symbols[at + order - 1] ?? 0);
    }
  }

  #find(first: number, last: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, last) & mask;
    while (this.#stamps[slot] === this.#stamp) {
      const number = this.#slots[slot] ?? 0;
      if (this.#first[number] === first && this.#last[number] === last) return number;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  #match(numbers: Int32Array, length: number): number {
    let matches = 0;
    for (let at = 0; at < length; at += 1) {
      const number = numbers[at] ?? -1;
      if (number < 0) continue;
      const left = this.#references[number] ?? 0;
      if (left === 0) continue;
      this.#references[number] = left - 1;
      matches += 1;
    }
    return matches;
  }
}

function hash(first: number, last: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(last, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
