export interface Lazy<T> {
  (): T;
  /** What was made, without making it. */
  made(): T | undefined;
  /** The next call makes it again. */
  reset(): void;
}

/** Makes a value on first use and keeps it. What failed, also as a promise, is not kept: the next call tries again. */
export function lazy<T>(make: () => T): Lazy<T> {
  let kept: { value: T } | undefined;
  const read = (): T => {
    if (kept) return kept.value;
    const made = { value: make() };
    kept = made;
    if (made.value instanceof Promise) {
      made.value.catch(() => {
        if (kept === made) kept = undefined;
      });
    }
    return made.value;
  };
  return Object.assign(read, {
    made: () => kept?.value,
    reset() {
      kept = undefined;
    },
  });
}
