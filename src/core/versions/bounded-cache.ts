/** Keeps what was used last; `limit` is the sum of weights, one each unless told. */
export interface BoundedCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** Sum of the weights of what it holds now. */
  readonly weight: number;
}

export function createBoundedCache<Value>(
  limit: number,
  weigh: (value: Value) => number = () => 1,
): BoundedCache<Value> {
  const entries = new Map<string, Value>();
  let weight = 0;

  function remove(key: string): void {
    const value = entries.get(key);
    if (value === undefined) return;
    entries.delete(key);
    weight -= weigh(value);
  }

  return {
    delete: remove,
    get weight() {
      return weight;
    },
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        // a Map keeps the order of insertion: what was used last goes to the end
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      remove(key);
      entries.set(key, value);
      weight += weigh(value);
      for (const oldest of entries.keys()) {
        if (weight <= limit || oldest === key) break;
        remove(oldest);
      }
    },
  };
}
