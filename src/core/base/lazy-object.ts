/** An object with only asynchronous methods. */
type AsyncMethods<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/** The object that `load` resolves to, loaded by the first call of one of its methods. */
export function lazyObject<T extends AsyncMethods<T>>(load: () => Promise<T>): T {
  return new Proxy({} as T, {
    get(_, name) {
      // An await of the object itself reads this property.
      if (name === 'then') return undefined;
      return async (...args: unknown[]): Promise<unknown> => {
        const loaded = await load();
        return Reflect.apply(Reflect.get(loaded, name), loaded, args);
      };
    },
  });
}
