/** JSON of plain data; what cannot be written (a cycle) is undefined rather than the loss of all that is written with it. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return toJsonWithBigInts(value);
  }
}

/** Apart from `toJson` because a replacer makes every value slower for the sake of hardly any. */
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
