const BEAM_WIDTH = 25;
const INFINITE = 1e9;

/** How the answer becomes the reference. */
export interface Trace {
  distance: number;
  /** For each word of the reference, the last position in the answer that its alignment has reached. */
  aligned: Int32Array;
  /** 1 for words of the answer that are not in place. */
  isWrong: Uint8Array;
  /** 1 for words of the reference that the answer does not have in place. */
  isMissed: Uint8Array;
}

const [SAME, SUBSTITUTED, DELETED, INSERTED] = [0, 1, 2, 3];

/**
 * Edit distances of word lists of one length to a reference, within a beam around the diagonal, as `BeamEditDistance` of
 * sacreBLEU 2.6. Rows that the last list begins with are kept, since most shifts leave the beginning as it is.
 */
export class EditTable {
  readonly #reference: Int32Array;
  readonly #width: number;
  #costs: Int32Array;
  #operations: Uint8Array;
  #last: Int32Array | undefined;

  constructor(reference: Int32Array) {
    this.#reference = reference;
    this.#width = reference.length + 1;
    this.#costs = new Int32Array(0);
    this.#operations = new Uint8Array(0);
  }

  distance(words: Int32Array): number {
    this.#fill(words);
    return this.#costs[(words.length + 1) * this.#width - 1] ?? 0;
  }

  trace(words: Int32Array): Trace {
    const distance = this.distance(words);
    const isWrong = new Uint8Array(words.length);
    const isMissed = new Uint8Array(this.#reference.length);
    const aligned = new Int32Array(this.#reference.length);
    let [row, column] = [words.length, this.#reference.length];
    while (row > 0 || column > 0) {
      const operation = this.#operations[row * this.#width + column];
      // a word of the reference belongs to the last word of the answer before or at it
      if (operation !== DELETED) aligned[column - 1] = row - 1;
      if (operation !== SAME && operation !== INSERTED) isWrong[row - 1] = 1;
      if (operation !== SAME && operation !== DELETED) isMissed[column - 1] = 1;
      if (operation !== INSERTED) row -= 1;
      if (operation !== DELETED) column -= 1;
    }
    return { distance, aligned, isWrong, isMissed };
  }

  #fill(words: Int32Array): void {
    const first = this.#last ? commonStart(this.#last, words) : 0;
    if (!this.#last) this.#allocate(words.length);
    this.#last = words;
    const ratio = words.length > 0 ? this.#reference.length / words.length : 1;
    const beam = BEAM_WIDTH < ratio / 2 ? Math.ceil(ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH;
    for (let row = first + 1; row <= words.length; row += 1) {
      const diagonal = Math.floor(row * ratio);
      const end = row === words.length ? this.#width : Math.min(this.#width, diagonal + beam);
      this.#fillRow(row, words[row - 1] ?? 0, [Math.max(0, diagonal - beam), end]);
    }
  }

  #allocate(length: number): void {
    this.#costs = new Int32Array((length + 1) * this.#width).fill(INFINITE);
    this.#operations = new Uint8Array((length + 1) * this.#width);
    for (let column = 0; column < this.#width; column += 1) {
      this.#costs[column] = column;
      this.#operations[column] = INSERTED;
    }
  }

  #fillRow(row: number, word: number, [start, end]: [number, number]): void {
    const costs = this.#costs;
    const here = row * this.#width;
    const above = here - this.#width;
    for (let column = start; column < end; column += 1) {
      const deleted = (costs[above + column] ?? INFINITE) + 1;
      if (column === 0) {
        costs[here] = deleted;
        this.#operations[here] = DELETED;
        continue;
      }
      const isSame = word === this.#reference[column - 1];
      let cost = (costs[above + column - 1] ?? INFINITE) + (isSame ? 0 : 1);
      let operation = isSame ? SAME : SUBSTITUTED;
      // of equal costs the first counts: no change or substitution, then deletion, then insertion
      if (deleted < cost) [cost, operation] = [deleted, DELETED];
      const inserted = (column > start ? (costs[here + column - 1] ?? INFINITE) : INFINITE) + 1;
      if (inserted < cost) [cost, operation] = [inserted, INSERTED];
      costs[here + column] = Math.min(cost, INFINITE);
      this.#operations[here + column] = operation ?? SAME;
    }
  }
}

function commonStart(one: Int32Array, other: Int32Array): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
