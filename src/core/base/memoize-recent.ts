/** Caches the last results of a pure function of a text, which several features request at once. Do not change them. */
export function memoizeRecent<Result>(limit: number, make: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) {
      // a Map keeps insertion order, so the last used entry is moved to the end
      results.delete(text);
      results.set(text, known);
      return known;
    }
    const result = make(text);
    results.set(text, result);
    for (const oldest of results.keys()) {
      if (results.size <= limit) break;
      results.delete(oldest);
    }
    return result;
  };
}
