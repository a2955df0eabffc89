const START_SIZE = 512;

/**
 * Counts n-grams and their clipped matches exactly, without a string for each: an n-gram has a number, which is found by
 * the numbers of the two n-grams of one symbol less in it, in a hash table with open addressing. An n-gram with a part
 * that the other side lacks cannot match and is not looked at, which are most of the longer ones.
 */
export class NgramTable {
  readonly #order: number;
  /** The number of the n-gram + 1, 0 for a free slot. */
  #slots = new Int32Array(2 * START_SIZE);
  #size = 0;
  // for each n-gram of the current order, by its number
  #first = new Int32Array(START_SIZE);
  #last = new Int32Array(START_SIZE);
  #slot = new Int32Array(START_SIZE);
  /** How often the references have it, or the one that has it the most; less each match. */
  #left = new Int32Array(START_SIZE);
  #counts = new Int32Array(START_SIZE);
  #isMatched = new Uint8Array(START_SIZE);
  // numbers of the n-grams of one symbol less by their position, −1 for one that the other side lacks
  #answer = new Int32Array(START_SIZE);
  #references = new Int32Array(START_SIZE);

  constructor(order: number) {
    this.#order = order;
  }

  /** For each order from 1, how many n-grams of the answer are in the references, at most as often as in one of them. */
  count(answer: readonly number[], references: readonly (readonly number[])[]): number[] {
    const found = new Array<number>(this.#order).fill(0);
    this.#start(answer, references);
    for (let order = 1; order <= this.#order && answer.length >= order; order += 1) {
      this.#clear();
      let offset = 0;
      for (let index = 0; index < references.length; index += 1) {
        const length = references[index]?.length ?? 0;
        this.#addAll(offset, length, order, references.length > 1);
        offset += length;
      }
      const matches = this.#match(answer.length, order);
      if (matches === 0) break;
      found[order - 1] = matches;
      this.#dropUnmatched(offset);
    }
    return found;
  }

  #clear(): void {
    const slots = this.#slots;
    const used = this.#slot;
    for (let number = 0; number < this.#size; number += 1) slots[used[number] ?? 0] = 0;
    this.#size = 0;
  }

  /** The numbers of order 0 are the symbols themselves. */
  #start(answer: readonly number[], references: readonly (readonly number[])[]): void {
    let most = 0;
    for (const { length } of references) most += length;
    if (most > this.#references.length) this.#grow(2 ** Math.ceil(Math.log2(most)));
    if (answer.length > this.#answer.length) this.#answer = new Int32Array(2 * answer.length);
    for (let at = 0; at < answer.length; at += 1) this.#answer[at] = answer[at] ?? 0;
    let offset = 0;
    for (let index = 0; index < references.length; index += 1) {
      const reference = references[index] ?? [];
      for (let at = 0; at < reference.length; at += 1) this.#references[offset + at] = reference[at] ?? 0;
      offset += reference.length;
    }
  }

  #grow(size: number): void {
    this.#slots = new Int32Array(2 * size);
    this.#slot = new Int32Array(size);
    this.#size = 0;
    this.#first = new Int32Array(size);
    this.#last = new Int32Array(size);
    this.#left = new Int32Array(size);
    this.#counts = new Int32Array(size);
    this.#isMatched = new Uint8Array(size);
    this.#references = new Int32Array(size);
  }

  /** Numbers the n-grams of a reference. */
  #addAll(offset: number, length: number, order: number, hasSeveral: boolean): void {
    const numbers = this.#references;
    const counts = hasSeveral ? this.#counts : this.#left;
    const end = offset + length - order + 1;
    for (let at = offset; at < end; at += 1) {
      const first = numbers[at] ?? -1;
      const last = order === 1 ? 0 : (numbers[at + 1] ?? -1);
      if (first < 0 || last < 0) {
        numbers[at] = -1;
        continue;
      }
      const slot = this.#findSlot(first, last);
      let number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) number = this.#add(slot, first, last);
      numbers[at] = number;
      counts[number] = (counts[number] ?? 0) + 1;
    }
    if (hasSeveral) this.#takeMost(offset, end);
  }

  #takeMost(offset: number, end: number): void {
    for (let at = offset; at < end; at += 1) {
      const number = this.#references[at] ?? -1;
      if (number < 0) continue;
      const count = this.#counts[number] ?? 0;
      if (count > (this.#left[number] ?? 0)) this.#left[number] = count;
      this.#counts[number] = 0;
    }
  }

  /** The slot of a pair of numbers, or the free one for it. */
  #findSlot(first: number, last: number): number {
    const slots = this.#slots;
    const firsts = this.#first;
    const lasts = this.#last;
    const mask = slots.length - 1;
    let slot = hash(first, last) & mask;
    for (;;) {
      const number = (slots[slot] ?? 0) - 1;
      if (number < 0 || (firsts[number] === first && lasts[number] === last)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #add(slot: number, first: number, last: number): number {
    const number = this.#size++;
    this.#slots[slot] = number + 1;
    this.#slot[number] = slot;
    this.#first[number] = first;
    this.#last[number] = last;
    this.#left[number] = 0;
    this.#counts[number] = 0;
    this.#isMatched[number] = 0;
    return number;
  }

  /** Numbers the n-grams of the answer, and counts those that the references have left. */
  #match(length: number, order: number): number {
    const numbers = this.#answer;
    const remaining = this.#left;
    const end = length - order + 1;
    let matches = 0;
    for (let at = 0; at < end; at += 1) {
      const first = numbers[at] ?? -1;
      const last = order === 1 ? 0 : (numbers[at + 1] ?? -1);
      const number = first < 0 || last < 0 ? -1 : (this.#slots[this.#findSlot(first, last)] ?? 0) - 1;
      numbers[at] = number;
      if (number < 0) continue;
      this.#isMatched[number] = 1;
      const left = remaining[number] ?? 0;
      if (left === 0) continue;
      remaining[number] = left - 1;
      matches += 1;
    }
    return matches;
  }

  #dropUnmatched(length: number): void {
    const numbers = this.#references;
    for (let at = 0; at < length; at += 1) {
      const number = numbers[at] ?? -1;
      if (number >= 0 && this.#isMatched[number] === 0) numbers[at] = -1;
    }
  }
}

function hash(first: number, last: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(last, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
