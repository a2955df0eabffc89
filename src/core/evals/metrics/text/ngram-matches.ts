import { NgramTable } from './ngram-table.ts';
import { PositionMasks } from './position-masks.ts';

/** A longer reference has more words for each symbol than a table has steps. */
const LONGEST_REFERENCE = 512;
const MOST_WORDS = 2 ** 20;

/**
 * Counts n-grams and their clipped matches exactly. For an answer and one reference of usual length, each position of the
 * answer has the positions of the reference where the same n-gram begins as bits: those of an n-gram are those of the two
 * n-grams of one symbol less in it, the second moved by one. Each match takes one of these positions, so that an n-gram
 * matches at most as often as the reference has it.
 */
export class NgramMatches {
  readonly #order: number;
  readonly #table: NgramTable;
  readonly #masks = new PositionMasks();
  /** Where the n-gram of the current order at each position of the answer is in the reference. */
  #starts = new Int32Array(512);
  /** The positions of the reference that no match has taken. */
  #free = new Int32Array(LONGEST_REFERENCE / 32);

  constructor(order: number) {
    this.#order = order;
    this.#table = new NgramTable(order);
  }

  /** For each order from 1, how many n-grams of the answer are in the references, at most as often as in one of them. */
  count(answer: readonly number[], references: readonly (readonly number[])[]): number[] {
    const [reference = []] = references;
    const isShort = reference.length <= LONGEST_REFERENCE && answer.length * reference.length <= 32 * MOST_WORDS;
    if (references.length !== 1 || !isShort) return this.#table.count(answer, references);
    const found = new Array<number>(this.#order).fill(0);
    const words = this.#start(answer, reference);
    for (let order = 1; order <= this.#order && words > 0; order += 1) {
      const end = answer.length - order + 1;
      const matches = words === 1 ? this.#matchWord(end, order) : this.#matchWords(end, order, words);
      if (matches === 0) break;
      found[order - 1] = matches;
    }
    return found;
  }

  #start(answer: readonly number[], reference: readonly number[]): number {
    const words = this.#masks.set(reference);
    const { length } = answer;
    if (length * words > this.#starts.length) this.#starts = new Int32Array(2 * length * words);
    const starts = this.#starts;
    const { masks } = this.#masks;
    for (let at = 0, to = 0; at < length; at += 1) {
      const place = this.#masks.placeOf(answer[at] ?? 0);
      for (let word = 0; word < words; word += 1) {
        starts[to] = place < 0 ? 0 : (masks[place + word] ?? 0);
        to += 1;
      }
    }
    this.#masks.release(reference);
    return words;
  }

  #matchWord(end: number, order: number): number {
    const starts = this.#starts;
    let free = -1;
    let matches = 0;
    for (let at = 0; at < end; at += 1) {
      let here = starts[at] ?? 0;
      if (order > 1) {
        here &= (starts[at + 1] ?? 0) >>> 1;
        starts[at] = here;
      }
      const hits = here & free;
      if (hits === 0) continue;
      free ^= hits & -hits;
      matches += 1;
    }
    return matches;
  }

  #matchWords(end: number, order: number, words: number): number {
    const starts = this.#starts;
    const free = this.#free.fill(-1, 0, words);
    let matches = 0;
    for (let at = 0; at < end; at += 1) {
      const from = at * words;
      let isFound = false;
      for (let word = 0; word < words; word += 1) {
        let here = starts[from + word] ?? 0;
        if (order > 1 && here !== 0) {
          const next = from + words + word;
          const carry = word + 1 < words ? (starts[next + 1] ?? 0) << 31 : 0;
          here &= ((starts[next] ?? 0) >>> 1) | carry;
          starts[from + word] = here;
        }
        const hits = here & (free[word] ?? 0);
        if (isFound || hits === 0) continue;
        free[word] = (free[word] ?? 0) ^ (hits & -hits);
        isFound = true;
        matches += 1;
      }
    }
    return matches;
  }
}
