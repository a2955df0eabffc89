const MOST_BYTES = 8192;
const SHOWN_LINES = 12;
const SHOWN_CHARACTERS = 1000;

/** The end of what a program writes to its standard error: an exception is the last thing there. */
export class OutputTail {
  #bytes = Buffer.alloc(0);

  add(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece.subarray(-MOST_BYTES)]).subarray(-MOST_BYTES);
  }

  /** The last lines, without the control characters of a terminal. */
  text(): string {
    const plain = this.#bytes.toString('utf8').replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
    const lines = plain.replace(/\r\n?/g, '\n').trim().split('\n').slice(-SHOWN_LINES);
    return lines.join('\n').slice(-SHOWN_CHARACTERS);
  }
}
