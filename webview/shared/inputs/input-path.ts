/**
 * The input name for the JSON path of a problem: `$.items[2].price` is `items[2].price`, `$["my name"]` is `my name`.
 */
export function inputName(path: string): string {
  const inner = path.replace(/^\$\.?/, '');
  const quoted = /^\["(?:[^"\\]|\\.)*"\]/.exec(inner)?.[0];
  return quoted ? `${JSON.parse(quoted.slice(1, -1))}${inner.slice(quoted.length)}` : inner || 'the input';
}

/** True for the path of an input and all paths inside its value. */
export function isOfInput(path: string, name: string): boolean {
  return [`$.${name}`, `$[${JSON.stringify(name)}]`].some(
    (own) => path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`),
  );
}
