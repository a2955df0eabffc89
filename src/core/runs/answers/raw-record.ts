/** A run stores at most about this much of the provider's raw chunks, in characters of JSON. */
const RAW_LIMIT = 2_000_000;

/** Optional escapes: they are normalized, so that no secret is hidden in them from a search for its letters. */
const ESCAPES = /\\[u/]/;

/** The provider's chunks as text: as objects they would be copied to the database's thread one by one. */
export type RawRecord = ReturnType<typeof createRawRecord>;

/** Keeps the first chunks up to a limit; a last entry notes that there were more. */
export function createRawRecord(limit = RAW_LIMIT) {
  const chunks: string[] = [];
  let size = 0;
  let full = false;
  return {
    /** `json` avoids writing it again if the chunk came as text. */
    add(chunk: unknown, json?: string): void {
      if (full) return;
      const text = json === undefined || ESCAPES.test(json) ? toJson(chunk) : json;
      size += text.length + 1;
      full = size > limit;
      chunks.push(full ? `{"truncated":"Only the first ${limit} characters are kept."}` : text);
    },
    /** A JSON array. */
    json: (): string => `[${chunks.join(',')}]`,
  };
}

function toJson(chunk: unknown): string {
  try {
    return JSON.stringify(chunk) ?? 'null';
  } catch {
    // Something cyclic or a bigint: better a label than a failed run.
    return JSON.stringify(String(chunk));
  }
}
