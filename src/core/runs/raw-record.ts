/** A run keeps at most about this much of the provider's raw chunks, in characters of JSON. */
export const RAW_LIMIT = 2_000_000;

export interface RawRecord {
  add(chunk: unknown): void;
  readonly chunks: unknown[];
}

/** Keeps the first chunks up to a bound; a last entry tells that more came. */
export function createRawRecord(limit = RAW_LIMIT): RawRecord {
  const chunks: unknown[] = [];
  let size = 0;
  let full = false;
  return {
    add(chunk) {
      if (full) return;
      size += approximateSize(chunk, 0);
      full = size > limit;
      chunks.push(full ? { truncated: `Only the first ${limit} characters are kept.` } : chunk);
    },
    chunks,
  };
}

/** Much cheaper than stringifying each chunk a second time; right within a few per cent. */
function approximateSize(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  // Deeper than any provider nests; a cyclic value would not end otherwise.
  if (depth > 20) return 0;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) size += approximateSize(item, depth + 1);
    return size;
  }
  for (const [key, item] of Object.entries(value)) size += key.length + 3 + approximateSize(item, depth + 1);
  return size;
}
