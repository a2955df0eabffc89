/** Finds the next place of a text, and remembers it: asked in order, a whole file costs one pass. -1 where there is none. */
export function createFinder(source: string, needle: string, end: number): (from: number) => number {
  let askedFrom = Number.POSITIVE_INFINITY;
  let found = -1;
  return (from) => {
    if (from < askedFrom || (found >= 0 && found < from)) {
      found = source.indexOf(needle, from);
      if (found + needle.length > end) found = -1;
      askedFrom = from;
    }
    return found;
  };
}
