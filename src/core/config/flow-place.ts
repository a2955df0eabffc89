/** The innermost flow collection, `[…]` or `{…}`, around an offset. */
interface FlowPlace {
  /** From the outermost collection to the items of the innermost one; a list item counts as `0`. */
  steps: string[];
  /** The key of the value at the offset; undefined in a list and where a key is, or may be, written. */
  key: string | undefined;
  /** The key or value as it is written. */
  wordStart: number;
  wordEnd: number;
  siblings: Sibling[];
  isInMap: boolean;
}

/** Another key of the same map, with its value if that is on one line and no collection. */
export interface Sibling {
  name: string;
  value: string | undefined;
}

/** An open collection, with the key of its current value and all keys. */
interface Frame {
  isMap: boolean;
  key: string | undefined;
  keys: (Sibling & { start: number })[];
}

/** A comment, a quoted text, punctuation, or plain text, in which a colon is allowed before anything but a space. */
const TOKEN =
  /(?<=^|\s)#[^\n]*|"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[[\]{},]|:(?=[\s,[\]{}]|$)|[^\s[\]{},:"'#](?:[^[\]{},:\n]|:(?![\s,[\]{}]|$))*/gm;

/**
 * Reads the flow collection that starts at `start`: the place of the offset if it is inside, `undefined` there in a
 * comment, and the end of the collection, infinite for one that is not closed.
 */
export function readFlow(text: string, start: number, offset: number): { end: number; place: FlowPlace | undefined } {
  const stack: Frame[] = [];
  let found: { frame: Frame | undefined; place: FlowPlace | undefined } | undefined;
  let [last, word] = [start, { start, text: '' }];
  TOKEN.lastIndex = start;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const isComment = match[0].startsWith('#');
    const token = isComment ? match[0] : match[0].trimEnd();
    const [from, to] = [match.index, match.index + token.length];
    const isQuoted = /^["']/.test(token);
    const isWord = isQuoted || !/^[[\]{},:#]/.test(token);
    const isGap = stack.length > 0 && last <= offset && offset <= from;
    if (isComment && from < offset && offset <= to) found ??= { frame: undefined, place: undefined };
    else if (isWord && from <= offset && offset <= to) found ??= placeIn(stack, from, to);
    else if (isGap) found ??= placeIn(stack, offset, offset);
    const frame = stack.at(-1);
    if (token === '[' || token === '{') stack.push({ isMap: token === '{', key: undefined, keys: [] });
    else if (token === ']' || token === '}') stack.pop();
    else if (token === ',' && frame) frame.key = undefined;
    else if (token === ':' && frame?.isMap) {
      frame.key = unquoted(word.text);
      frame.keys.push({ name: frame.key, value: undefined, start: word.start });
    } else if (!isComment) {
      word = { start: from, text: token };
      const current = frame?.key === undefined ? undefined : frame.keys.at(-1);
      if (current) current.value ??= unquoted(token);
    }
    last = to;
    if (stack.length === 0) break;
  }
  if (stack.length > 0 && offset >= last) found ??= placeIn(stack, offset, offset);
  const others = found?.frame?.keys.filter((key) => key.start !== found?.place?.wordStart) ?? [];
  const place = found?.place && { ...found.place, siblings: others.map(({ name, value }) => ({ name, value })) };
  return { end: stack.length > 0 ? Number.POSITIVE_INFINITY : last, place };
}

/** Siblings are added when the whole collection was read. */
function placeIn(stack: readonly Frame[], wordStart: number, wordEnd: number) {
  const frame = stack.at(-1);
  const steps = stack.slice(0, -1).map(({ isMap, key }) => (isMap ? (key ?? '') : '0'));
  if (frame && !frame.isMap) steps.push('0');
  return { frame, place: { steps, key: frame?.key, wordStart, wordEnd, siblings: [], isInMap: frame?.isMap ?? false } };
}

export function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
