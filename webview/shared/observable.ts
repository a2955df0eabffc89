import { useEffect, useRef, useState } from 'preact/hooks';

/** A value with change notifications, the only kind of shared state in the webviews. */
export interface Observable<T> {
  get(): T;
  set(value: T): void;
  update(change: (value: T) => T): void;
  subscribe(listener: () => void): () => void;
}

export function createObservable<T>(initial: T): Observable<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  const set = (value: T) => {
    if (Object.is(value, current)) return;
    current = value;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Only renders again when the selected part changes. */
export function useObservable<T, S>(observable: Observable<T>, select: (value: T) => S): S {
  const selected = select(observable.get());
  const [, render] = useState({});
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useEffect(() => {
    const check = () => {
      const { select, selected } = latest.current;
      if (!Object.is(select(observable.get()), selected)) render({});
    };
    check();
    return observable.subscribe(check);
  }, [observable]);
  return selected;
}
