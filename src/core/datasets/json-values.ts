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
    get pending() {
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
  let buffer = '';
  let scanned = 0;
  let line = 1;
  let depth = 0;
  let inText = false;
  /** Undefined until the first character that is not whitespace. */
  let isList: boolean | undefined;
  let isClosed = false;
  let isFirst = true;

  const cut = (end: number, { required }: { required: boolean }): JsonText[] => {
    const raw = buffer.slice(0, end);
    const text = raw.trim();
    const at = line + countLines(raw.slice(0, raw.length - raw.trimStart().length));
    line += countLines(raw);
    buffer = buffer.slice(end);
    scanned = 0;
    isFirst = false;
    return text === '' && !required ? [] : [{ text, line: at }];
  };
  /** Drops the bracket or comma at the start of the buffer. */
  const drop = () => {
    buffer = buffer.slice(1);
    scanned = 0;
  };
  const open = () => {
    const start = buffer.search(/\S/);
    if (start < 0) return;
    isList = buffer[start] === '[';
    if (!isList) return;
    line += countLines(buffer.slice(0, start));
    buffer = buffer.slice(start);
    drop();
  };
  const next = (): JsonText[] | undefined => {
    while (scanned < buffer.length) {
      const pattern = inText ? INSIDE : OUTSIDE;
      pattern.lastIndex = scanned;
      const found = pattern.exec(buffer);
      if (!found) {
        scanned = buffer.length;
        return undefined;
      }
      scanned = found.index + 1;
      const [sign] = found;
      if (sign === '\\') scanned += 1;
      else if (sign === '"') inText = !inText;
      else if (sign === '{' || sign === '[') depth += 1;
      else if (depth > 0) {
        if (sign !== ',') depth -= 1;
      } else {
        isClosed = sign === ']';
        // An empty list has no element, but every comma is followed by one.
        const element = cut(found.index, { required: !isClosed || !isFirst });
        drop();
        return element;
      }
    }
    return undefined;
  };
  return {
    push(piece) {
      buffer += piece;
      if (isList === undefined) open();
      const found: JsonText[] = [];
      while (isList && !isClosed) {
        const element = next();
        if (!element) break;
        found.push(...element);
      }
      return found;
    },
    end() {
      if (!isList) return cut(buffer.length, { required: false });
      const [left] = cut(buffer.length, { required: false });
      if (!isClosed) throw new RowProblem('this is not valid JSON: it ends too early', line);
      if (left) throw new RowProblem(`this is not valid JSON, starting at \`${left.text.slice(0, 20)}\``, left.line);
      return [];
    },
    get pending() {
      return buffer.length;
    },
  };
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
