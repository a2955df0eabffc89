import { CommonPositions, POSITIONS } from './common-positions.ts';
import { NgramTable } from './ngram-table.ts';
import { NgramTrie } from './ngram-trie.ts';

/**
 * Counts n-grams and their clipped matches exactly. For an answer and one reference of up to 32 symbols, each position of
 * the answer has the positions of the reference where the same n-gram begins as bits: those of an n-gram are those of the
 * two n-grams of one symbol less in it, the second moved by one. Each match takes one of these positions, so that an
 * n-gram matches at most as often as the reference has it.
 */
export class NgramMatches {
  readonly #order: number;
  readonly #positions: CommonPositions;
  readonly #trie: NgramTrie;
  readonly #table: NgramTable;
  /** Where the n-gram of the current order at each position of the answer is in the reference. */
  #starts = new Int32Array(64);

  constructor(order: number, positions = new CommonPositions()) {
    this.#order = order;
    this.#positions = positions;
    this.#trie = new NgramTrie(order);
    this.#table = new NgramTable(order);
  }

  /** For each order from 1, how many n-grams of the answer are in the references, at most as often as in one of them. */
  count(answer: readonly number[], references: readonly (readonly number[])[]): readonly number[] {
    const [reference = []] = references;
    if (references.length !== 1) return this.#table.count(answer, references);
    if (reference.length <= POSITIONS) return this.#countPositions(answer, reference);
    return this.#trie.count(answer, reference) ?? this.#table.count(answer, references);
  }

  #countPositions(answer: readonly number[], reference: readonly number[]): number[] {
    const { length } = answer;
    if (length > this.#starts.length) this.#starts = new Int32Array(2 * length);
    const starts = this.#starts;
    const symbols = this.#positions.find(answer, reference);
    let matches = countSingle(symbols, length);
    const found = [matches];
    for (let order = 2; order <= this.#order; order += 1) {
      if (matches > 0) matches = countLonger(order === 2 ? symbols : starts, starts, length - order + 1);
      found.push(matches);
    }
    return found;
  }
}

function countSingle(starts: Int32Array, end: number): number {
  let free = -1;
  let matches = 0;
  for (let at = 0; at < end; at += 1) {
    const hits = (starts[at] ?? 0) & free;
    const hit = hits & -hits;
    free ^= hit;
    // 1 unless there is none, without a jump, which a processor would often predict wrong
    matches += (hit | -hit) >>> 31;
  }
  return matches;
}

/** Writes the positions for n-grams of one symbol more. */
function countLonger(shorter: Int32Array, longer: Int32Array, end: number): number {
  let free = -1;
  let matches = 0;
  let here = shorter[0] ?? 0;
  for (let at = 0; at < end; at += 1) {
    const next = shorter[at + 1] ?? 0;
    const starts = here & (next >>> 1);
    here = next;
    longer[at] = starts;
    const hits = starts & free;
    const hit = hits & -hits;
    free ^= hit;
    matches += (hit | -hit) >>> 31;
  }
  return matches;
}
