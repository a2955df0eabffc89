interface Lazy<T> {
  (): T;
  /** The value if it exists; does not create it. */
  made(): T | undefined;
  /** The next call creates it again. */
  reset(): void;
}

/** Creates a value on first use and keeps it. A failure, also of a promise, is not kept: the next call tries again. */
export function lazy<T>(make: () => T): Lazy<T> {
  let cached: { value: T } | undefined;
  const read = (): T => {
    if (cached) return cached.value;
    const made = { value: make() };
    cached = made;
    if (made.value instanceof Promise) {
      made.value.catch(() => {
        if (cached === made) cached = undefined;
      });
    }
    return made.value;
  };
  return Object.assign(read, {
    made: () => cached?.value,
    reset() {
      cached = undefined;
    },
  });
}
