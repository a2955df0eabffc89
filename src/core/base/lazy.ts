interface Lazy<T> {
  (): T;
  /** The value if it exists; does not create it. */
  made(): T | undefined;
  /** The next call creates it again. */
  reset(): void;
}

/** Creates a value on first use and keeps it. A failure, also of a promise, is not kept: the next call tries again. */
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
