import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { tagExists } from '../git/git-errors.ts';
import { type LockWatch, watchLocks } from '../git/lock-watch.ts';
import { checkName, encodeName, TAG_PREFIX, tagRef } from '../names/ref-names.ts';
import { listRefs } from '../refs/list-refs.ts';
import { type SavedTag, savedTagOf, toSavedTag } from '../refs/saved-tags.ts';

/** A tag under a prompt's name, whoever created it. */
export interface FoundTag extends SavedTag {
  /** From our own trailers; undefined for a tag of another program. */
  contentHash: string | undefined;
}

/** Tags under these names of a prompt, by number. */
export async function findTags(
  context: RepositoryContext,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<FoundTag[]> {
  const prefixes = names.map((name) => `${TAG_PREFIX}${encodeName(name)}/`);
  const refs = await listRefs(context, prefixes, signal);
  const tags = refs.flatMap((found): FoundTag[] => {
    const number = /\/v([1-9]\d{0,8})$/.exec(found.ref)?.[1];
    if (number === undefined) return [];
    const { ref, peeled, object } = found;
    const [own] = savedTagOf(found);
    const tag = ref.slice('refs/tags/'.length);
    return [{ tag, number: Number(number), commit: peeled || object, contentHash: own?.contentHash }];
  });
  return tags.sort((a, b) => a.number - b.number);
}

/** Numbers of all tags under these names, whatever their target. */
async function usedNumbers({ git }: RepositoryContext, names: readonly string[]): Promise<number[]> {
  const prefixes = names.map((name) => `${TAG_PREFIX}${encodeName(name)}/`);
  const refs = await git.run(['for-each-ref', '--format=%(refname)', ...prefixes], { mayPrintNothing: true });
  return [...refs.matchAll(/\/v([1-9]\d{0,8})$/gm)].map(([, number]) => Number(number));
}

/** Throws if no tag can be created under a name, before anything is committed. */
export async function refuseName({ objects }: RepositoryContext, name: string): Promise<void> {
  checkName(name);
  for (const ref of [TAG_PREFIX.slice(0, -1), `${TAG_PREFIX}${encodeName(name)}`]) {
    if ((await objects.read(ref)) === undefined) continue;
    throw new UserError(
      `${name} cannot be given a number: another program created the tag ${ref.slice(TAGS.length)}.`,
      { code: 'ref-clash', hint: `Give that tag another name: git tag -d ${ref.slice(TAGS.length)} deletes it here.` },
    );
  }
}

const TAGS = 'refs/tags/';

interface NewTag {
  /** The prompt's name, and its former ones. */
  names: readonly string[];
  commit: string;
  path: string;
  contentHash: string;
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** A tag that was created or already exists, and skipped tags of other programs. */
interface MadeTag {
  tag: SavedTag;
  skipped: string[];
}

const ATTEMPTS = 100;

/** Gives a version the next free number. A tag is never moved: if one is in the way, the number after it is used. */
export async function makeTag(context: RepositoryContext, wanted: NewTag): Promise<MadeTag> {
  const [name = ''] = wanted.names;
  const skipped = new Set<string>();
  const locks = watchLocks();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const tags = await findTags(context, wanted.names, wanted.signal);
    const same = tags.find((tag) => tag.contentHash === wanted.contentHash && tag.commit === wanted.commit);
    if (same) return { tag: toSavedTag(same), skipped: [...skipped] };
    // those with a missing object are not among the tags, but use their number all the same
    const taken = new Set([...tags.map(({ number }) => number), ...(await usedNumbers(context, wanted.names))]);
    let number = Math.max(0, ...tags.filter(({ contentHash }) => contentHash).map((tag) => tag.number)) + 1;
    for (; taken.has(number); number += 1) skipped.add(tagRef(name, number).slice('refs/tags/'.length));
    if (await createTag(context, { wanted, number, locks })) {
      return { tag: { tag: tagRef(name, number).slice(10), number, commit: wanted.commit }, skipped: [...skipped] };
    }
  }
  throw new UserError(`${name} could not be given a number: other saves took every number that was tried.`, {
    code: 'ref-clash',
    hint: 'Save the version again; its commit already exists.',
  });
}

/** The message of a saved version's tag. */
export function tagMessage({
  name,
  number,
  path,
  contentHash,
}: Pick<NewTag, 'path' | 'contentHash'> & { name: string; number: number }): string {
  return `${`${name} v${number}`.replace(/\s+/g, ' ')}\n\nPrompt-Path: ${path}\nPrompt-Content: ${contentHash}\n`;
}

/** False if someone created a tag of that name just now. */
async function createTag(
  { git, repository }: RepositoryContext,
  { wanted, number, locks }: { wanted: NewTag; number: number; locks: LockWatch },
): Promise<boolean> {
  const [name = ''] = wanted.names;
  const tag = tagRef(name, number).slice('refs/tags/'.length);
  const message = tagMessage({ ...wanted, name, number });
  const args = ['tag', '--annotate', '--cleanup=verbatim', '--file=-', tag, wanted.commit];
  try {
    await git.at(repository.root).run(args, { input: message, env: wanted.env, signal: wanted.signal });
    return true;
  } catch (error) {
    if (!tagExists(error)) throw error;
    await locks.refuseStale(error);
    return false;
  }
}
