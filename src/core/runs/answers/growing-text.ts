/** Pieces are joined in blocks of this many characters. */
const BLOCK = 32 * 1024;

/**
 * A text that arrives in small pieces. The engine stores a concatenated string as a tree with a node per piece, which
 * needs many times the memory of the text if a piece is a letter or two; joining a list of pieces copies into one flat
 * string.
 */
export class GrowingText {
  private blocks = '';
  private pieces: string[] = [];
  private waiting = 0;

  add(piece: string): void {
    this.pieces.push(piece);
    this.waiting += piece.length;
    if (this.waiting >= BLOCK) this.join();
  }

  /** The same string until more arrives, so that reading it again does not flatten it again. */
  toString(): string {
    if (this.pieces.length > 0) this.join();
    return this.blocks;
  }

  private join(): void {
    this.blocks += this.pieces.length === 1 ? this.pieces[0] : this.pieces.join('');
    this.pieces = [];
    this.waiting = 0;
  }
}
