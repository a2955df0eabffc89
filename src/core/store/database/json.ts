/** JSON of plain data; undefined for what cannot be written (a cycle), so that the rest of the record is not lost. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return toJsonWithBigInts(value);
  }
}

/** Separate from `toJson` because a replacer slows down every value, and hardly any needs it. */
function toJsonWithBigInts(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item));
  } catch {
    return undefined;
  }
}

export function fromJson<T>(text: unknown, fallback: T): T {
  return typeof text === 'string' ? (JSON.parse(text) as T) : fallback;
}
