import { CommonPositions, POSITIONS } from './common-positions.ts';
import { PositionMasks } from './position-masks.ts';

/**
 * Longest common subsequence by bit vectors (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): a row of the
 * usual table is a vector with a 0 where the length grows, so that 32 columns are one operation.
 */
export class CommonSubsequence {
  readonly #positions: CommonPositions;
  readonly #masks = new PositionMasks();
  #vector = new Int32Array(64);

  constructor(positions = new CommonPositions()) {
    this.#positions = positions;
  }

  /** Its length. Symbols are numbers from 0. */
  length(rows: readonly number[], columns: readonly number[]): number {
    if (rows.length === 0 || columns.length === 0) return 0;
    if (columns.length <= POSITIONS)
      return lengthWithin(this.#positions.find(rows, columns), rows.length, columns.length);
    const words = this.#masks.set(columns);
    if (this.#vector.length < words) this.#vector = new Int32Array(2 * words);
    const vector = this.#vector.fill(-1, 0, words);
    for (let row = 0; row < rows.length; row += 1) this.#advance(vector, words, rows[row] ?? 0);
    this.#masks.release(columns);
    return zerosBefore(vector, 0, columns.length);
  }

  /**
   * The positions in `rows` of one such subsequence: the one that rouge_score finds, which walks the table back from its
   * end and goes up unless the length to the left is greater.
   */
  positions(rows: readonly number[], columns: readonly number[]): number[] {
    if (rows.length === 0 || columns.length === 0) return [];
    const words = this.#masks.set(columns);
    const table = new Int32Array(words * (rows.length + 1)).fill(-1, 0, words);
    for (const [row, symbol] of rows.entries()) {
      table.copyWithin((row + 1) * words, row * words, (row + 1) * words);
      this.#advance(table.subarray((row + 1) * words), words, symbol);
    }
    this.#masks.release(columns);
    return walkBack(rows, columns, table);
  }

  /** The next row: V = (V + (V & M)) | (V & ~M), with the carry from word to word. */
  #advance(vector: Int32Array, words: number, symbol: number): void {
    const place = this.#masks.placeOf(symbol);
    if (place < 0) return;
    const { masks } = this.#masks;
    let carry = 0;
    for (let word = 0; word < words; word += 1) {
      const before = vector[word] ?? 0;
      const mask = masks[place + word] ?? 0;
      const sum = (before >>> 0) + ((before & mask) >>> 0) + carry;
      carry = sum > 0xffffffff ? 1 : 0;
      vector[word] = sum | (before & ~mask);
    }
  }
}

/** For columns that fit into one word, which has no carry. */
function lengthWithin(masks: Int32Array, rows: number, columns: number): number {
  let vector = -1;
  for (let row = 0; row < rows; row += 1) {
    const mask = masks[row] ?? 0;
    vector = (vector + (vector & mask)) | (vector & ~mask);
  }
  return columns - countOnes(columns === POSITIONS ? vector : vector & ((1 << columns) - 1));
}

function walkBack(rows: readonly number[], columns: readonly number[], table: Int32Array): number[] {
  const words = Math.ceil(columns.length / 32);
  const found: number[] = [];
  let [row, column] = [rows.length, columns.length];
  /** 1 if the length of a row grows at a column. */
  const grows = (at: number): number =>
    (((table[at * words + ((column - 1) >>> 5)] ?? 0) >>> ((column - 1) & 31)) & 1) ^ 1;
  let here = zerosBefore(table, row * words, column);
  let above = zerosBefore(table, (row - 1) * words, column);
  while (row > 0 && column > 0) {
    const isEqual = rows[row - 1] === columns[column - 1];
    const left = here - grows(row);
    if (!isEqual && left > above) {
      above -= grows(row - 1);
      here = left;
      column -= 1;
      continue;
    }
    if (isEqual) {
      found.push(row - 1);
      above -= grows(row - 1);
      column -= 1;
    }
    row -= 1;
    here = above;
    above = row > 0 ? zerosBefore(table, (row - 1) * words, column) : 0;
  }
  return found.reverse();
}

/** The zeros among the first bits of a row that starts at a word: the length of the subsequence up to that column. */
function zerosBefore(table: Int32Array, start: number, columns: number): number {
  const whole = columns >>> 5;
  let ones = 0;
  for (let word = 0; word < whole; word += 1) ones += countOnes(table[start + word] ?? 0);
  const rest = columns & 31;
  if (rest > 0) ones += countOnes((table[start + whole] ?? 0) & ((1 << rest) - 1));
  return columns - ones;
}

function countOnes(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
