/**
 * A pure function of a text that keeps its last results: diagnostics, lenses, the status bar and panels ask for the same
 * text within a moment. Whoever gets a result must not change it.
 */
export function keepRecent<Result>(limit: number, make: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) {
      // a Map keeps the order of insertion: what was used last goes to the end
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
