import { RowProblem } from './row.ts';

/** One value, as written, of a JSON text with many values. */
export interface JsonText {
  text: string;
  /** The line on which it starts, from 1. */
  line: number;
}

/** Splits a text that is read piece by piece, without parsing it as JSON. Throws `RowProblem`. */
export interface JsonSplitter {
  push(text: string): JsonText[];
  end(): JsonText[];
  /** Number of characters of the incomplete value. */
  readonly pending: number;
}

/** The lines of JSON Lines, without blank ones. */
export function createLineSplitter(): JsonSplitter {
  let parts: string[] = [];
  let pending = 0;
  let line = 1;
  const take = (last: string): JsonText[] => {
    const text = (parts.length > 0 ? [...parts, last].join('') : last).trim();
    parts = [];
    pending = 0;
    return text === '' ? [] : [{ text, line }];
  };
  return {
    push(piece) {
      const found: JsonText[] = [];
      let start = 0;
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
        found.push(...take(piece.slice(start, end)));
        line += 1;
        start = end + 1;
      }
      if (start < piece.length) parts.push(piece.slice(start));
      pending += piece.length - start;
      return found;
    },
    end: () => take(''),
    get pending(): number {
      return pending;
    },
  };
}

/** Characters that start or end something, outside strings and inside them. */
const OUTSIDE = /["{}[\],]/g;
const INSIDE = /["\\]/g;

/**
 * The elements of a list, or the one value if the text is not a list. Anything between elements that is not JSON
 * becomes an element of its own, so that the parser reports the error at that position.
 */
export function createListSplitter(): JsonSplitter {
  return new ListSplitter();
}

class ListSplitter implements JsonSplitter {
  private buffer = '';
  private scanned = 0;
  private line = 1;
  private depth = 0;
  private inText = false;
  /** Undefined until the first character that is not whitespace. */
  private isList: boolean | undefined;
  private isClosed = false;
  private isFirst = true;

  push(piece: string): JsonText[] {
    this.buffer += piece;
    if (this.isList === undefined) this.open();
    const found: JsonText[] = [];
    while (this.isList && !this.isClosed) {
      const element = this.next();
      if (!element) break;
      found.push(...element);
    }
    return found;
  }

  end(): JsonText[] {
    if (!this.isList) return this.cut(this.buffer.length, { required: false });
    const [left] = this.cut(this.buffer.length, { required: false });
    if (!this.isClosed) throw new RowProblem('this is not valid JSON: it ends too early', this.line);
    if (left) throw new RowProblem(`this is not valid JSON, starting at \`${left.text.slice(0, 20)}\``, left.line);
    return [];
  }

  get pending() {
    return this.buffer.length;
  }

  private cut(end: number, { required }: { required: boolean }): JsonText[] {
    const raw = this.buffer.slice(0, end);
    const text = raw.trim();
    const at = this.line + countLines(raw.slice(0, raw.length - raw.trimStart().length));
    this.line += countLines(raw);
    this.buffer = this.buffer.slice(end);
    this.scanned = 0;
    this.isFirst = false;
    return text === '' && !required ? [] : [{ text, line: at }];
  }

  /** Drops the bracket or comma at the start of the buffer. */
  private drop(): void {
    this.buffer = this.buffer.slice(1);
    this.scanned = 0;
  }

  private open(): void {
    const start = this.buffer.search(/\S/);
    if (start < 0) return;
    this.isList = this.buffer[start] === '[';
    if (!this.isList) return;
    this.line += countLines(this.buffer.slice(0, start));
    this.buffer = this.buffer.slice(start);
    this.drop();
  }

  private next(): JsonText[] | undefined {
    while (this.scanned < this.buffer.length) {
      const pattern = this.inText ? INSIDE : OUTSIDE;
      pattern.lastIndex = this.scanned;
      const found = pattern.exec(this.buffer);
      if (!found) {
        this.scanned = this.buffer.length;
        return undefined;
      }
      this.scanned = found.index + 1;
      const [sign] = found;
      if (sign === '\\') this.scanned += 1;
      else if (sign === '"') this.inText = !this.inText;
      else if (sign === '{' || sign === '[') this.depth += 1;
      else if (this.depth > 0) {
        if (sign !== ',') this.depth -= 1;
      } else {
        this.isClosed = sign === ']';
        // An empty list has no element, but every comma is followed by one.
        const element = this.cut(found.index, { required: !this.isClosed || !this.isFirst });
        this.drop();
        return element;
      }
    }
    return undefined;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
