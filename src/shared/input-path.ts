/** The JSON path of a value inside another: `$.items` and `price` are `$.items.price`. */
export function joinPath(path: string, key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** A JSON path as shown to users: `$.items[2].price` is `items[2].price`, `$["my name"]` is `my name`. */
export function inputName(path: string): string {
  const inner = path.replace(/^\$\.?/, '');
  if (inner === '') return 'the input';
  const quoted = /^\["(?:[^"\\]|\\.)*"\]/.exec(inner)?.[0];
  return quoted ? `${JSON.parse(quoted.slice(1, -1))}${inner.slice(quoted.length)}` : inner;
}

/** True for the path of an input and all paths inside its value. */
export function isOfInput(path: string, name: string): boolean {
  return [`$.${name}`, `$[${JSON.stringify(name)}]`].some(
    (own) => path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`),
  );
}
