import type { RepositoryContext } from '../context.ts';

/** A ref with its target, as far as the repository has it. */
interface NamedRef {
  ref: string;
  object: string;
  /** The missing object: the ref's own, or the target of its tag. */
  missing: string | undefined;
}

/** Every ref under these prefixes, and its missing object. git lists no refs while one is broken. */
export async function nameRefs(
  { git }: RepositoryContext,
  prefixes: readonly string[],
  signal?: AbortSignal,
): Promise<NamedRef[]> {
  const format = '--format=%(objectname) %(refname)';
  const listed = await git.run(['for-each-ref', format, ...prefixes], { signal, mayPrintNothing: true });
  const refs = listed.split('\n').filter(Boolean);
  const named = refs.map((line) => ({
    object: line.slice(0, line.indexOf(' ')),
    ref: line.slice(line.indexOf(' ') + 1),
  }));
  const missing = await findMissing(
    { git },
    named.map(({ object }) => object),
    signal,
  );
  return named.map((ref, index) => ({ ...ref, missing: missing[index] }));
}

/** The missing object for each object: itself, or its target if it is a tag. */
export async function findMissing(
  { git }: Pick<RepositoryContext, 'git'>,
  objects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(string | undefined)[]> {
  if (objects.length === 0) return [];
  const ask = async (names: readonly string[]) => {
    const input = names.map((name) => `${name}\n`).join('');
    const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
    return (await git.run(args, { input, signal })).split('\n').slice(0, names.length);
  };
  const [own, peeled] = await Promise.all([ask(objects), ask(objects.map((object) => `${object}^{}`))]);
  return objects.map((object, index) => {
    if (own[index]?.endsWith(' missing')) return object;
    return peeled[index]?.endsWith(' missing') ? `${object}^{}` : undefined;
  });
}
