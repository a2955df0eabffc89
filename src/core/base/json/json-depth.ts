/**
 * The maximum nesting of JSON from outside. Writing, cloning and walking JSON are recursive, in Node as in SQLite, and
 * overflow the stack at a few thousand levels; useful data is nowhere near that.
 */
export const MAX_JSON_DEPTH = 200;

/** The message for data that is not read because of its depth; a whole predicate of a sentence. */
export const TOO_DEEP = `is nested more than ${MAX_JSON_DEPTH} levels deep`;

/** For JSON that is nested too deeply; the message is a sentence that begins with “it”. */
export class TooDeepError extends SyntaxError {
  constructor() {
    super(`it ${TOO_DEEP}`);
  }
}

/** True for a value with more levels of lists and maps than that; not recursive itself. */
export function isTooDeep(value: unknown): boolean {
  if (!isBranch(value)) return false;
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_JSON_DEPTH) return true;
    const next: object[] = [];
    for (const branch of level) for (const item of Object.values(branch)) if (isBranch(item)) next.push(item);
    level = next;
  }
  return false;
}

/** `JSON.parse` for text from outside: throws a TooDeepError, a SyntaxError like the one for invalid JSON. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Shorter text cannot be that deep, and most server responses are shorter.
  if (text.length > 2 * MAX_JSON_DEPTH && isTooDeep(value)) throw new TooDeepError();
  return value;
}

/** JSON of a value that is too deep for `JSON.stringify`; keys with undefined are omitted, as there. */
export function writeDeepJson(value: unknown): string {
  const out: string[] = [];
  // A stack of what is still to be written: literal text and values.
  const open: ({ text: string } | { value: unknown })[] = [{ value }];
  for (let next = open.pop(); next; next = open.pop()) {
    if ('text' in next) {
      out.push(next.text);
    } else if (!isBranch(next.value)) {
      out.push(JSON.stringify(next.value) ?? 'null');
    } else {
      const isList = Array.isArray(next.value);
      const entries = Object.entries(next.value).filter(([, item]) => isList || item !== undefined);
      out.push(isList ? '[' : '{');
      open.push({ text: isList ? ']' : '}' });
      for (const [index, [key, item]] of [...entries.entries()].reverse()) {
        open.push({ value: item });
        open.push({ text: `${index > 0 ? ',' : ''}${isList ? '' : `${JSON.stringify(key)}:`}` });
      }
    }
  }
  return out.join('');
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
