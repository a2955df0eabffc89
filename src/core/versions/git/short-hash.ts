import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../context.ts';
import type { ObjectReader } from './object-reader.ts';

const SHORTEST = 7;
const lengths = new WeakMap<ObjectReader, Promise<number>>();

/** Abbreviates hashes to git's length for this repository. */
export async function shortenHash(
  { git, objects, repository }: RepositoryContext,
  signal?: AbortSignal,
): Promise<(hash: string) => string> {
  const { head } = repository;
  if (head === undefined) return (hash) => hash.slice(0, SHORTEST);
  const known = lengths.get(objects);
  const reading = known ?? git.run(['rev-parse', '--short', head], { signal }).then((short) => short.trim().length);
  const length = await reading;
  lengths.set(objects, reading);
  return (hash) => hash.slice(0, Math.max(SHORTEST, length));
}

/** True if a shallow clone was cut off at this commit. */
export async function isShallowAt({ repository }: RepositoryContext, commit: string | undefined): Promise<boolean> {
  if (!repository.shallow || commit === undefined) return false;
  const cut = await readFile(path.join(repository.commonDir, 'shallow'), 'utf8').catch(() => '');
  return cut.split('\n').includes(commit);
}
