/** Pieces are joined in blocks of this many characters. */
const BLOCK = 32 * 1024;

/**
 * A text that arrives in small pieces. The engine keeps a sum of strings as a tree with a node a piece, which takes many
 * times the memory of the text where a piece is a letter or two; here a block is made flat as soon as it is full.
 */
export class GrowingText {
  private blocks = '';
  private tail = '';

  add(piece: string): void {
    this.tail += piece;
    if (this.tail.length < BLOCK) return;
    // Reading a character by its place is what makes the engine copy the tree into one flat string.
    this.tail.charCodeAt(this.tail.length - 1);
    this.blocks += this.tail;
    this.tail = '';
  }

  toString(): string {
    return this.tail === '' ? this.blocks : this.blocks + this.tail;
  }
}
