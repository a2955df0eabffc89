import { UserError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import type { RepositoryContext } from './context.ts';
import type { ObjectReader } from './object-reader.ts';
import { repositoryPath } from './repository-path.ts';

/** A file as a commit has it. */
export interface CommitFile {
  blob: string;
  text: string;
}

interface Caches {
  /** Blob of `<full hash>:<path>`; a commit never changes. */
  blobs: BoundedCache<string>;
  texts: BoundedCache<string>;
}

const ABSENT = 'absent';
const LARGEST_TEXTS = 8_000_000;
const cachesOf = new WeakMap<ObjectReader, Caches>();

function caches({ objects }: RepositoryContext): Caches {
  let found = cachesOf.get(objects);
  if (!found) {
    found = {
      blobs: createBoundedCache(20_000),
      texts: createBoundedCache(LARGEST_TEXTS, (text) => text.length + 100),
    };
    cachesOf.set(objects, found);
  }
  return found;
}

/** `commit` is a full hash, `path` relative to the repository. Undefined where the commit has no such file. */
export async function readFileAt(
  context: RepositoryContext,
  commit: string,
  path: string,
): Promise<CommitFile | undefined> {
  const { blobs, texts } = caches(context);
  const name = `${commit}:${path}`;
  const known = blobs.get(name);
  if (known === ABSENT) return undefined;
  if (known !== undefined) {
    const text = await readBlob(context, known);
    return text === undefined ? undefined : { blob: known, text };
  }
  const object = await context.objects.read(name);
  if (object?.type !== 'blob') {
    blobs.set(name, ABSENT);
    return undefined;
  }
  const text = texts.get(object.hash) ?? object.bytes.toString('utf8');
  blobs.set(name, object.hash);
  texts.set(object.hash, text);
  return { blob: object.hash, text };
}

/** Text of a blob; undefined where the repository does not have it. */
export async function readBlob(context: RepositoryContext, blob: string): Promise<string | undefined> {
  const { texts } = caches(context);
  const known = texts.get(blob);
  if (known !== undefined) return known;
  const text = await context.objects.text(blob);
  if (text !== undefined) texts.set(blob, text);
  return text;
}

/** Files as they were at a commit, by the absolute paths of the work tree; nothing outside of the repository is there. */
export function filesAtCommit(open: () => Promise<RepositoryContext>, revision: string): FileReader {
  let commit: Promise<string> | undefined;
  const find = async (file: string) => {
    const context = await open();
    commit ??= commitOf(context, revision);
    return { context, name: `${await commit}:${repositoryPath(context, file)}`, commit: await commit };
  };
  const read = async (file: string) => {
    const { context, commit } = await find(file);
    return readFileAt(context, commit, repositoryPath(context, file));
  };
  return {
    async readText(file) {
      const found = await read(file);
      if (found) return found.text;
      throw noSuchFile(file, revision);
    },
    async readBytes(file) {
      const { context, name } = await find(file);
      const object = await context.objects.read(name);
      if (object?.type === 'blob') return object.bytes;
      throw noSuchFile(file, revision);
    },
    // a link in a commit is a file that holds a path: nothing is followed, so nothing leaves the repository
    realPath: async (file) => file,
    exists: (file) =>
      read(file).then(
        (found) => found !== undefined,
        (error: unknown) => {
          if (error instanceof UserError && error.code === 'usage') return false;
          throw error;
        },
      ),
  };
}

function noSuchFile(file: string, revision: string): UserError {
  return new UserError(`${file} is not in ${revision}.`, {
    code: 'unknown-version',
    hint: 'Choose a version that has the file.',
  });
}

/** Full hash of the commit that a revision names; throws `unknown-version` where there is none. */
export async function commitOf({ objects }: RepositoryContext, revision: string): Promise<string> {
  const object = revision === '' ? undefined : await objects.read(`${revision}^{commit}`);
  if (object?.type === 'commit') return object.hash;
  throw new UserError(`There is no version ${revision}.`, {
    code: 'unknown-version',
    hint: 'Name a label, v and a number, a hash, a branch or HEAD~2.',
  });
}
