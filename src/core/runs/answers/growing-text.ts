/** Pieces are joined in blocks of this many characters. */
const BLOCK = 32 * 1024;

/**
 * A text that arrives in small pieces. The engine keeps a sum of strings as a tree with a node a piece, which takes many
 * times the memory of the text where a piece is a letter or two; joining a list of them copies into one flat string.
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

  /** The same string until more comes, so that whoever reads it again does not make it flat again. */
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
